"""Rows of Parquet and ORC files for `basin local`: `columnar.py count|lines parquet|orc FILE`."""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import sys
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyarrow import orc, parquet


def count(form: str, path: str) -> int:
    """Rows that the footer declares; 0 where there is no such footer."""
    try:
        return int(parquet.ParquetFile(path).metadata.num_rows if form == "parquet" else orc.ORCFile(path).nrows)
    except pa.ArrowInvalid:
        return 0


def batches(form: str, path: str) -> Iterator[pa.RecordBatch]:
    """One row group or stripe at a time, so that a large file does not have to fit into memory."""
    if form == "parquet":
        yield from parquet.ParquetFile(path).iter_batches()
        return
    file = orc.ORCFile(path)
    for stripe in range(file.nstripes):
        yield file.read_stripe(stripe)


def plain(value: Any) -> Any:
    """A value that JSON lacks, in the text form that Spark reads back as the declared type."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"no JSON for {type(value).__name__}")


def main(action: str, form: str, path: str) -> int:
    if action == "count":
        print(count(form, path))
        return 0
    try:
        for batch in batches(form, path):
            for row in batch.to_pylist():
                sys.stdout.write(json.dumps(row, default=plain, separators=(",", ":")) + "\n")
    except (pa.ArrowInvalid, TypeError) as error:
        print(f"cannot be read as {form}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
