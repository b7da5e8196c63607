"""CSV files (RFC 4180): records by header, each value typed by its declared column."""

from __future__ import annotations

from functools import reduce
from typing import Sequence
from urllib.parse import unquote

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.readers.csv_header import Header
from basin_jobs.readers.csv_records import csv_records
from basin_jobs.readers.lines import file_uri, read_lines
from basin_jobs.rows.records import ARRIVAL, FAULT, FILE, RAW, UNDECLARED, found, quoted
from basin_jobs.rows.text_values import TextForm, text_value

_MALFORMED = "malformed CSV record"
_TOKENS = "record:tokens"
_BAD = "record:bad"


def read_csv(spark: SparkSession, headers: Sequence[Header], dataset: Dataset, schema: T.StructType) -> DataFrame:
    """Typed records of the files that the headers belong to; there is at least one."""
    paths = [header.file for header in headers]
    lines = read_lines(spark, paths, dataset.source.encoding)
    records = csv_records(lines, headers, dataset.source.delimiter)
    by_names: dict[tuple[str, ...], list[str]] = {}
    for header in headers:
        by_names.setdefault(header.names, []).append(file_uri(spark, header.file))
    if len(by_names) == 1:
        texts = _texts(records, headers[0].names, dataset)
    else:
        parts = (_texts(records.where(F.col(FILE).isin(files)), names, dataset) for names, files in by_names.items())
        texts = reduce(DataFrame.unionByName, parts)
    form = TextForm(time_format=dataset.source.time_format)
    values = (F.expr(text_value(found(name), schema[name].dataType, form)).alias(name) for name in dataset.column_names)
    return texts.select("*", *values)


def count_records(spark: SparkSession, headers: Sequence[Header], dataset: Dataset) -> dict[str, int]:
    """Records of each file that has any, whatever is in them."""
    lines = read_lines(spark, [header.file for header in headers], dataset.source.encoding)
    counted = csv_records(lines, headers, dataset.source.delimiter).groupBy(FILE).count()
    return {unquote(row[FILE]): row["count"] for row in counted.collect()}


def undeclared_names(headers: Sequence[Header], dataset: Dataset) -> list[str]:
    """Columns that some header has and the declaration has not, in order."""
    declared = {column.source_name for column in dataset.columns}
    seen = dict.fromkeys(name for header in headers for name in header.names)
    return [name for name in seen if name not in declared]


def _texts(records: DataFrame, names: Sequence[str], dataset: Dataset) -> DataFrame:
    """The texts of declared columns of records that all have the same header."""
    fields = [f"c{position} string" for position in range(len(names))]
    schema = ", ".join([*fields, f"{quoted(_BAD)} string"])
    options = {
        "sep": dataset.source.delimiter,
        "escape": '"',
        "multiLine": "true",
        "columnNameOfCorruptRecord": _BAD,
        "maxColumns": str(max(20_480, len(names) + 1)),
    }
    tokens = F.from_csv(F.col(RAW), schema, options)
    parsed = records.withColumn(_TOKENS, F.when(F.col(FAULT).isNull(), tokens))
    nulls = list(dataset.source.nulls)
    columns = []
    for column in dataset.columns:
        if column.source_name in names:
            # Spark gives null for an empty field, quoted or not; what is null is for the declaration to say.
            text = F.coalesce(F.col(_TOKENS)[f"c{names.index(column.source_name)}"], F.lit(""))
            columns.append(F.when(~text.isin(nulls), text).alias(found(column.name)))
        else:
            columns.append(F.lit(None).cast("string").alias(found(column.name)))
    bad = F.col(_TOKENS)[_BAD].isNotNull()
    fault = F.when(F.col(FAULT).isNotNull(), F.col(FAULT)).when(bad, F.lit(_MALFORMED))
    return parsed.select(RAW, FILE, ARRIVAL, fault.alias(FAULT), F.lit(False).alias(UNDECLARED), *columns)
