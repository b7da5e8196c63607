"""One query over the lake: tables are `silver.x` and `gold.x`, found by where they lie; nothing is written to them."""

from __future__ import annotations

import json
import os
import re
import tempfile
from typing import Any, Iterator, Optional

from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from basin_jobs.errors import InputError
from basin_jobs.layout import table_location
from basin_jobs.sql.json_values import json_value
from basin_jobs.sql.statements import first_line, require_reading
from basin_jobs.storage import Storage, is_gone, root_cause

ZONES = ("silver", "gold")
_NAMED = re.compile(r"\b(silver|gold)`?\s*\.\s*`?([a-z][a-z0-9_]*)", re.IGNORECASE)
_LISTING = re.compile(r"^\s*(--.*\n\s*|/\*.*?\*/\s*)*show\b", re.IGNORECASE | re.DOTALL)


def run_query(spark: SparkSession, lake: str, query: str, out: str) -> None:
    """Answers a query, SHOW or DESCRIBE into a JSON file `{version, columns: [{name, type}], rows: [[…]]}`.

    Decimals, dates and times (ISO 8601, UTC) are strings, bytes base64; rows are written as they come, so that a result
    may be larger than memory.

    Raises:
        InputError: the text would write, or names a table or column that does not exist; the file is not written.
    """
    require_reading(spark, query, "the query")
    tables = _tables(Storage(spark), lake)
    named = {(zone.lower(), name.lower()) for zone, name in _NAMED.findall(query)}
    wanted = set(tables) if _LISTING.match(query) else named & set(tables)
    _register(spark, lake, wanted)
    try:
        result = spark.sql(query)
    except AnalysisException as error:
        raise InputError(_explain(error, tables)) from None
    try:
        _write(result, out)
    except Py4JJavaError as error:
        os.remove(f"{out}.partial")
        if is_gone(error):
            raise InputError(f"a version that the query reads is vacuumed: {root_cause(error).getMessage()}") from None
        raise


def _tables(storage: Storage, lake: str) -> list[tuple[str, str]]:
    """Every Delta table of the lake as (zone, name); batch records lie beside tables and are none."""
    return [
        (zone, name)
        for zone in ZONES
        for name in storage.folders(f"{lake.rstrip('/')}/{zone}")
        if not name.endswith("__batches") and storage.exists(f"{table_location(lake, zone, name)}_delta_log")
    ]


def _register(spark: SparkSession, lake: str, tables: set[tuple[str, str]]) -> None:
    # The session's own catalogue lives in memory; its warehouse only has to be a folder that nobody else uses.
    for zone in ZONES:
        folder = tempfile.mkdtemp(prefix=f"basin-{zone}-")
        spark.sql(f"CREATE DATABASE IF NOT EXISTS {zone} LOCATION 'file:{folder}'")
    for zone, name in sorted(tables):
        location = table_location(lake, zone, name)
        spark.sql(f"CREATE TABLE IF NOT EXISTS {zone}.`{name}` USING delta LOCATION '{location}'")


def _explain(error: AnalysisException, tables: list[tuple[str, str]]) -> str:
    message = first_line(error)
    kind: Optional[str] = error.getErrorClass()
    if kind and kind.startswith("TABLE_OR_VIEW_NOT_FOUND"):
        return f"{message} There are: {', '.join(f'{zone}.{name}' for zone, name in tables) or 'no tables yet'}"
    return message


def _write(result: DataFrame, out: str) -> None:
    """Beside its place first: a reader never finds half a file."""
    partial = f"{out}.partial"
    head: dict[str, Any] = {
        "version": 1,
        "columns": [{"name": field.name, "type": field.dataType.simpleString()} for field in result.schema],
    }
    with open(partial, "w", encoding="utf-8") as file:
        file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": [')
        for position, row in enumerate(_rows(result)):
            file.write((",\n" if position else "\n") + row)
        file.write("\n]}\n")
    os.replace(partial, out)


def _rows(result: DataFrame) -> Iterator[str]:
    for row in result.toLocalIterator(prefetchPartitions=True):
        yield json.dumps([json_value(value) for value in row], ensure_ascii=False, allow_nan=False)
