"""The stubs say what the module says: editors show the documentation of stubs, `help()` that of the module.

`python -m tests.stub_docs` writes the docstrings of the installed module into the stubs; a test sees that they are there.
"""

import ast
import inspect
import pathlib
import textwrap

import svod

STUBS = pathlib.Path(__file__).resolve().parents[1] / "svod.pyi"


def with_docs(source: str) -> str:
    """Returns stubs with the docstrings of the module in place of those they have."""
    lines = source.splitlines()
    # From the end, so that the numbers of lines before stay true.
    for node, doc in reversed(list(documented(ast.parse(source)))):
        first, indent = node.body[0], " " * (node.col_offset + 4)
        if isinstance(first, ast.Expr):
            last = first.end_lineno
            head = lines[first.lineno - 1]
            # An ellipsis stands behind the colon, a docstring on lines of its own.
            start = first.lineno if head.endswith(": ...") else first.lineno - 1
            lines[first.lineno - 1] = head[:-4] if head.endswith(": ...") else head
        else:
            decorators = getattr(first, "decorator_list", [])
            last = start = min(part.lineno for part in [first, *decorators]) - 1
        lines[start:last] = textwrap.indent(quoted(doc), indent).splitlines()
    return "\n".join(lines) + "\n"


def documented(module: ast.Module):
    """Yields the classes and functions of stubs that have a docstring at run time, in their order."""
    for node in module.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)) or node.name.startswith("_"):
            continue
        thing = getattr(svod, node.name)
        yield node, inspect.getdoc(thing)
        for member in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                yield member, inspect.getdoc(getattr(thing, member.name))


def quoted(doc: str) -> str:
    end = "\n" if "\n" in doc or doc.endswith('"') else ""
    return f'"""{doc}{end}"""'


if __name__ == "__main__":
    STUBS.write_text(with_docs(STUBS.read_text(encoding="utf-8")), encoding="utf-8")
