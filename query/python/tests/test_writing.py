"""Indexing folders, and texts that a program has."""

import datetime
import pathlib
import shutil
import signal
import threading
import unittest

import svod

from .support import ARTICLES, new_folder


def large_folder(copies: int) -> pathlib.Path:
    """A folder that takes a while: the sample articles many times over, each time a little different."""
    folder = new_folder()
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.rglob("*.md"))]
    for copy in range(copies):
        for number, text in enumerate(texts):
            (folder / f"{copy}-{number}.md").write_text(f"{text}\n\n{copy}\n", encoding="utf-8")
    return folder


class Folders(unittest.TestCase):
    def test_a_report_says_what_was_done(self):
        home = new_folder() / "index"
        planned = svod.changes(ARTICLES, index=home)
        report = svod.index_folder(str(ARTICLES), index=str(home))
        self.assertEqual((report.articles, report.ending, report.skipped), (12, "up_to_date", []))
        self.assertEqual(planned.changes, report.changes)
        self.assertEqual({change["change"] for change in report.changes}, {"added"})
        self.assertEqual(report.to_dict()["passages"], report.passages)
        self.assertEqual(sum(one["passages"] for one in report.languages), report.passages)
        again = svod.index_folder(ARTICLES, index=home)
        self.assertEqual((again.ending, again.unchanged, again.changes), ("unchanged", 12, []))
        self.assertEqual(svod.index_folder(ARTICLES, index=home, rebuild=True).ending, "up_to_date")

    def test_patterns(self):
        home = new_folder() / "index"
        svod.index_folder(ARTICLES, index=home, include=["*.md"], exclude=["zh/"])
        paths = {article.path for article in svod.Index.open(home).articles()}
        self.assertIn("ru/kod-porta.md", paths)
        self.assertFalse([path for path in paths if path.startswith("zh/") or path.endswith(".txt")])

    def test_an_index_of_texts_of_an_earlier_version(self):
        home = new_folder() / "index"
        shutil.copytree(ARTICLES.parents[1] / "tests/upgrade/svod-4.2", home)
        self.assertRaises(svod.OtherVersion, svod.Writer, home)
        with svod.Writer.upgrade(home, threads=1, memory_mb=64) as writer:
            self.assertIn("zh/1", writer)
        self.assertEqual(svod.Index.open(home).search("谈判 照会")[0].path, "zh/1")
        with svod.Writer.upgrade(home) as again:
            self.assertEqual(len(again), 6)

    def test_wrong_arguments(self):
        for arguments, expected in [
            ({"encoding": "klingon"}, "klingon"),
            ({"include": ["[z-a]"]}, "pattern"),
            ({"threads": 0}, "`threads`"),
            ({"memory_mb": -1}, "`memory_mb`"),
        ]:
            with self.subTest(arguments), self.assertRaisesRegex(ValueError, expected):
                svod.index_folder(ARTICLES, index=new_folder() / "index", **arguments)
        self.assertRaises(svod.NoFolder, svod.index_folder, new_folder() / "missing")
        other = new_folder()
        (other / "file").write_text("not an index")
        self.assertRaises(svod.Foreign, svod.index_folder, ARTICLES, index=other)

    def test_a_failure_of_the_system_is_the_cause(self):
        other = new_folder() / "file"
        other.write_text("a file where a folder should be")
        with self.assertRaises(svod.Error) as caught:
            svod.index_folder(ARTICLES, index=other / "index")
        self.assertIsInstance(caught.exception.__cause__, OSError)

    def test_progress_is_told_on_this_thread(self):
        told = []
        home = new_folder() / "index"
        report = svod.index_folder(
            ARTICLES, index=home, progress=lambda *numbers: told.append((threading.get_ident(), *numbers))
        )
        self.assertEqual({one[0] for one in told}, {threading.get_ident()})
        self.assertEqual(told[-1][1:], (report.read_bytes, report.read_bytes, 12, 12))

    def test_an_exception_in_progress_ends_the_run(self):
        folder = large_folder(40)

        def stop(done_bytes, total_bytes, files_done, files):
            raise LookupError("enough")

        self.assertRaisesRegex(LookupError, "enough", svod.index_folder, folder, progress=stop, threads=1)
        report = svod.index_folder(folder)
        self.assertEqual((report.articles, report.ending), (len(list(folder.glob("*.md"))), "up_to_date"))

    def test_ctrl_c_ends_the_run(self):
        folder = large_folder(120)
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)

        def run():
            threading.Timer(0.02, signal.raise_signal, [signal.SIGINT]).start()
            svod.index_folder(folder, threads=1)

        self.assertRaises(KeyboardInterrupt, run)
        left = svod.changes(folder).changes
        self.assertTrue(left, "the run did not end early")
        self.assertEqual(svod.index_folder(folder).articles, len(list(folder.glob("*.md"))))

    def test_reload_sees_what_was_written(self):
        folder = new_folder()
        (folder / "a.txt").write_text("停火 мир", encoding="utf-8")
        svod.index_folder(folder)
        index = svod.Index.open(folder)
        self.assertFalse(index.reload())
        (folder / "b.txt").write_text("война", encoding="utf-8")
        svod.index_folder(folder)
        self.assertEqual(len(index.search("война")), 0)
        self.assertTrue(index.reload())
        self.assertEqual(len(index.search("война")), 1)


class Texts(unittest.TestCase):
    def both(self):
        """Writers in memory and in a folder."""
        writers = [svod.Writer(), svod.Writer(new_folder() / "texts")]
        for writer in writers:
            self.addCleanup(writer.close)
        return writers

    def test_what_is_known_of_a_text_is_found_with_it(self):
        for writer in self.both():
            added = writer.add(
                "zh/1",
                "停火谈判仍在继续。",
                title="停火",
                authors=["林舟", "葉思岑"],
                date=datetime.date(2025, 4, 11),
                keywords="和平",
                journal="国际论坛",
                issue="2",
                first_page=48,
                pages=3,
                doi="10.1/x",
                url="https://a.example/1",
                received=2024,
            )
            self.assertEqual(added, "new")
            self.assertEqual(writer.commit().articles, 1)
            hit = writer.index().search("谈判")[0]
            self.assertEqual((hit.path, hit.root, hit.title, hit.date), ("zh/1", None, "停火", "2025-04-11"))
            self.assertEqual((hit.authors, hit.keywords), (["林舟", "葉思岑"], ["和平"]))
            appeared = hit.appeared
            self.assertEqual((appeared.journal, appeared.issue, appeared.pages), ("国际论坛", "2", 3))
            self.assertEqual((appeared.first_page, appeared.doi, appeared.received), (48, "10.1/x", "2024"))
            self.assertEqual(len(writer.index().search("author:林舟 谈判")), 1)

    def test_texts_are_replaced_and_removed(self):
        for writer in self.both():
            self.assertEqual([writer.add(str(n), f"мир {n}") for n in range(5)], ["new"] * 5)
            self.assertEqual(writer.commit().ending, "up_to_date")
            index = writer.index()
            self.assertEqual(writer.add("1", "мир 1"), "unchanged")
            self.assertEqual(writer.add("2", "война"), "replaced")
            self.assertTrue(writer.remove("3"))
            self.assertFalse(writer.remove("3"))
            del writer["4"]
            with self.assertRaises(KeyError):
                del writer["4"]
            self.assertEqual((len(writer), sorted(writer)), (3, ["0", "1", "2"]))
            self.assertTrue("2" in writer and "3" not in writer and 3 not in writer)
            self.assertEqual(len(index.search("мир")), 5, "not committed yet")
            writer.commit()
            self.assertTrue(index.reload())
            self.assertEqual(sorted(hit.path for hit in index.search("мир OR война")), ["0", "1", "2"])
            writer.clear()
            self.assertEqual(len(writer), 0)
            writer.rollback()
            self.assertEqual(sorted(writer.paths()), ["0", "1", "2"])
            self.assertEqual(writer.commit().ending, "unchanged")

    def test_a_block_commits_or_rolls_back(self):
        path = new_folder() / "texts"
        with svod.Writer(path) as writer:
            writer.add("1", "停火")
        self.assertRaisesRegex(ValueError, "closed", writer.add, "2", "мир")
        with self.assertRaises(LookupError), svod.Writer(path) as again:
            again.add("2", "мир")
            raise LookupError
        self.assertEqual([hit.path for hit in svod.Index.open(path).search("停火 OR мир")], ["1"])
        self.assertEqual([hit.path for hit in svod.Index.open(writer).search("停火")], ["1"])
        writer.close()

    def test_markdown(self):
        for writer in self.both():
            writer.add("1", "# 停火\n\n## Мир\n\nText[^1] of war.\n\n[^1]: A note.\n", syntax="markdown")
            writer.commit()
            hit = writer.index().search("war", notes=True)[0]
            self.assertEqual((hit.section, [note.text for note in hit.notes]), (["Мир"], ["A note."]))

    def test_wrong_arguments(self):
        writer = svod.Writer()
        for arguments in [{"date": "soon"}, {"date": 20250411}, {"syntax": "html"}, {"received": ""}]:
            with self.subTest(arguments), self.assertRaises(ValueError):
                writer.add("1", "мир", **arguments)
        self.assertRaises(ValueError, writer.add, "", "мир")
        self.assertRaises(TypeError, writer.add, "1", "мир", authors=[3])
        self.assertRaises(TypeError, writer.add, "1")
        self.assertRaises(svod.NoIndex, writer.index)
        self.assertEqual(len(writer), 0)

    def test_one_writer_at_a_time(self):
        path = new_folder() / "texts"
        with svod.Writer(path) as writer:
            writer.add("1", "мир")
            self.assertRaises(svod.Locked, svod.Writer, path)
        svod.Writer(path).close()
        self.assertRaises(svod.Foreign, svod.index_folder, ARTICLES, index=path)

    def test_an_interrupted_commit_can_be_made_again(self):
        for writer in self.both():
            for number in range(2000):
                writer.add(str(number), f"停火 мир war {number} " * 20)

            def stop(*numbers):
                raise LookupError("enough")

            self.assertRaises(LookupError, writer.commit, progress=stop)
            self.assertEqual(writer.commit().articles, 2000)
            self.assertEqual(writer.index().search("1999").total, 1)


if __name__ == "__main__":
    unittest.main()
