"""Full-text search over documents in Chinese, Russian and English."""

import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Literal, NamedTuple, final, overload

from typing_extensions import Self, TypeAlias

__all__ = [
    "HTML_STYLE",
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
    forget: bool = False,
    rebuild: bool = False,
    optimize: bool = False,
    threads: int | None = None,
    memory_mb: int | None = None,
    max_file_mb: int | None = None,
    progress: _Progress | None = None,
) -> Report: ...
def changes(
    path: _Path,
    *,
    index: _Path | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    encoding: str | None = None,
    forget: bool = False,
) -> Report: ...

class Error(Exception): ...
class NoIndex(Error): ...
class NoFolder(Error): ...
class OtherVersion(Error): ...
class Damaged(Error): ...
class Locked(Error): ...
class Foreign(Error): ...

@final
class Index:
    @staticmethod
    def open(path: _Place | Iterable[_Place]) -> Index: ...
    @staticmethod
    def find(path: _Path) -> str | None: ...
    @staticmethod
    def check(path: _Path) -> dict[str, Any]: ...
    @property
    def roots(self) -> list[str | None]: ...
    @property
    def paths(self) -> list[str | None]: ...
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
    ) -> Answer: ...
    def count(
        self,
        query: str,
        by: _By = "year",
        *,
        lang: _Lang | Sequence[_Lang] | None = None,
        filter: str | None = None,
        mode: _Mode = "query",
        words: _Words = "all",
    ) -> Counts: ...
    def timeline(
        self,
        terms: str | Sequence[str],
        *,
        lang: _Lang | Sequence[_Lang] | None = None,
        filter: str | None = None,
        mode: _Mode = "query",
        words: _Words = "all",
    ) -> Timeline: ...
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
    ) -> Concordance: ...
    def show(self, id: str, around: int = 2) -> Shown | None: ...
    def articles(self) -> list[Article]: ...
    def outline(self, path: _Path) -> Outline | None: ...
    def status(self) -> dict[str, Any]: ...
    def cite(self, style: _Style = "csl-json") -> str: ...
    def reload(self) -> bool: ...

@final
class Answer(Sequence[Hit]):
    @property
    def query(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def total_is_exact(self) -> bool: ...
    @property
    def terms(self) -> list[Term]: ...
    @property
    def unknown(self) -> list[Unknown]: ...
    @property
    def warnings(self) -> list[QueryWarning]: ...
    @property
    def relaxed(self) -> Literal["most", "any"] | None: ...
    @property
    def beginning(self) -> str | None: ...
    @property
    def elapsed(self) -> float: ...
    @property
    def is_finished(self) -> bool: ...
    def to_dicts(self) -> list[dict[str, Any]]: ...
    def to_json(self) -> str: ...
    def to_json_lines(self) -> str: ...
    def to_markdown(self, *, whole: bool = False) -> str: ...
    def to_html(self, *, whole: bool = False) -> str: ...
    def to_html_fragment(self, *, whole: bool = False) -> str: ...
    def to_csv(self, *, whole: bool = False) -> str: ...
    def cite(self, style: _Style = "gbt7714") -> str: ...
    def _repr_html_(self) -> str: ...
    @overload
    def __getitem__(self, key: int, /) -> Hit: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Hit, ...]: ...
    def __len__(self) -> int: ...

@final
class Hit:
    @property
    def rank(self) -> int: ...
    @property
    def score(self) -> float: ...
    @property
    def id(self) -> str: ...
    @property
    def root(self) -> str | None: ...
    @property
    def path(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def authors(self) -> list[str]: ...
    @property
    def date(self) -> str | None: ...
    @property
    def keywords(self) -> list[str]: ...
    @property
    def appeared(self) -> Appeared: ...
    @property
    def language(self) -> _Lang: ...
    @property
    def kind(self) -> _Kind: ...
    @property
    def section(self) -> list[str]: ...
    @property
    def page(self) -> int | None: ...
    @property
    def lines(self) -> _Lines: ...
    @property
    def paragraph(self) -> int | None: ...
    @property
    def bytes(self) -> _Ranges | None: ...
    @property
    def text(self) -> str: ...
    @property
    def highlights(self) -> _Ranges: ...
    @property
    def snippet(self) -> Snippet: ...
    @property
    def cited(self) -> Citing | None: ...
    @property
    def notes(self) -> list[Note]: ...
    @property
    def more(self) -> int | None: ...
    @property
    def before(self) -> list[Neighbour]: ...
    @property
    def after(self) -> list[Neighbour]: ...
    @property
    def copies(self) -> list[NearCopy]: ...
    @property
    def explanation(self) -> Explanation | None: ...
    def to_dict(self) -> dict[str, Any]: ...
    def cite(self, style: _Style | None = None) -> str: ...
    def _repr_html_(self) -> str: ...

@final
class Snippet:
    @property
    def text(self) -> str: ...
    @property
    def highlights(self) -> _Ranges: ...
    def marked(self, before: str = "[", after: str = "]") -> str: ...

@final
class Counts(Sequence[Count]):
    @property
    def by(self) -> _By: ...
    @property
    def passages(self) -> int: ...
    @property
    def articles(self) -> int: ...
    @property
    def warnings(self) -> list[QueryWarning]: ...
    @property
    def is_finished(self) -> bool: ...
    @property
    def elapsed(self) -> float: ...
    @overload
    def __getitem__(self, key: int, /) -> Count: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Count, ...]: ...
    def __len__(self) -> int: ...

@final
class Timeline(Sequence[Year]):
    @property
    def terms(self) -> list[tuple[str, int]]: ...
    @property
    def warnings(self) -> list[list[QueryWarning]]: ...
    @property
    def is_finished(self) -> bool: ...
    @property
    def elapsed(self) -> float: ...
    def to_svg(self) -> str: ...
    def _repr_svg_(self) -> str: ...
    @overload
    def __getitem__(self, key: int, /) -> Year: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Year, ...]: ...
    def __len__(self) -> int: ...

@final
class Concordance(Sequence[Match]):
    @property
    def total(self) -> int: ...
    @property
    def returned(self) -> int: ...
    @overload
    def __getitem__(self, key: int, /) -> Match: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Match, ...]: ...
    def __len__(self) -> int: ...

@final
class Report:
    @property
    def index(self) -> str: ...
    @property
    def articles(self) -> int: ...
    @property
    def passages(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def index_bytes(self) -> int: ...
    @property
    def read_bytes(self) -> int: ...
    @property
    def ending(self) -> Literal["unchanged", "up_to_date", "interrupted"]: ...
    @property
    def left(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def changes(self) -> list[dict[str, Any]]: ...
    @property
    def made_anew(self) -> str | None: ...
    @property
    def languages(self) -> list[dict[str, Any]]: ...
    @property
    def readings(self) -> list[dict[str, Any]]: ...
    @property
    def repaired(self) -> list[dict[str, Any]]: ...
    @property
    def skipped(self) -> list[dict[str, Any]]: ...
    @property
    def elapsed(self) -> float: ...
    def to_dict(self) -> dict[str, Any]: ...

@final
class Writer:
    def __new__(
        cls,
        path: _Path | None = None,
        *,
        rebuild: bool = False,
        threads: int | None = None,
        memory_mb: int | None = None,
    ) -> Self: ...
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
    ) -> Literal["new", "replaced", "unchanged"]: ...
    def remove(self, path: str) -> bool: ...
    def clear(self) -> None: ...
    def commit(self, *, progress: _Progress | None = None) -> Committed: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...
    def index(self) -> Index: ...
    def paths(self) -> list[str]: ...
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
    text: str
    lines: _Lines

class Note(NamedTuple):
    at: int
    text: str
    lines: _Lines

class Neighbour(NamedTuple):
    id: str
    kind: _Kind
    lines: _Lines
    paragraph: int | None
    text: str

class NearCopy(NamedTuple):
    id: str
    root: str | None
    path: str
    title: str
    date: str | None
    lines: _Lines

class Term(NamedTuple):
    term: str
    passages: int
    weight: float

class Known(NamedTuple):
    word: str
    passages: int

class Unknown(NamedTuple):
    word: str
    nearest: list[Known]

class QueryWarning(NamedTuple):
    message: str
    place: Literal["query", "filter"]
    start: int
    end: int

class TermScore(NamedTuple):
    term: str
    in_text: int
    in_fields: list[str]
    score: float

class Explanation(NamedTuple):
    terms: list[TermScore]
    parts: list[tuple[str, float]]
    coverage: float
    support: float

class Count(NamedTuple):
    group: int | str | None
    passages: int
    articles: int

class Year(NamedTuple):
    year: int | None
    term: str
    passages: int
    all: int
    per_thousand: float | None

class Match(NamedTuple):
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
    depth: int
    heading: str
    lines: _Lines
    page: int | None
    passages: int

class Outline(NamedTuple):
    article: Article
    sections: list[Section]

class Shown(NamedTuple):
    hit: Hit
    outline: Outline

class Committed(NamedTuple):
    ending: Literal["unchanged", "up_to_date", "interrupted"]
    articles: int
    passages: int
    unmerged: str | None
    elapsed: float
