"""Names of the technical columns that travel beside a record's declared ones until it reaches its table.

No declared column can have one of these names: a colon is not allowed there.
"""

from __future__ import annotations

RAW = "record:raw"
"""string: the record as it came, without its line end; bytes that are not text are kept in it as they are."""

FILE = "record:file"
"""string: the file's URI, percent-encoded as Spark gives it."""

ARRIVAL = "record:arrival"
"""struct: when the file was written, and the record's place in it as block and number, which only orders."""

FAULT = "record:fault"
"""string: why the record could not be read at all; null for one that could."""

REASONS = "record:reasons"
"""array<string>: everything that is wrong with the record; null where nothing is."""

UNDECLARED = "record:undeclared"
"""boolean: the record has fields that are not declared."""


def found(column: str) -> str:
    """Name of the column that holds a declared column's value as the source wrote it: text, or null for null."""
    return f"found:{column}"


def quoted(name: str) -> str:
    """A column's name as SQL takes it, whatever characters it holds."""
    return "`" + name.replace("`", "``") + "`"


def text_literal(text: str) -> str:
    """A string literal of Spark SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
