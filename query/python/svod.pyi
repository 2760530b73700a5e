"""Full-text search over documents in Chinese, Russian and English."""

import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Literal, NamedTuple, final, overload

from typing_extensions import Self, TypeAlias

__all__ = [
    "Answer",
    "Appeared",
    "Article",
    "Citing",
    "Committed",
    "Concordance",
    "Count",
    "Counts",
    "Damaged",
    "Error",
    "Explanation",
    "Foreign",
    "HTML_STYLE",
    "Hit",
    "Index",
    "Known",
    "Locked",
    "Match",
    "NearCopy",
    "Neighbour",
    "NoFolder",
    "NoIndex",
    "Note",
    "OtherVersion",
    "Outline",
    "QueryWarning",
    "Report",
    "Section",
    "Shown",
    "Snippet",
    "Term",
    "TermScore",
    "Timeline",
    "Unknown",
    "Writer",
    "Year",
    "__version__",
    "changes",
    "index_folder",
]

__version__: str

HTML_STYLE: str
"""The style sheet of what `Answer.to_html_fragment` returns: a page has it once."""

_Path: TypeAlias = str | os.PathLike[str]
_Place: TypeAlias = _Path | Writer
_Lines: TypeAlias = tuple[int, int] | None
_Ranges: TypeAlias = list[tuple[int, int]]
_Lang: TypeAlias = Literal["zh", "ru", "uk", "en", "und"]
_Kind: TypeAlias = Literal["body", "heading", "note", "table", "metadata", "abstract"]
_Mode: TypeAlias = Literal["query", "literal", "exact", "fragment"]
_Words: TypeAlias = Literal["any", "all", "whole"]
_Sort: TypeAlias = Literal["score", "date", "oldest", "path"]
_Copies: TypeAlias = Literal["show", "fold"]
_By: TypeAlias = Literal["year", "language", "author", "journal", "kind", "section", "article"]
_Style: TypeAlias = Literal["gbt7714", "gost", "bibtex", "csl-json"]
_Date: TypeAlias = str | int | datetime.date
_Progress: TypeAlias = Callable[[int, int, int, int], object]

def index_folder(
    path: _Path,
    *,
    index: _Path | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    encoding: str | None = None,
    metadata: _Path | None = None,
    follow: bool | None = None,
    forget: bool = False,
    rebuild: bool = False,
    optimize: bool = False,
    threads: int | None = None,
    memory_mb: int | None = None,
    max_file_mb: int | None = None,
    progress: _Progress | None = None,
) -> Report:
    """Brings the index of a folder up to date, making it if there is none. Only what is new or has changed is read.

    index: the folder that holds the index; `.svod` inside the indexed folder if None.
    include, exclude: patterns as in a `.gitignore`: only files that match one, none that match one.
    encoding: that of all text files; found out for each if None. Like patterns and `follow` it is remembered.
    metadata: the export of a reference manager (BibTeX, CSL-JSON, RIS, a table) that says more of the files; as remembered
        if None.
    follow: whether links that lead out of the folder are followed; as remembered if None, else not.
    forget: whether what is remembered is dropped.
    rebuild: whether the index is made anew, whatever has changed.
    optimize: whether it is merged into one segment: smallest and fastest to search.
    threads: one for each core if None.
    memory_mb: about how much memory the run may use; 256 if None.
    max_file_mb: larger files are skipped; 64 if None.
    progress: called with (done_bytes, total_bytes, files_done, files), on this thread, about ten times a second.

    Files that cannot be read stand in `report.skipped`. Ctrl-C, and an exception in `progress`, end the run: it keeps
    what is done, the next one goes on from there, and the exception is raised.
    Raises `NoFolder`, `Locked`, `Foreign`, or `ValueError` for a pattern or an encoding that is none.
    """
def changes(
    path: _Path,
    *,
    index: _Path | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    encoding: str | None = None,
    metadata: _Path | None = None,
    follow: bool | None = None,
    forget: bool = False,
) -> Report:
    """Says what `index_folder` would do, and writes nothing."""

class Error(Exception):
    """What svod raises. Its subclasses name what a caller may want to catch."""
class NoIndex(Error):
    """There is no index at the path."""
class NoFolder(Error):
    """There is no folder at the path that was to be indexed."""
class OtherVersion(Error):
    """The index was made by another version of svod; index again, or see `Writer.upgrade`."""
class Damaged(Error):
    """Files of the index are damaged; the message names them."""
class Locked(Error):
    """Another program, or another writer, is writing the index."""
class Foreign(Error):
    """The folder for the index holds something else."""

@final
class Index:
    """An opened index. Threads may share it: it searches while others do, without holding the interpreter."""
    @staticmethod
    def open(path: _Place | Iterable[_Place]) -> Index:
        """Opens an index: that of a folder, by the folder or by the index itself, or that of a `Writer`.

        A list of these is opened as one index: all hits are ranked together, and `hit.root` tells where they are from.
        Costs a few milliseconds, whatever the size. An indexer may be at work: what its last commit left is opened.
        Raises `NoIndex`, `OtherVersion` or `Damaged`.
        """
    @staticmethod
    def find(path: _Path) -> str | None:
        """Returns the nearest folder with an index: the path itself, or the first above it; None if there is none."""
    @staticmethod
    def check(path: _Path) -> dict[str, Any]:
        """Reads every file of an index and compares the checksums; also of one that is too damaged to be opened.

        Returns `{"files": …, "bytes": …, "damaged": [{"path": …, "what": …}]}`.
        """
    @property
    def roots(self) -> list[str | None]:
        """The indexed folders, one for each of the indexes; None for texts that an app wrote."""
    @property
    def paths(self) -> list[str | None]:
        """The folders that hold the indexes; None for one in memory."""
    def search(
        self,
        query: str,
        *,
        limit: int | None = 10,
        lang: _Lang | Sequence[_Lang] | None = None,
        filter: str | None = None,
        mode: _Mode = "query",
        words: _Words | None = None,
        sort: _Sort = "score",
        per_article: int | None = None,
        copies: _Copies = "show",
        notes: bool = False,
        before: int = 0,
        after: int = 0,
        more: bool = False,
        help: bool = False,
        typing: bool = False,
        explain: bool = False,
        snippet_columns: int = 240,
        timeout: float | None = None,
    ) -> Answer:
        """Searches. Any string is a query; what was mended or ignored stands in `answer.warnings`.

        limit: the number of hits; None for all.
        lang: `zh`, `ru`, `uk`, `en` or `und`, or a list of them: only passages in these languages.
        filter: a query that every hit must fulfil and that adds nothing to scores: `date:2024.. path:zh/`.
        mode: `query` for the query language, `literal` for plain words, `exact` for one quotation, `fragment` for one
            whose ends may lie inside words.
        words: which plain words a passage must have: `any`, `all`, or `whole` (all, and Chinese words as they stand).
            If None: any, or all where the order is not that of scores.
        sort: `score`, `date` (newest first), `oldest` or `path`.
        per_article: the most hits of one article; None for any number.
        copies: `show` near-copies as hits, or `fold` them into the first of them.
        notes: whether the notes of each hit are read too.
        before, after: the number of passages around each hit that are read too, 100 at most.
        more: whether each hit tells how many more passages of its article have all the words.
        help: whether a search that finds little names near spellings and relaxes what is required.
        typing: whether the last word may not be typed to its end: search as you type.
        explain: whether each hit says what its score is made of.
        snippet_columns: the length of a snippet in columns; a Chinese character takes two.
        timeout: the number of seconds after which it ends with what was found, and `cut` says so; None for any time.
        """
    def count(
        self,
        query: str,
        by: _By = "year",
        *,
        lang: _Lang | Sequence[_Lang] | None = None,
        filter: str | None = None,
        mode: _Mode = "query",
        words: _Words = "all",
        timeout: float | None = None,
    ) -> Counts:
        """Counts the passages that match by what they have in common: a sequence of `Count`.

        by: `year`, `language`, `author`, `journal`, `kind`, `section` or `article`.
        The other arguments are those of `search`; passages must have all plain words, unless `words` says otherwise.
        """
    def timeline(
        self,
        terms: str | Sequence[str],
        *,
        lang: _Lang | Sequence[_Lang] | None = None,
        filter: str | None = None,
        mode: _Mode = "query",
        words: _Words = "all",
        timeout: float | None = None,
    ) -> Timeline:
        """Counts the passages that match each term, a query of its own, year by year: a sequence of `Year`.

        terms: a query or a list of queries. The other arguments are those of `count`.
        """
    def concordance(
        self,
        query: str,
        *,
        order: Literal["hits", "left", "right", "date"] = "hits",
        limit: int | None = 200,
        context_columns: int = 100,
        lang: _Lang | Sequence[_Lang] | None = None,
        filter: str | None = None,
        mode: _Mode = "query",
        words: _Words = "whole",
        sort: _Sort = "score",
        per_article: int | None = None,
        copies: _Copies = "show",
        timeout: float | None = None,
    ) -> Concordance:
        """Returns every match of a query between what stands before and after it: a sequence of `Match`.

        order: `hits`, `left` (by what stands before, reading outward), `right` (by what stands after) or `date`.
        limit: the number of passages that are read; None for all.
        context_columns: the columns of text on either side.
        The other arguments are those of `search`.
        """
    def show(self, id: str, around: int = 2) -> Shown | None:
        """Returns the passage with an id, `around` passages around it, its notes, and the outline of its article.

        None if there is no such passage. An id is the `id` of a hit.
        """
    def articles(self) -> list[Article]:
        """Returns all articles, by path: a list of `Article`."""
    def outline(self, path: _Path) -> Outline | None:
        """Returns the article at a path, as hits name it, and its sections. None if there is no such article."""
    def status(self) -> dict[str, Any]:
        """Returns what the index holds, as `svod-query --status --json` prints it."""
    def cite(self, style: _Style = "csl-json") -> str:
        """Returns the citations of all articles. `style` is `gbt7714`, `gost`, `bibtex` or `csl-json`."""
    def ask(self, question: str) -> str:
        """Answers a question that is a JSON object, such as `{"query": "停火", "limit": 5}`, with JSON Lines.

        What `svod-query --requests` does with a line of its input, for a handler that passes on what it was given. A
        question that is not understood is answered by a line of the type `error`.
        """
    def reload(self) -> bool:
        """Sees what was written since; returns whether anything was. Costs next to nothing where nothing was."""

@final
class Answer(Sequence[Hit]):
    """The hits of a query, best first, and what is known of them all.

    A sequence of `Hit`: `len(answer)`, `answer[0]`, `answer[:3]`, `for hit in answer`, `if answer`.
    """
    @property
    def query(self) -> str:
        """The query string."""
    @property
    def total(self) -> int:
        """How many passages match in all; a lower bound where `total_is_exact` is False."""
    @property
    def total_is_exact(self) -> bool:
        """Whether `total` is exact: the search may leave out what cannot be among the best."""
    @property
    def cut(self) -> Literal["work", "memory", "deadline"] | None:
        """Why the answer is not complete, if it was cut short: `work`, `memory` or `deadline`; else None."""
    @property
    def terms(self) -> list[Term]:
        """What was searched for, with the number of passages that have it."""
    @property
    def unknown(self) -> list[Unknown]:
        """If nothing was found, or little and help was asked for: words that the index does not know, and the nearest."""
    @property
    def warnings(self) -> list[QueryWarning]:
        """What was mended in the query string or ignored."""
    @property
    def relaxed(self) -> Literal["most", "any"] | None:
        """How the query was relaxed, with `help=True`, where no passage has all it requires: `most`, `any` or None."""
    @property
    def beginning(self) -> str | None:
        """The last word of the query, if it stood for all words that begin so (`typing=True`)."""
    @property
    def elapsed(self) -> float:
        """How long the search took, in seconds."""
    @property
    def is_finished(self) -> bool:
        """Whether all of the folder is in the index: a first run may be at work, or was stopped."""
    def to_dicts(self) -> list[dict[str, Any]]:
        """Returns the hits as plain dicts: `pandas.DataFrame(answer.to_dicts())`.

        They are what the programs print as JSON: ranges count bytes of UTF-8, not characters.
        """
    def to_json(self) -> str:
        """Returns the answer as one JSON object: what the summary of the programs has, and `hits`. For a web app."""
    def to_json_lines(self) -> str:
        """Returns the JSON Lines of the programs: a line for each hit, and a summary."""
    def to_markdown(self, *, whole: bool = False) -> str:
        """Returns a report as Markdown: snippets, or, with `whole=True`, whole passages."""
    def to_html(self, *, whole: bool = False) -> str:
        """Returns a report as a whole page of HTML that needs nothing beside itself."""
    def to_html_fragment(self, *, whole: bool = False) -> str:
        """Returns a fragment of HTML, to stand in a page of your own that has `svod.HTML_STYLE`."""
    def to_csv(self, *, whole: bool = False) -> str:
        """Returns a table of the hits as CSV, with a heading."""
    def cite(self, style: _Style = "gbt7714") -> str:
        """Returns the citations of the articles of the hits, each article once, with the pages of its hits.

        `style` is `gbt7714`, `gost`, `bibtex` or `csl-json`.
        """
    def _repr_html_(self) -> str: ...
    @overload
    def __getitem__(self, key: int, /) -> Hit: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Hit, ...]: ...
    def __len__(self) -> int: ...

@final
class Hit:
    """A found passage.

    Ranges count characters, as Python does: `hit.text[start:end]`. Those of
    `to_dict()` count the bytes of UTF-8, as the JSON of the programs does.
    """
    @property
    def rank(self) -> int:
        """Its place among the hits, from 1."""
    @property
    def score(self) -> float:
        """Its score: comparable within one answer only."""
    @property
    def id(self) -> str:
        """Names the passage, also after it was indexed again. For `Index.show`."""
    @property
    def root(self) -> str | None:
        """The indexed folder; None where an app wrote the text."""
    @property
    def path(self) -> str:
        """The path of its source below the root, or the name that an app gave it."""
    @property
    def title(self) -> str:
        """The title of the article."""
    @property
    def authors(self) -> list[str]:
        """The authors of the article."""
    @property
    def date(self) -> str | None:
        """The date of the article: `2025`, `2025-04` or `2025-04-11`."""
    @property
    def keywords(self) -> list[str]:
        """The keywords of the article."""
    @property
    def appeared(self) -> Appeared:
        """Where the article appeared: journal, volume, issue, pages, doi and so on."""
    @property
    def language(self) -> _Lang:
        """The language of the passage: `zh`, `ru`, `uk`, `en` or `und`."""
    @property
    def kind(self) -> _Kind:
        """What the passage is: `body`, `heading`, `note`, `table`, `metadata` or `abstract`."""
    @property
    def section(self) -> list[str]:
        """The headings it stands under, outermost first."""
    @property
    def page(self) -> int | None:
        """The page on which the first match of the snippet stands, where the source tells pages."""
    @property
    def pages(self) -> tuple[int, int] | None:
        """The first and last page of the passage, where the source tells pages."""
    @property
    def lines(self) -> _Lines:
        """The first and last line in the source, from 1; None where a source has no lines."""
    @property
    def paragraph(self) -> int | None:
        """The place among the passages of the source, from 1, where there are no lines."""
    @property
    def bytes(self) -> _Ranges | None:
        """The ranges of bytes of the source file that the passage was made of; None where it is not UTF-8 text."""
    @property
    def text(self) -> str:
        """The text of the passage."""
    @property
    def highlights(self) -> _Ranges:
        """The ranges of characters of `text` that were found: `hit.text[start:end]`."""
    @property
    def snippet(self) -> Snippet:
        """What to show of it: `hit.snippet.text`, and what was found in that."""
    @property
    def cited(self) -> Citing | None:
        """Of a note: the sentence that cites it first."""
    @property
    def notes(self) -> list[Note]:
        """The notes that the passage cites, in order, if they were asked for."""
    @property
    def more(self) -> int | None:
        """How many more passages of its article have all the words, beside the hits, if that was asked for."""
    @property
    def before(self) -> list[Neighbour]:
        """The passages before it in its article, in order, if they were asked for."""
    @property
    def after(self) -> list[Neighbour]:
        """The passages after it in its article, in order, if they were asked for."""
    @property
    def copies(self) -> list[NearCopy]:
        """Near-copies of it that were folded into it, if that was asked for."""
    @property
    def explanation(self) -> Explanation | None:
        """What the score is made of, if that was asked for."""
    def to_dict(self) -> dict[str, Any]:
        """Returns the hit as the programs print it as JSON: plain dicts and lists.

        Its ranges count bytes of UTF-8, not characters. Those of the attributes count characters.
        """
    def cite(self, style: _Style | None = None) -> str:
        """Returns the citation of what the hit was found in, with its page where it is known.

        `style` is `gbt7714`, `gost`, `bibtex` or `csl-json`; if None, the one that those who write in the language of
        the article use.
        """
    def _repr_html_(self) -> str: ...

@final
class Snippet:
    """What to show of a passage: its best sentences, and what was found in them."""
    @property
    def text(self) -> str:
        """The text."""
    @property
    def highlights(self) -> _Ranges:
        """The ranges of its characters that were found."""
    def marked(self, before: str = "[", after: str = "]") -> str:
        """Returns the text with marks before and after what was found. The text is not escaped for any format."""

@final
class Counts(Sequence[Count]):
    """How the passages that match are spread: a sequence of `Count`.

    Years and articles come in their order, others most passages first; what is unknown comes last.
    """
    @property
    def by(self) -> _By:
        """What passages were counted by."""
    @property
    def passages(self) -> int:
        """The number of passages that match: each once, whatever groups it is in."""
    @property
    def articles(self) -> int:
        """The number of articles that these are of."""
    @property
    def cut(self) -> Literal["work", "memory", "deadline"] | None:
        """Why the count is not complete, if it was cut short: `work`, `memory` or `deadline`; else None."""
    @property
    def warnings(self) -> list[QueryWarning]:
        """What was mended in the query string or ignored."""
    @property
    def is_finished(self) -> bool:
        """Whether all of the folder is in the index."""
    @property
    def elapsed(self) -> float:
        """How long counting took, in seconds."""
    @overload
    def __getitem__(self, key: int, /) -> Count: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Count, ...]: ...
    def __len__(self) -> int: ...

@final
class Timeline(Sequence[Year]):
    """Terms year by year: a sequence of `Year`, one for each year and term, and last those without a date.

    In a notebook it is a chart.
    """
    @property
    def terms(self) -> list[tuple[str, int]]:
        """The terms, and how many passages match each, with or without a date."""
    @property
    def cut(self) -> list[Literal["work", "memory", "deadline"] | None]:
        """Why the counts of each term are not complete, if they were cut short: `work`, `memory` or `deadline`; else None."""
    @property
    def warnings(self) -> list[list[QueryWarning]]:
        """What was mended in the terms or ignored: a list for each term."""
    @property
    def is_finished(self) -> bool:
        """Whether all of the folder is in the index."""
    @property
    def elapsed(self) -> float:
        """How long counting took, in seconds."""
    def to_svg(self) -> str:
        """Returns a line chart as SVG."""
    def _repr_svg_(self) -> str: ...
    @overload
    def __getitem__(self, key: int, /) -> Year: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Year, ...]: ...
    def __len__(self) -> int: ...

@final
class Concordance(Sequence[Match]):
    """Every match of a query between what stands before and after it: a sequence of `Match`."""
    @property
    def total(self) -> int:
        """How many passages match in all; a lower bound where `cut` is not None."""
    @property
    def cut(self) -> Literal["work", "memory", "deadline"] | None:
        """Why not all was looked at, if the search was cut short: `work`, `memory` or `deadline`; else None."""
    @property
    def returned(self) -> int:
        """Of how many passages the matches are."""
    @overload
    def __getitem__(self, key: int, /) -> Match: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Match, ...]: ...
    def __len__(self) -> int: ...

@final
class Report:
    """What came of a run."""
    @property
    def index(self) -> str:
        """The folder that holds the index."""
    @property
    def articles(self) -> int:
        """The number of articles in the index."""
    @property
    def passages(self) -> int:
        """The number of passages in the index."""
    @property
    def bytes(self) -> int:
        """The size of the articles in bytes."""
    @property
    def index_bytes(self) -> int:
        """The size of the index on disk in bytes."""
    @property
    def read_bytes(self) -> int:
        """The number of bytes that were read."""
    @property
    def ending(self) -> Literal["unchanged", "up_to_date", "interrupted"]:
        """How the run ended: `unchanged`, `up_to_date` or `interrupted`."""
    @property
    def left(self) -> int:
        """The number of files still to be read, where the run was interrupted."""
    @property
    def unchanged(self) -> int:
        """The number of files that were as they are in the index."""
    @property
    def changes(self) -> list[dict[str, Any]]:
        """What had changed in the folder: `{"change": "added", "path": …}`, or `changed`, `removed`, `moved` with `from`."""
    @property
    def made_anew(self) -> str | None:
        """Why the index was made anew, if that was not wished."""
    @property
    def languages(self) -> list[dict[str, Any]]:
        """How many passages were read in each language, most first: `{"language": "zh", "passages": 12}`."""
    @property
    def readings(self) -> list[dict[str, Any]]:
        """What was read as what: `{"format": "txt", "encoding": "GBK", "files": 3}`."""
    @property
    def repaired(self) -> list[dict[str, Any]]:
        """The files that were read although damaged or odd: `{"path": …, "remarks": […]}`."""
    @property
    def skipped(self) -> list[dict[str, Any]]:
        """The files that are not in the index: `{"path": …, "reason": …}`."""
    @property
    def unmatched(self) -> list[dict[str, Any]]:
        """The entries of `metadata` that belong to no article: `{"label": …, "line": …}`."""
    @property
    def elapsed(self) -> float:
        """How long the run took, in seconds."""
    def to_dict(self) -> dict[str, Any]:
        """Returns the report as `svod-indexer --json` prints it."""

@final
class Writer:
    """Writes an index of texts: `Writer()` in memory, `Writer("texts")` in a folder of its own.

        with svod.Writer() as writer:
            writer.add("zh/1", "停火谈判仍在继续。", title="停火", date="2025-04-11")
        writer.index().search("停火")

    What is added and removed can be searched after `commit()`, all at once. A `with` block commits at its end, or, on an
    exception, rolls back; either way the writer is closed, and the index stays. A folder has one writer at a time.

    rebuild: whether the index is made anew, also where it is damaged or of another version.
    threads: one for each core if None.
    memory_mb: about how much memory the writer may use, beside an index in memory itself; 256 if None.

    Raises `Locked`, `Foreign` (the index of a folder, for example), `Damaged` or `OtherVersion`.
    """
    def __new__(
        cls,
        path: _Path | None = None,
        *,
        rebuild: bool = False,
        threads: int | None = None,
        memory_mb: int | None = None,
    ) -> Self: ...
    @staticmethod
    def upgrade(path: _Path, *, threads: int | None = None, memory_mb: int | None = None) -> Writer:
        """Opens the index of texts in a folder; one that an earlier version of svod wrote is first made anew, from its own texts.

        Nothing is lost: passages, what the texts were given with, ids and dates are as they were. Whatever stops it, the old
        index stays. It takes about as long as indexing on one core.
        Raises as `Writer` does, `OtherVersion` only if a later version of svod wrote the index.
        """
    def add(
        self,
        path: str,
        text: str,
        *,
        title: str | None = None,
        authors: str | Sequence[str] | None = None,
        date: _Date | None = None,
        keywords: str | Sequence[str] | None = None,
        syntax: Literal["plain", "markdown"] = "plain",
        journal: str | None = None,
        issn: str | None = None,
        volume: str | None = None,
        issue: str | None = None,
        first_page: int | None = None,
        pages: int | None = None,
        doi: str | None = None,
        url: str | None = None,
        publisher: str | None = None,
        place: str | None = None,
        classification: str | None = None,
        received: _Date | None = None,
    ) -> Literal["new", "replaced", "unchanged"]:
        """Adds a text, or replaces the one of the same path. Returns `new`, `replaced` or `unchanged`.

        path: names the article: a key or an address of yours, any string that is not empty.
        text: the text; places that a search tells are its lines and bytes.
        syntax: `plain` (paragraphs between blank lines) or `markdown`.
        authors, keywords: a string or a list of strings.
        date, received: `2025`, `"2025-04"`, `"2025-04-11"` or a `datetime.date`.
        The other arguments say where the text appeared. What is not given is read from the text itself.
        """
    def remove(self, path: str) -> bool:
        """Removes the text of a path; returns whether there was one."""
    def clear(self) -> None:
        """Removes all texts."""
    def commit(self, *, progress: _Progress | None = None) -> Committed:
        """Makes what was added and removed visible to searches, all at once, and returns what came of it.

        progress: called with (done_bytes, total_bytes, texts_done, texts), on this thread, about ten times a second.
        Ctrl-C, and an exception in `progress`, end the commit: the index is as it was, and what was added waits for
        another commit.
        """
    def rollback(self) -> None:
        """Forgets what was added and removed since the last commit."""
    def close(self) -> None:
        """Gives the folder back to other writers; forgets what was not committed. Closing again does nothing."""
    def index(self) -> Index:
        """Opens what was committed for searching; `reload()` of the index sees later commits."""
    def paths(self) -> list[str]:
        """The paths of all texts, in no order, those of texts that are not committed yet included."""
    def __len__(self) -> int: ...
    def __bool__(self) -> Literal[True]: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def __delitem__(self, key: str, /) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Literal[False]: ...

class Appeared(NamedTuple):
    """Where an article appeared, as far as it says so."""
    journal: str | None
    issn: str | None
    volume: str | None
    issue: str | None
    first_page: int | None
    pages: int | None
    doi: str | None
    url: str | None
    publisher: str | None
    place: str | None
    classification: str | None
    received: str | None

class Citing(NamedTuple):
    """The sentence that cites a note."""
    text: str
    lines: _Lines

class Note(NamedTuple):
    """A note of a passage. Its mark stood before the character `at` of the passage's text."""
    at: int
    text: str
    lines: _Lines

class Neighbour(NamedTuple):
    """A passage before or after a hit in its article."""
    id: str
    kind: _Kind
    lines: _Lines
    paragraph: int | None
    text: str

class NearCopy(NamedTuple):
    """A passage that says nearly the same as a hit."""
    id: str
    root: str | None
    path: str
    title: str
    date: str | None
    lines: _Lines

class Term(NamedTuple):
    """What was searched for: in how many passages it stands, or at least, and how much it tells."""
    term: str
    passages: int
    weight: float
    is_exact: bool

class Known(NamedTuple):
    """A word of the index, and how many passages have it, or at least."""
    word: str
    passages: int
    is_exact: bool

class Unknown(NamedTuple):
    """A word that the index does not know, and the nearest that it knows."""
    word: str
    nearest: list[Known]

class QueryWarning(NamedTuple):
    """What was mended or ignored in the `query` or the `filter`: its characters from start to end."""
    message: str
    place: Literal["query", "filter"]
    start: int
    end: int

class TermScore(NamedTuple):
    """What a term adds to a score."""
    term: str
    in_text: int
    in_fields: list[str]
    score: float

class Explanation(NamedTuple):
    """What a score is made of: (terms + parts) times coverage, and the support of good passages beside it."""
    terms: list[TermScore]
    parts: list[tuple[str, float]]
    coverage: float
    support: float

class Count(NamedTuple):
    """How many passages of a group match, and of how many articles. The group is None where nothing is known."""
    group: int | str | None
    passages: int
    articles: int

class Year(NamedTuple):
    """How many passages of a year match a term. The year is None for passages without a date."""
    year: int | None
    term: str
    passages: int
    all: int
    per_thousand: float | None

class Match(NamedTuple):
    """A match between what stands before and after it."""
    left: str
    match: str
    right: str
    root: str | None
    path: str
    line: int | None
    paragraph: int | None
    date: str | None
    id: str

class Article(NamedTuple):
    """An article of the index."""
    root: str | None
    path: str
    title: str
    authors: list[str]
    date: str | None
    keywords: list[str]
    appeared: Appeared
    language: _Lang
    passages: int

class Section(NamedTuple):
    """A section of an article: its heading, where it begins."""
    depth: int
    heading: str
    lines: _Lines
    page: int | None
    passages: int

class Outline(NamedTuple):
    """An article and its sections, in order."""
    article: Article
    sections: list[Section]

class Shown(NamedTuple):
    """A passage that was asked for by its id, and the sections of its article."""
    hit: Hit
    outline: Outline

class Committed(NamedTuple):
    """What came of a commit: how it ended, what the index holds, and why it could not be made smaller, if so."""
    ending: Literal["unchanged", "up_to_date", "interrupted"]
    articles: int
    passages: int
    unmerged: str | None
    elapsed: float
