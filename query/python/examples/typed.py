"""What a program with types would write: `mypy --strict` reads it, and it runs."""

from __future__ import annotations

import sys

import svod


def places(answer: svod.Answer) -> dict[str, list[int]]:
    """The first lines of the hits of each article."""
    found: dict[str, list[int]] = {}
    for hit in answer:
        first = hit.lines[0] if hit.lines is not None else 0
        found.setdefault(hit.path, []).append(first)
    return found


def main(folder: str, words: str) -> None:
    index = svod.Index.open(folder)
    answer = index.search(words, limit=5, lang=["zh", "ru", "en"], copies="fold")
    for path, lines in places(answer).items():
        print(path, *lines)
    best: svod.Hit | None = answer[0] if answer else None
    if best is not None:
        start, end = best.highlights[0]
        found: str = best.text[start:end]
        print(best.rank, found, best.cite("gost"))
        shown = index.show(best.id, around=1)
        if shown is not None:
            print(*(section.heading for section in shown.outline.sections))
    for count in index.count(words, by="language"):
        print(count.group, count.passages)
    try:
        svod.Index.open([folder, "/nowhere"])
    except svod.NoIndex as error:
        print(error)


if __name__ == "__main__":
    main(*sys.argv[1:3])
