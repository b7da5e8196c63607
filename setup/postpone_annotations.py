"""Makes an installed package's annotations strings (PEP 563): ``python postpone_annotations.py FOLDER``.

MiniStack asks for Python 3.10 because it writes ``A | B`` in annotations, which 3.9 cannot evaluate. Nothing reads those
annotations, so not evaluating them is enough for it to run. One of its files, the resource tagging API, uses ``match``
too; it is loaded only by calls to that API, which Basin does not make.
"""

from __future__ import annotations

import ast
import pathlib
import sys

IMPORT = "from __future__ import annotations\n"


def with_postponed_annotations(source: str) -> str:
    """Return the source with the import that postpones annotations, behind its docstring; unparsable source as it is."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return source
    if any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in body):
        return source
    starts_with_docstring = body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    line = body[0].end_lineno if starts_with_docstring else 0
    lines = source.splitlines(keepends=True)
    return "".join([*lines[:line], IMPORT, *lines[line:]])


def main(folder: str) -> None:
    for path in pathlib.Path(folder).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        changed = with_postponed_annotations(source)
        if changed != source:
            path.write_text(changed, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
