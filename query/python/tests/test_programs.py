"""The programs and the package say the same. Their paths are in SVOD_QUERY and SVOD_INDEXER."""

import json
import os
import subprocess
import unittest

import svod

from .support import ARTICLES, QUERIES, new_folder, sample, sample_home


MISSING = [name for name in ["SVOD_QUERY", "SVOD_INDEXER"] if not os.environ.get(name)]
if MISSING:
    print(f"skipped: the programs are not compared, {' and '.join(MISSING)} are not set")


@unittest.skipIf(MISSING, "the programs are not there")
class Programs(unittest.TestCase):

    def lines(self, *arguments):
        """Runs the query program and reads its lines."""
        command = [os.environ["SVOD_QUERY"], "--index", str(sample_home()), "--json", *arguments]
        output = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        self.assertIn(output.returncode, (0, 1), output.stderr)
        return [json.loads(line) for line in output.stdout.splitlines()]

    def check(self, query, options, arguments):
        *printed, summary = self.lines(*arguments, "--", query)
        answer = sample().search(query, **options)
        for hit in printed:
            self.assertEqual((hit.pop("type"), hit.pop("query")), ("hit", 0))
        self.assertEqual([hit.to_dict() for hit in answer], printed)
        self.assertEqual(answer.to_dicts(), printed)
        whole = json.loads(answer.to_json())
        self.assertEqual(whole.pop("hits"), printed)
        whole.pop("elapsed_ms"), summary.pop("elapsed_ms")
        self.assertEqual({"type": "summary", "query": 0, **whole}, summary)

    def test_give_the_same_hits(self):
        for query in filter(None, QUERIES):
            for options, arguments in [
                ({}, []),
                ({"limit": None}, ["--limit", "0"]),
                ({"words": "all", "limit": 5}, ["--all", "--limit", "5"]),
                ({"mode": "literal"}, ["--literal"]),
                ({"mode": "exact"}, ["--exact"]),
                ({"mode": "fragment"}, ["--fragment"]),
                ({"sort": "date", "per_article": 2}, ["--sort", "date", "--per-article", "2"]),
                ({"sort": "path"}, ["--sort", "path"]),
                ({"notes": True, "before": 1, "after": 2}, ["--notes", "-B", "1", "-A", "2"]),
                ({"copies": "fold", "explain": True}, ["--copies", "fold", "--explain"]),
                ({"lang": "ru"}, ["--filter", "lang:ru"]),
                ({"lang": ["zh", "en"], "filter": "kind:body"}, ["--filter", "(lang:zh OR lang:en) kind:body"]),
            ]:
                with self.subTest(query, **options):
                    self.check(query, options, arguments)

    def test_count_the_same(self):
        *printed, summary = self.lines("--count-by", "year", "порт")
        counts = sample().count("порт")
        rows = [(line["group"] and int(line["group"]), line["passages"], line["articles"]) for line in printed]
        self.assertEqual([tuple(count) for count in counts], rows)
        self.assertEqual(counts.passages, summary["passages"])
        *printed, summary = self.lines("--kwic=right", "порт")
        rows = [(line["left"], line["match"], line["right"], line["id"]) for line in printed]
        found = sample().concordance("порт", order="right")
        self.assertEqual([(one.left, one.match, one.right, one.id) for one in found], rows)
        *printed, summary = self.lines("--timeline", "порт")
        rows = [(line["year"], line["terms"][0]["passages"], line["all"]) for line in printed]
        self.assertEqual([(year.year, year.passages, year.all) for year in sample().timeline("порт")], rows)

    def test_read_the_same(self):
        listed = [line["path"] for line in self.lines("--list")]
        self.assertEqual([article.path for article in sample().articles()], listed)
        (status,) = self.lines("--status")
        self.assertEqual({"type": "status", "query": 0, **sample().status()}, status)

    def test_report_the_same(self):
        home = new_folder() / "index"
        command = [os.environ["SVOD_INDEXER"], "--json", "--index", str(home), str(ARTICLES)]
        printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        report = svod.index_folder(ARTICLES, index=new_folder() / "index").to_dict()
        self.assertEqual({"type", "version", *report}, set(printed))
        for name in ["articles", "passages", "ending", "left", "changes", "languages", "readings", "skipped", "bytes"]:
            self.assertEqual(report[name], printed[name], name)


if __name__ == "__main__":
    unittest.main()
