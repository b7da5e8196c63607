"""DMS's Parquet files: the source's columns as declared, beside them what each row does and when."""

from __future__ import annotations

from functools import reduce
from typing import Mapping, Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.changes.columns import BEFORE, CHANGE, CHANGE_SEQUENCE, COMMIT_TIME, KEY_BEFORE, OPERATION
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.readers.columnar_footer import Footer
from basin_jobs.readers.lines import located, read_files
from basin_jobs.rows.native_values import declared_values, native_value
from basin_jobs.rows.records import ARRIVAL, FAULT, FILE, RAW, UNDECLARED, quoted
from basin_jobs.rows.text_values import TextForm

_TIME = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?$"
_DIGITS = r"^\d{1,50}$"
_SEQUENCE_LENGTH = 50


def read_changes(spark: SparkSession, footers: Sequence[Footer], dataset: Dataset, schema: T.StructType) -> DataFrame:
    """Typed records of the files, there is at least one, with CHANGE and KEY_BEFORE."""
    by_schema: dict[str, list[str]] = {}
    for footer in footers:
        by_schema.setdefault(footer.schema, []).append(footer.file)
    files = (read_files(spark, paths, "parquet") for paths in by_schema.values())
    return reduce(DataFrame.unionByName, (_records(frame, dataset, schema) for frame in files))


def _records(frame: DataFrame, dataset: Dataset, schema: T.StructType) -> DataFrame:
    types = {field.name: field.dataType for field in frame.schema}
    operation = F.upper(F.trim(_text(types, OPERATION)))
    time, sequence = _commit_time(types), F.trim(_text(types, CHANGE_SEQUENCE))
    load = (operation == "I") & (F.coalesce(sequence, F.lit("")) == "")
    fault = (
        F.when(~F.coalesce(operation.isin("I", "U", "D"), F.lit(False)), _wrong(OPERATION, operation, "I, U or D"))
        .when(~F.coalesce(time.rlike(_TIME), F.lit(False)), _wrong(COMMIT_TIME, time, "a time"))
        .when(~load & ~F.coalesce(sequence.rlike(_DIGITS), F.lit(False)), _wrong(CHANGE_SEQUENCE, sequence, "digits"))
    )
    place = F.concat(_microseconds(time), F.lit(" "), F.lpad(F.coalesce(sequence, F.lit("")), _SEQUENCE_LENGTH, "0"))
    raw = F.to_json(F.struct("*"), {"ignoreNullFields": "false"}).alias(RAW)
    return frame.select("*", *located(), raw).select(
        RAW,
        FILE,
        ARRIVAL,
        fault.alias(FAULT),
        F.lit(False).alias(UNDECLARED),
        *declared_values(types, dataset, schema),
        F.struct(operation.alias("op"), place.alias("place"), load.alias("load")).alias(CHANGE),
        _key_before(types, dataset, schema).alias(KEY_BEFORE),
    )


def _text(types: Mapping[str, T.DataType], column: str) -> Column:
    return F.col(quoted(column)).cast("string") if column in types else F.lit(None).cast("string")


def _commit_time(types: Mapping[str, T.DataType]) -> Column:
    if isinstance(types.get(COMMIT_TIME), (T.TimestampType, T.TimestampNTZType)):
        return F.date_format(COMMIT_TIME, "yyyy-MM-dd HH:mm:ss.SSSSSS")
    return F.trim(_text(types, COMMIT_TIME))


def _microseconds(time: Column) -> Column:
    """`2026-11-24T09:30:00.5` as `2026-11-24 09:30:00.500000`, so that text sorts as time."""
    whole = F.concat(F.translate(time, "T", " "), F.when(~time.contains("."), F.lit(".")).otherwise(F.lit("")))
    return F.rpad(whole, 26, "0")


def _key_before(types: Mapping[str, T.DataType], dataset: Dataset, schema: T.StructType) -> Column:
    """Null unless the file has all of the key's columns as they were, and they are typed as declared."""
    names = {column.name: BEFORE + column.source_name for column in dataset.columns if column.name in dataset.key}
    form = TextForm(time_format=dataset.source.time_format)
    values = [
        F.expr(native_value(names[key], types[names[key]], schema[key].dataType, form))
        if names[key] in types
        else F.lit(None).cast(schema[key].dataType)
        for key in dataset.key
    ]
    known = reduce(lambda left, right: left & right, (value.isNotNull() for value in values))
    return F.when(known, F.struct(*(value.alias(key) for key, value in zip(dataset.key, values))))


def _wrong(column: str, found: Column, allowed: str) -> Column:
    text = F.coalesce(F.concat(F.lit('"'), F.substring(found, 1, 60), F.lit('"')), F.lit("nothing"))
    return F.concat(F.lit(f"{column}: found "), text, F.lit(f", allowed: {allowed}"))
