"""Searching, counting, reading: what is asked and what comes back."""

import collections.abc
import inspect
import json
import pathlib
import pickle
import unittest

import svod

from . import stub_docs
from .support import ARTICLES, QUERIES, memory, new_folder, sample, sample_home


class AnswersAreSequences(unittest.TestCase):
    def test_of_hits(self):
        answer = sample().search("порт", limit=4)
        self.assertIsInstance(answer, collections.abc.Sequence)
        self.assertEqual(len(answer), 4)
        self.assertEqual([hit.rank for hit in answer], [1, 2, 3, 4])
        self.assertEqual([hit.rank for hit in answer[1:3]], [2, 3])
        self.assertEqual(answer[-1].rank, 4)
        self.assertIs(answer[0], answer[0])
        self.assertIn(answer[2], answer)
        self.assertEqual(answer.index(answer[2]), 2)
        self.assertEqual([hit.rank for hit in reversed(answer)], [4, 3, 2, 1])
        self.assertTrue(answer)
        self.assertRaises(IndexError, lambda: answer[4])
        self.assertRaises(TypeError, lambda: answer["1"])

    def test_of_none(self):
        answer = sample().search("zzzzqqq")
        self.assertFalse(answer)
        self.assertEqual((len(answer), answer.total, answer.total_is_exact), (0, 0, True))
        self.assertEqual(answer.unknown[0].word, "zzzzqqq")

    def test_hits_outlive_answer_and_index(self):
        hit = sample().search("порт")[0]
        self.assertIn("порт", hit.text.lower())


class Ranges(unittest.TestCase):
    """Attributes count characters, dicts count bytes."""

    def check(self, text, query, expected):
        hit = memory(text).search(query)[0]
        self.assertEqual([hit.text[start:end] for start, end in hit.highlights], expected)
        snippet = hit.snippet
        self.assertEqual([snippet.text[start:end] for start, end in snippet.highlights], expected)
        as_json = hit.to_dict()
        text = as_json["text"].encode()
        self.assertEqual([text[start:end].decode() for start, end in as_json["highlights"]], expected)

    def test_in_three_scripts(self):
        for text, query, expected in [
            ("乌克兰停火谈判，停火协议", "停火", ["停火", "停火"]),
            ("Переговоры о мире, и мир", "мир", ["мире", "мир"]),
            ("A ceasefire, and ceasefires", "ceasefire", ["ceasefire", "ceasefires"]),
            ("𠀀停火👍мир e\u0301 war", "мир 停火 war", ["停火", "мир", "war"]),
        ]:
            with self.subTest(text):
                self.check(text, query, expected)

    def test_of_everything_that_is_found(self):
        index = sample()
        for query in QUERIES:
            for hit in index.search(query, limit=50, notes=True):
                as_json = hit.to_dict()
                text = as_json["text"].encode()
                found = [text[start:end].decode() for start, end in as_json["highlights"]]
                self.assertEqual([hit.text[start:end] for start, end in hit.highlights], found)
                for note, part in zip(hit.notes, as_json["notes"]):
                    self.assertEqual(hit.text[: note.at].encode(), text[: part["at"]])

    def test_marks(self):
        snippet = memory("停火 и мир").search("мир 停火")[0].snippet
        self.assertEqual(snippet.marked(), "[停火] и [мир]")
        self.assertEqual(snippet.marked("<b>", "</b>"), "<b>停火</b> и <b>мир</b>")
        self.assertEqual(str(snippet), "停火 и мир")

    def test_of_warnings(self):
        query = "停火 мир (война"
        warning = sample().search(query).warnings[0]
        self.assertEqual((query[warning.start : warning.end], warning.place), ("(война", "query"))
        filter = "— …"
        warning = sample().search("停火", filter=filter).warnings[0]
        self.assertEqual((filter[warning.start : warning.end], warning.place), (filter, "filter"))

    def test_a_wrong_filter_is_an_error(self):
        for filter in ["lang:xx", "dat:2024", "path:зерно (lang:ru", "停火 “和平"]:
            with self.assertRaisesRegex(ValueError, "filter"):
                sample().search("停火", filter=filter)
            with self.assertRaisesRegex(ValueError, "filter"):
                sample().count("停火", filter=filter)


class Attributes(unittest.TestCase):
    def test_say_what_the_dict_says(self):
        hits = [hit for query in QUERIES for hit in sample().search(query, notes=True, before=1, after=1, explain=True)]
        self.assertGreater(len(hits), 20)
        for hit in hits:
            as_json = hit.to_dict()
            for name in ["rank", "score", "id", "root", "path", "title", "authors", "date", "keywords", "language"]:
                self.assertEqual(getattr(hit, name), as_json[name], name)
            for name in ["kind", "section", "page", "paragraph", "text"]:
                self.assertEqual(getattr(hit, name), as_json[name], name)
            self.assertEqual(hit.appeared._asdict(), as_json["appeared"])
            self.assertEqual(hit.snippet.text, as_json["snippet"]["text"])
            self.assertEqual(list(hit.lines), as_json["lines"])
            self.assertEqual([list(range) for range in hit.bytes], as_json["bytes"])
            self.assertEqual([one.id for one in hit.before + hit.after], [one["id"] for one in _around(as_json)])
            self.assertEqual(hit.cited and hit.cited.text, as_json["cited"] and as_json["cited"]["text"])
            if hit.explanation:
                self.assertEqual(hit.explanation.coverage, as_json["explanation"]["coverage"])
                self.assertEqual(hit.explanation.terms[0]._asdict(), as_json["explanation"]["terms"][0])

    def test_bytes_are_those_of_the_file(self):
        hit = sample().search("北极航道 保险")[0]
        source = pathlib.Path(hit.root, hit.path).read_bytes()
        pieces = [source[start:end].decode() for start, end in hit.bytes]
        self.assertTrue(pieces[0] and hit.text.startswith(pieces[0]))

    def test_every_hit_of_an_answer_is_in_its_dicts_and_its_json(self):
        answer = sample().search("порт", limit=5)
        self.assertEqual(answer.to_dicts(), [hit.to_dict() for hit in answer])
        whole = json.loads(answer.to_json())
        self.assertEqual(whole.pop("hits"), answer.to_dicts())
        lines = [json.loads(line) for line in answer.to_json_lines().splitlines()]
        self.assertEqual({"type": "summary", "query": 0, **whole}, lines[-1])
        self.assertEqual((whole["total"], whole["text"]), (answer.total, answer.query))

    def test_a_question_as_json_is_answered_in_json_lines(self):
        index = sample()
        *hits, summary = map(json.loads, index.ask('{"query": "порт", "limit": 3}').splitlines())
        self.assertEqual([hit["id"] for hit in hits], [hit.id for hit in index.search("порт", limit=3)])
        self.assertEqual(summary["type"], "summary")
        self.assertEqual(json.loads(index.ask("{"))["type"], "error")


class Options(unittest.TestCase):
    def test_languages(self):
        index = sample()
        for lang, expected in [("zh", {"zh"}), (["zh", "ru"], {"zh", "ru"}), (("en",), {"en"}), (None, {"zh", "ru", "en"})]:
            hits = index.search("порт 出口管制 audit", lang=lang, limit=None)
            self.assertEqual({hit.language for hit in hits}, expected, lang)

    def test_filter_in_every_mode(self):
        for mode in ["query", "literal", "exact", "fragment"]:
            hits = sample().search("北极", mode=mode, filter="kind:note", lang="zh", limit=None)
            self.assertTrue(hits)
            self.assertEqual({hit.kind for hit in hits}, {"note"})

    def test_limits_and_orders(self):
        index = sample()
        everything = index.search("порт", limit=None)
        self.assertEqual((len(everything), everything.total_is_exact), (everything.total, True))
        once = index.search("порт", limit=None, per_article=1)
        self.assertEqual(len({hit.path for hit in once}), len(once))
        paths = [hit.path for hit in index.search("порт", sort="path", limit=None)]
        self.assertEqual(paths, sorted(paths))
        dates = [hit.date or "" for hit in index.search("безопасность", sort="date", limit=None)]
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_help_and_typing(self):
        index = memory("преамбула к соглашению", "停火协议 и мир")
        self.assertEqual(index.search("преамбулла").unknown[0].nearest[0].word, "преамбула")
        self.assertEqual(index.search("+мир +соглашению", help=True).relaxed, "any")
        typed = index.search("согл", typing=True)
        self.assertEqual((len(typed), typed.beginning), (1, "согл"))

    def test_wrong_values_name_the_choices(self):
        index = sample()
        for arguments, choice in [
            ({"lang": "fr"}, "`und`"),
            ({"lang": ["zh", "xx"]}, "`xx`"),
            ({"mode": "all"}, "`fragment`"),
            ({"words": "some"}, "`whole`"),
            ({"sort": "rank"}, "`oldest`"),
            ({"copies": "drop"}, "`fold`"),
            ({"limit": 0}, "None for all"),
            ({"limit": -1}, "`-1`"),
            ({"per_article": 0}, "`per_article`"),
            ({"before": -1}, "0 or more"),
        ]:
            with self.subTest(arguments), self.assertRaisesRegex(ValueError, choice):
                index.search("мир", **arguments)
        self.assertRaisesRegex(ValueError, "`author`", index.count, "мир", by="writer")
        self.assertRaisesRegex(ValueError, "`left`", index.concordance, "мир", order="up")
        self.assertRaisesRegex(ValueError, "`gost`", index.cite, "apa")
        self.assertRaisesRegex(ValueError, "`x`", index.show, "x")
        for wrong in [{"lang": 3}, {"limit": "ten"}, {"nothing": 1}]:
            with self.subTest(wrong), self.assertRaises(TypeError):
                index.search("мир", **wrong)


class Looking(unittest.TestCase):
    def test_counts(self):
        index = sample()
        for by in ["year", "language", "author", "journal", "kind", "section", "article"]:
            counts = index.count("порт", by)
            self.assertEqual(counts.by, by)
            self.assertEqual(counts.passages, index.search("порт", words="all", limit=None).total)
            self.assertTrue(counts and all(count.passages >= count.articles > 0 for count in counts))
        self.assertEqual({count.group for count in index.count("порт", "language", lang="ru")}, {"ru"})

    def test_what_is_cut_says_so(self):
        index = sample()
        query = "*о* *а* *е* *国* *the*"
        whole = index.search(query, limit=None)
        self.assertIsNone(whole.cut)
        cut = index.search(query, limit=None, timeout=1e-6)
        self.assertIn(cut.cut, ["work", "deadline"])
        self.assertFalse(cut.total_is_exact)
        self.assertLessEqual({hit.id for hit in cut}, {hit.id for hit in whole})
        self.assertIsNotNone(index.count(query, timeout=1e-6).cut)
        self.assertEqual(len(index.timeline([query, "мир"], timeout=60).cut), 2)
        self.assertRaises(ValueError, index.search, "мир", timeout=-1)

    def test_timeline(self):
        timeline = sample().timeline(["制裁", "санкции"])
        self.assertEqual([name for name, _ in timeline.terms], ["制裁", "санкции"])
        for term, passages in timeline.terms:
            self.assertEqual(sum(year.passages for year in timeline if year.term == term), passages)
        self.assertIn("<svg", timeline._repr_svg_())
        self.assertEqual(len(sample().timeline("制裁").terms), 1)

    def test_concordance(self):
        found = memory("Новый мир и старый мир", "мира нет").concordance("мир", order="right", context_columns=5)
        self.assertEqual([one.match for one in found], ["мир", "мир", "мира"])
        self.assertTrue(all(len(one.left) <= 5 and len(one.right) <= 5 for one in found))
        self.assertEqual((found.total, found.returned), (2, 2))

    def test_reading(self):
        index = sample()
        articles = index.articles()
        self.assertEqual(len(articles), 12)
        outline = index.outline("ru/kod-porta.md")
        self.assertIn(outline.article, articles)
        self.assertGreater(len(outline.sections), 3)
        self.assertIsNone(index.outline("nothing.md"))
        hit = index.search("порт")[0]
        shown = index.show(hit.id, around=1)
        self.assertEqual((shown.hit.text, shown.outline.article.path), (hit.text, hit.path))
        self.assertIsNone(index.show("0123456789abcdef"))
        self.assertEqual(index.status()["articles"], 12)
        self.assertEqual(svod.Index.check(sample_home())["damaged"], [])

    def test_citations(self):
        answer = sample().search("北极航道", limit=3)
        self.assertIn("林舟", answer.cite("gost"))
        self.assertEqual(answer[0].cite(), answer[0].cite("gbt7714"))
        self.assertEqual(len(json.loads(sample().cite())), 12)

    def test_reports(self):
        answer = sample().search("порт", limit=2)
        self.assertTrue(answer.to_markdown().startswith("# порт"))
        self.assertTrue(answer.to_html(whole=True).endswith("</html>\n"))
        self.assertEqual(len(answer.to_csv().splitlines()), 3)

    def test_rows_are_named_tuples(self):
        article = sample().articles()[0]
        self.assertEqual(pickle.loads(pickle.dumps(article)), article)
        self.assertEqual(article._asdict()["path"], article.path)

    def test_tables_for_pandas_in_one_line(self):
        try:
            import pandas
        except ImportError:
            self.skipTest("pandas is not installed")
        index = sample()
        answer = index.search("порт", limit=3)
        self.assertEqual(list(pandas.DataFrame(answer.to_dicts())["path"]), [hit.path for hit in answer])
        self.assertEqual(list(pandas.DataFrame(index.articles()).columns), list(svod.Article._fields))
        for rows in [index.count("порт"), index.timeline("порт"), index.concordance("порт")]:
            self.assertEqual(pandas.DataFrame(rows).shape, (len(rows), len(rows[0])))


class Opening(unittest.TestCase):
    def test_paths_of_every_kind(self):
        for path in [sample_home(), str(sample_home()), [sample_home()], (str(sample_home()),)]:
            index = svod.Index.open(path)
            self.assertEqual((index.roots, index.paths), ([str(ARTICLES)], [str(sample_home())]))
        for wrong in [3, None, [3]]:
            self.assertRaises(TypeError, svod.Index.open, wrong)

    def test_several_as_one(self):
        with svod.Writer() as writer:
            writer.add("停火", "北极航道的停火")
        both = svod.Index.open([sample_home(), writer])
        self.assertEqual(both.roots, [str(ARTICLES), None])
        found = both.search("北极航道", limit=None)
        self.assertEqual(found.total, sample().search("北极航道", limit=None).total + 1)
        self.assertEqual({hit.root for hit in found}, {str(ARTICLES), None})

    def test_errors(self):
        empty = new_folder()
        self.assertRaisesRegex(svod.NoIndex, "no folder", svod.Index.open, empty / "missing")
        self.assertRaisesRegex(svod.NoIndex, "no index in", svod.Index.open, str(empty))
        self.assertRaises(svod.Error, svod.Index.open, [])
        self.assertIsNone(svod.Index.find(empty))

    def test_damage_is_named(self):
        folder = new_folder()
        with svod.Writer(folder) as writer:
            writer.add("мир", "停火 мир war")
        pointers = [path for path in folder.rglob("meta.json")]
        self.assertEqual(len(pointers), 1)
        pointers[0].write_text("{")
        with self.assertRaises(svod.Damaged) as caught:
            svod.Index.open(folder)
        self.assertIn(str(folder), str(caught.exception))


class Documentation(unittest.TestCase):
    def test_everything_public_says_what_it_is(self):
        for name in svod.__all__:
            thing = getattr(svod, name)
            if isinstance(thing, str):
                continue
            self.assertTrue(inspect.getdoc(thing), name)
            members = vars(thing).items() if inspect.isclass(thing) and not issubclass(thing, tuple) else []
            for member, value in members:
                if not member.startswith("_"):
                    self.assertTrue(inspect.getdoc(value), f"{name}.{member}")

    def test_stubs_say_the_same(self):
        stubs = stub_docs.STUBS.read_text(encoding="utf-8")
        self.assertEqual(stub_docs.with_docs(stubs), stubs, "run python -m tests.stub_docs")

    def test_what_is_shown_is_one_thing_on_a_line(self):
        answer = memory("停火 \x1b[31m мир \u202e").search("停火\x1b (")
        for shown in [repr(answer), repr(answer[0]), repr(answer[0].snippet)]:
            self.assertNotRegex(shown, "[\x1b\u202e]")
        self.assertEqual(len(repr(answer).splitlines()), 2)
        self.assertIn("1 of 1", repr(answer))


def _around(as_json):
    return as_json.get("before", []) + as_json.get("after", [])


if __name__ == "__main__":
    unittest.main()
