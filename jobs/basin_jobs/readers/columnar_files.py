"""Parquet and ORC files: each typed column checked against, and brought to, its declared type."""

from __future__ import annotations

from functools import reduce
from typing import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.readers.columnar_footer import Footer
from basin_jobs.readers.lines import located, read_files
from basin_jobs.rows.native_values import declared_values
from basin_jobs.rows.records import ARRIVAL, FAULT, FILE, RAW, UNDECLARED


def read_columnar(spark: SparkSession, footers: Sequence[Footer], dataset: Dataset, schema: T.StructType) -> DataFrame:
    """Typed records of the files that the footers belong to; there is at least one."""
    by_schema: dict[str, list[str]] = {}
    for footer in footers:
        by_schema.setdefault(footer.schema, []).append(footer.file)
    files = (read_files(spark, paths, dataset.source.format) for paths in by_schema.values())
    return reduce(DataFrame.unionByName, (_records(frame, dataset, schema) for frame in files))


def column_names(spark: SparkSession, footer: Footer, form: str) -> list[str]:
    """Names of a file's columns, in order."""
    return read_files(spark, [footer.file], form).columns


def _records(frame: DataFrame, dataset: Dataset, schema: T.StructType) -> DataFrame:
    types = {field.name: field.dataType for field in frame.schema}
    return frame.select("*", *located(), F.to_json(F.struct("*"), {"ignoreNullFields": "false"}).alias(RAW)).select(
        RAW,
        FILE,
        ARRIVAL,
        F.lit(None).cast("string").alias(FAULT),
        F.lit(False).alias(UNDECLARED),
        *declared_values(types, dataset, schema),
    )
