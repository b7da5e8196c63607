"""A silver table against an extract of its source: counts, a checksum, and which keys differ."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Optional

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.schema import declared_schema
from basin_jobs.errors import InputError
from basin_jobs.layout import layout_of
from basin_jobs.readers.batch import read_batch
from basin_jobs.rows.enforcement import enforce
from basin_jobs.rows.records import REASONS
from basin_jobs.storage import Storage
from basin_jobs.tables.table import open_table

PREFIX = "BASIN_RECONCILIATION "
_FORMATS = {"csv": "csv", "json": "json", "jsonl": "json", "ndjson": "json", "parquet": "parquet", "orc": "orc"}
_SHOWN = 5
_HASH = "reconcile:hash"


@dataclass(frozen=True)
class Reconciliation:
    """What a comparison found; `differences` are None for a table without a key, where only sums can be compared."""

    values: dict[str, Any]

    @property
    def agrees(self) -> bool:
        """Whether table and extract hold the same rows."""
        return bool(self.values["agrees"])

    def line(self) -> str:
        """`BASIN_RECONCILIATION {json}`."""
        return PREFIX + json.dumps(self.values, ensure_ascii=False)

    def told(self) -> str:
        """The same for a person."""
        found = self.values
        lines = [f"{found['dataset']}: {found['rowsTable']} rows in the table, {found['rowsExtract']} in the extract"]
        if found["rowsUnfit"]:
            lines.append(f"{found['rowsUnfit']} rows of the extract break the declaration and were not compared")
        for what, side in (found["differences"] or {}).items():
            if side["rows"]:
                keys = ", ".join(json.dumps(key, default=str, ensure_ascii=False) for key in side["examples"])
                lines.append(f"{side['rows']} {what}, such as {keys}")
        lines.append("they agree" if self.agrees else "they differ")
        return "; ".join(lines)


def run_reconcile(spark: SparkSession, dataset: Dataset, lake: str, extract: str) -> Reconciliation:
    """Compares the table's rows with those of an extract: CSV, JSON lines, Parquet or ORC, a file or a folder.

    Raises:
        InputError: it is no silver table, or the extract cannot be read as the declared columns.
    """
    if dataset.zone != "silver":
        raise InputError(f"{dataset.name} is derived: it has no source to be compared with")
    schema = declared_schema(spark, dataset)
    table = open_table(spark, dataset, schema, layout_of(dataset, lake).table)
    rows = spark.read.format("delta").load(table.location).select(*dataset.column_names)
    source = _extracted(spark, dataset, schema, extract)
    accepted = source.where(F.col(REASONS).isNull()).select(*dataset.column_names)
    left, right = _sums(rows, schema), _sums(accepted, schema)
    differences = _differences(rows, accepted, dataset, schema) if dataset.key else None
    unfit = source.where(F.col(REASONS).isNotNull()).count()
    return Reconciliation(
        {
            "version": 1,
            "dataset": dataset.name,
            "rowsTable": left[0],
            "rowsExtract": right[0] + unfit,
            "rowsUnfit": unfit,
            "checksumTable": left[1],
            "checksumExtract": right[1],
            "differences": differences,
            "agrees": left == right and unfit == 0,
        }
    )


def _extracted(spark: SparkSession, dataset: Dataset, schema: T.StructType, extract: str) -> DataFrame:
    storage = Storage(spark)
    paths = [file.path for file in storage.files(extract) if file.bytes > 0]
    if not paths:
        raise InputError(f"--extract: there is no file at {extract}")
    names = {path.lower().removesuffix(".gz").rsplit(".", 1)[-1] for path in paths}
    forms = {_FORMATS.get(name) for name in names}
    if len(forms) != 1 or None in forms:
        raise InputError(
            f"--extract: found files .{', .'.join(sorted(names))}; allowed: {', '.join(_FORMATS)}, all alike"
        )
    form = str(forms.pop())
    files = replace(dataset, source=replace(dataset.source, kind="files", format=form), max_rejected=1.0)
    reading = read_batch(spark, paths, files, schema)
    if reading.set_aside:
        first = reading.set_aside[0]
        raise InputError(f"--extract: {first.file} {first.reason}")
    if reading.records is None:
        raise InputError(f"--extract: {extract} holds no file that can be read")
    return enforce(reading.records, files)


def _sums(rows: DataFrame, schema: T.StructType) -> tuple[int, str]:
    """Rows, and a sum of their hashes that does not hang on their order."""
    total = F.coalesce(F.sum(_hash(schema).cast("decimal(38,0)")), F.lit(0).cast("decimal(38,0)"))
    row = rows.agg(F.count(F.lit(1)), total).collect()[0]
    return int(row[0]), str(row[1])


def _hash(schema: T.StructType) -> Column:
    def hashable(field: T.StructField) -> Column:
        nested = isinstance(field.dataType, (T.MapType, T.ArrayType, T.StructType))
        return F.to_json(field.name) if nested else F.col(field.name)

    # A null is skipped by a hash: without its place two rows could be taken for one another.
    present = F.concat(*(F.when(F.col(field.name).isNull(), "0").otherwise("1") for field in schema))
    return F.xxhash64(present, *(hashable(field) for field in schema))


def _differences(table: DataFrame, extract: DataFrame, dataset: Dataset, schema: T.StructType) -> dict[str, Any]:
    def side(rows: DataFrame, name: str) -> DataFrame:
        keyed = rows.select(*dataset.key, _hash(schema).alias(_HASH))
        return keyed.groupBy(*dataset.key).agg(F.sum(F.col(_HASH).cast("decimal(38,0)")).alias(name))

    both = side(table, "left").join(side(extract, "right"), list(dataset.key), "full").persist()
    left, right = F.col("left"), F.col("right")
    kinds = {
        "only in the table": right.isNull(),
        "only in the extract": left.isNull(),
        "with other values": left.isNotNull() & right.isNotNull() & (left != right),
    }
    try:
        return {what: _examples(both.where(condition), dataset) for what, condition in kinds.items()}
    finally:
        both.unpersist()


def _examples(rows: DataFrame, dataset: Dataset) -> dict[str, Any]:
    first: list[Any] = rows.orderBy(*dataset.key).select(*dataset.key).limit(_SHOWN).collect()
    found: Optional[int] = rows.count() if first else 0
    return {"rows": found, "examples": [{name: str(row[name]) for name in dataset.key} for row in first]}
