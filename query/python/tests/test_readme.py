"""What the README shows is run: its blocks, one after the other, in a folder with the sample articles."""

import contextlib
import io
import os
import pathlib
import re
import shutil
import unittest

from .support import ARTICLES, new_folder

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"


class Readme(unittest.TestCase):
    def test_examples_run(self):
        blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        self.assertGreaterEqual(len(blocks), 3)
        folder = new_folder()
        shutil.copytree(ARTICLES, folder / "articles")
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(folder)
        names, printed = {}, io.StringIO()
        for block in blocks:
            if "import pandas" in block and not is_installed("pandas"):
                print("skipped: the README's tables, pandas is not installed")
                continue
            with self.subTest(block), contextlib.redirect_stdout(printed):
                exec(compile(block, str(README), "exec"), names)
        self.assertIn("Переговоры", printed.getvalue())


def is_installed(module):
    try:
        __import__(module)
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    unittest.main()
