"""What the tests share: the sample articles and their index."""

import atexit
import functools
import pathlib
import shutil
import tempfile

import svod

ARTICLES = pathlib.Path(__file__).resolve().parents[3] / "corpus" / "articles"

QUERIES = [
    "北极航道 保险",
    "экспортные пошлины на зерно",
    "cross-border electricity outage",
    '"战略稳定" OR "стратегическая стабильность"',
    "海底电缆 F-35 порт",
    "",
    "преамбулла",
]


def new_folder() -> pathlib.Path:
    """A folder that is removed at the end."""
    folder = tempfile.mkdtemp(prefix="svod-python-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return pathlib.Path(folder)


@functools.lru_cache(maxsize=None)
def sample_home() -> pathlib.Path:
    """The folder of the index of the sample articles, made once."""
    home = new_folder() / "index"
    svod.index_folder(ARTICLES, index=home)
    return home


def sample() -> svod.Index:
    return svod.Index.open(sample_home())


def memory(*texts: str) -> svod.Index:
    """An index in memory of texts that are named by their numbers."""
    with svod.Writer() as writer:
        for number, text in enumerate(texts):
            writer.add(str(number), text)
    return writer.index()
