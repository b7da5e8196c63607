"""Events and files of JSON lines: one object a line, each value typed by its declared column."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Column as DeclaredColumn
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.readers.lines import without_line_end
from basin_jobs.rows.records import ARRIVAL, FAULT, FILE, RAW, UNDECLARED, found, quoted
from basin_jobs.rows.text_values import (
    JSON_OPTIONS,
    TextForm,
    exact_decimal,
    is_number,
    nested_value,
    parsed_field,
    text_value,
    wide_decimal,
)

_FIELDS = "record:fields"
_SHOWN = 200  # characters of a broken record in its reason


def parse_json(lines: DataFrame, dataset: Dataset, schema: T.StructType) -> DataFrame:
    """Typed records of lines, blank ones left out; what a reader's frame has is said in `basin_jobs.readers`."""
    # An array around the record, and a null behind it, show what follows the object: a parser would just stop there.
    framed = f"concat('[', {quoted(RAW)}, ',null]')"
    listed = F.expr(f"from_json({framed}, 'array<map<string,string>>', {JSON_OPTIONS})")
    whole = (F.size("listed") == 2) & F.col("listed")[1].isNull() & F.col("listed")[0].isNotNull()
    lines = lines.withColumn(RAW, without_line_end(RAW)).where(F.trim(RAW) != "")
    records = lines.withColumn("listed", F.when(F.col(FAULT).isNull(), listed)).select(
        RAW,
        FILE,
        ARRIVAL,
        F.when(whole, F.col("listed")[0]).alias(_FIELDS),
        F.when(F.col(FAULT).isNotNull(), F.col(FAULT))
        .when(~F.coalesce(whole, F.lit(False)), _not_an_object())
        .alias(FAULT),
    )
    texts = records.select(
        "*",
        _has_undeclared(dataset).alias(UNDECLARED),
        *(F.col(_FIELDS)[column.source_name].alias(found(column.name)) for column in dataset.columns),
    )
    form = TextForm(json=True, time_format=dataset.source.time_format)
    values = (
        F.expr(_value(column, schema[column.name].dataType, form)).alias(column.name) for column in dataset.columns
    )
    return texts.select("*", *values).drop(_FIELDS)


def _value(column: DeclaredColumn, type_: T.DataType, form: TextForm) -> str:
    """SQL of one column's value.

    The text of a JSON number has passed through a double, and that of a nested value holds such numbers: a decimal and
    what is nested are parsed out of the record itself.
    """
    if isinstance(type_, T.DecimalType):
        parsed = parsed_field(quoted(RAW), column.source_name, wide_decimal(type_))
        exact = exact_decimal(f"{parsed}.{quoted(column.source_name)}", type_)
        return f"case when {is_number(quoted(found(column.name)))} then {exact} end"
    if isinstance(type_, (T.ArrayType, T.MapType, T.StructType)):
        return nested_value(quoted(RAW), column.source_name, type_)
    return text_value(found(column.name), type_, form)


def _not_an_object() -> Column:
    return F.concat(F.lit("not a JSON object: "), F.substring(RAW, 1, _SHOWN))


def _has_undeclared(dataset: Dataset) -> Column:
    declared = F.array(*(F.lit(column.source_name) for column in dataset.columns))
    unknown = F.size(F.array_except(F.map_keys(_FIELDS), declared)) > 0
    return F.coalesce(unknown, F.lit(False))
