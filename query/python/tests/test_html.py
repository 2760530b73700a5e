"""What a notebook shows: a fragment in which nothing of a document is markup."""

import html.parser
import unittest

import svod

from .support import QUERIES, memory, sample

TAGS = {"style", "div", "span", "b", "i", "code", "blockquote", "mark"}
ATTRIBUTES = {"class", "lang", "title"}


class Reader(html.parser.HTMLParser):
    """Collects tags and text, and sees that each tag is closed."""

    def __init__(self, fragment):
        super().__init__()
        self.tags, self.attributes, self.open, self.text, self.marked = set(), set(), [], "", []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] == "mark":
            self.marked.append(data)


class Html(unittest.TestCase):
    def check(self, fragment):
        reader = Reader(fragment)
        self.assertLessEqual(reader.tags, TAGS)
        self.assertLessEqual(reader.attributes, ATTRIBUTES)
        self.assertEqual(reader.open, [])
        return reader

    def test_of_hostile_texts(self):
        hostile = "停火 </div></style><script>alert(1)</script> <img src=x onerror='alert(2)'> & \" \u202e мир"
        with svod.Writer() as writer:
            writer.add("'\"><b onclick=x>", hostile, title=hostile, authors=hostile, keywords=hostile, journal=hostile)
            writer.add("2", "停火 $5 and $6")
        answer = writer.index().search(f'停火 {hostile}')
        for fragment in [answer._repr_html_(), answer[0]._repr_html_(), answer.to_html_fragment(whole=True)]:
            reader = self.check(fragment)
            self.assertNotIn("\u202e", fragment)
            self.assertIn("<script>alert(1)</script>", reader.text)
            self.assertIn("停火", reader.marked)
            self.assertIn("mathjax_ignore", fragment)

    def test_of_answers_in_three_languages(self):
        for query in QUERIES:
            answer = sample().search(query, notes=True, before=1, after=1, copies="fold", more=True, help=True)
            reader = self.check(answer._repr_html_())
            for hit in answer:
                self.assertIn(hit.id, reader.text)
                found = [hit.snippet.text[start:end] for start, end in hit.snippet.highlights]
                self.assertLessEqual(set(found), set(reader.marked))

    def test_a_cell_shows_the_first_of_many_hits(self):
        answer = memory(*(f"停火 {number}" for number in range(60))).search("停火", limit=None)
        self.assertEqual(len(answer), 60)
        self.assertEqual(len(self.check(answer._repr_html_()).marked), 50)
        self.assertIn("50 of 60", answer._repr_html_())
        self.assertEqual(len(self.check(answer.to_html_fragment()).marked), 60)

    def test_the_style_is_in_notebooks_and_apart_for_pages(self):
        answer = memory("停火").search("停火")
        self.assertIn(svod.HTML_STYLE, answer._repr_html_())
        self.assertNotIn("<style", answer.to_html_fragment())


if __name__ == "__main__":
    unittest.main()
