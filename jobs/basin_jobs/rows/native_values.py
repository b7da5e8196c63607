"""From a typed source column (Parquet, ORC, a query) to its declared type, as SQL: exactly that value or null."""

from __future__ import annotations

from typing import Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Column as DeclaredColumn
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.schema import same_type
from basin_jobs.rows.records import found, quoted
from basin_jobs.rows.text_values import TextForm, exact_decimal, nested_value, text_value

_NUMERIC = (T.NumericType, T.BooleanType)
_TEMPORAL = (T.DateType, T.TimestampType, T.TimestampNTZType)
_NESTED = (T.ArrayType, T.MapType, T.StructType)


def declared_values(types: Mapping[str, T.DataType], dataset: Dataset, schema: T.StructType) -> list[Column]:
    """The text found for, and the value of, each declared column of a frame whose columns have these types."""
    values = []
    for column in dataset.columns:
        text, value = declared_value(column, types, dataset, schema)
        values += [text.alias(found(column.name)), value.alias(column.name)]
    return values


def declared_value(
    column: DeclaredColumn, types: Mapping[str, T.DataType], dataset: Dataset, schema: T.StructType
) -> tuple[Column, Column]:
    """The text found for one declared column, and its value."""
    target, source = schema[column.name].dataType, types.get(column.source_name)
    if source is None:
        return F.lit(None).cast("string"), F.lit(None).cast(target)
    form = TextForm(time_format=dataset.source.time_format)
    text = F.expr(native_text(column.source_name, source))
    return text, F.expr(native_value(column.source_name, source, target, form))


def native_value(column: str, source: T.DataType, target: T.DataType, form: TextForm) -> str:
    """SQL that is the column's value in the target type, or null where it has none without loss.

    A number is never taken for a time. A float takes any number, rounded as floats are.
    """
    value = quoted(column)
    if same_type(source, target):
        return value
    if isinstance(source, T.StringType):
        return text_value(column, target, form)
    if isinstance(target, T.StringType) and isinstance(source, T.BinaryType):
        text = f"decode({value}, 'UTF-8')"
        return f"case when encode({text}, 'UTF-8') = {value} then {text} end"
    if isinstance(target, T.StringType):
        return native_text(column, source)
    if isinstance(source, _NESTED) and isinstance(target, _NESTED):
        return nested_value(f"to_json(named_struct('value', {value}))", "value", target)
    if isinstance(source, T.NumericType) and isinstance(target, (T.FloatType, T.DoubleType)):
        return f"try_cast({value} as {target.simpleString()})"
    if isinstance(source, T.NumericType) and isinstance(target, T.DecimalType):
        return exact_decimal(value, target)
    if any(isinstance(source, kind) and isinstance(target, kind) for kind in (_NUMERIC, _TEMPORAL)):
        cast = f"try_cast({value} as {target.simpleString()})"
        return f"case when try_cast({cast} as {source.simpleString()}) = {value} then {cast} end"
    return f"cast(null as {target.simpleString()})"


def native_text(column: str, source: T.DataType) -> str:
    """SQL that shows a value as text, for reasons and for string columns."""
    value = quoted(column)
    if isinstance(source, _NESTED):
        return f"to_json({value})"
    if isinstance(source, T.BinaryType):
        return f"base64({value})"
    return f"cast({value} as string)"


def widens(source: T.DataType, target: T.DataType) -> bool:
    """Whether every value of one type is a value of the other, so that a query may give the first for the second."""
    if same_type(source, target) or isinstance(source, T.NullType):
        return True
    order = (T.ByteType, T.ShortType, T.IntegerType, T.LongType)
    if isinstance(source, order) and isinstance(target, order):
        return order.index(type(source)) <= order.index(type(target))
    if isinstance(target, (T.FloatType, T.DoubleType)):
        return isinstance(source, T.NumericType) and not isinstance(source, T.DoubleType)
    if isinstance(source, T.DecimalType) and isinstance(target, T.DecimalType):
        whole = source.precision - source.scale <= target.precision - target.scale
        return whole and source.scale <= target.scale
    return isinstance(source, _TEMPORAL) and isinstance(target, T.TimestampType)
