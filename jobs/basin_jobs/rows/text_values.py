"""From a value's text to its declared type, as SQL expressions: exactly that value or null, never a guess.

Spark's own casts truncate ("3.7" to 3), round (1.239 to 1.24), read "1d" as 1.0 and "12:30" as today: each expression
here lets through only what the type holds without loss. A timestamp without a zone is UTC; digits below a microsecond
are cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from pyspark.sql import types as T

from basin_jobs.rows.records import quoted, text_literal

_NUMBER = r"r'^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*$'"
_NOT_FINITE = r"r'^\s*([nN]a[nN]|[+-]?[iI]nf(inity)?)\s*$'"
_TIME = r"([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?)?"
_TIMESTAMP = rf"r'^\s*\d{{4}}-\d{{2}}-\d{{2}}{_TIME}\s*$'"
_WITHOUT_SECONDS = r"r'^(\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2})(?!:)'"
_DATE = r"r'^\s*\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?Z?)?\s*$'"
_WHOLE_DOUBLES = 2**53  # above it a double no longer holds every whole number

_UNPARSED = "record:unparsed"
JSON_OPTIONS = (
    f"map('allowSingleQuotes', 'false', 'allowNonNumericNumbers', 'false', 'columnNameOfCorruptRecord', '{_UNPARSED}')"
)

_WHOLE = (T.ByteType, T.ShortType, T.IntegerType, T.LongType)


@dataclass(frozen=True)
class TextForm:
    """How a format writes values as text."""

    json: bool = False
    time_format: Optional[str] = None


def text_value(column: str, type_: T.DataType, form: TextForm) -> str:
    """SQL that is the text column's value in the type, or null where the text is null or no such value.

    Args:
        column: name of a string column.
        type_: the declared type; arrays, structs and maps are written as JSON.
        form: JSON knows only true and false; a `time_format` is Spark's datetime pattern.
    """
    text = quoted(column)
    sql_type = type_.simpleString()
    if isinstance(type_, T.StringType):
        return text
    if isinstance(type_, T.BooleanType):
        cast = f"try_cast({text} as boolean)"
        return f"case when lower({text}) in ('true', 'false') then {cast} end" if form.json else cast
    if isinstance(type_, _WHOLE):
        return _whole(text, sql_type)
    if isinstance(type_, (T.FloatType, T.DoubleType)):
        return _floating(text, sql_type)
    if isinstance(type_, T.DecimalType):
        return f"case when {is_number(text)} then {exact_decimal(text, type_)} end"
    if isinstance(type_, T.DateType):
        return _date(text, form)
    if isinstance(type_, T.TimestampType):
        return _timestamp(text, form)
    if isinstance(type_, T.BinaryType):
        return f"try_to_binary({text}, 'base64')"
    return nested_value(f"""concat('{{"value":', {text}, '}}')""", "value", type_)


def is_number(text: str) -> str:
    """SQL: whether a text is a finite decimal number."""
    return f"{text} rlike {_NUMBER}"


def exact_decimal(value: str, type_: T.DecimalType) -> str:
    """SQL that is a text's or number's value as a decimal, or null where digits would be lost."""
    wide = wide_decimal(type_)
    cast = f"try_cast({value} as {type_.simpleString()})"
    return f"case when try_cast({value} as {wide.simpleString()}) = {cast} then {cast} end"


def wide_decimal(type_: T.DecimalType) -> T.DecimalType:
    """As many digits before the point, and as many behind it as fit."""
    return T.DecimalType(38, 38 - (type_.precision - type_.scale))


def nested_value(json: str, field: str, type_: T.DataType) -> str:
    """SQL that is one field of a JSON object in a nested type, or null where anything inside it does not fit."""
    parsed = parsed_field(json, field, type_)
    return f"case when {parsed}.{quoted(_UNPARSED)} is null then {parsed}.{quoted(field)} end"


def parsed_field(json: str, field: str, type_: T.DataType) -> str:
    """SQL that parses one field of a JSON object into a struct: the field, and the object where it does not fit."""
    schema = f"struct<{quoted(field)}: {type_.simpleString()}, {quoted(_UNPARSED)}: string>"
    return f"from_json({json}, {text_literal(schema)}, {JSON_OPTIONS})"


def _whole(text: str, sql_type: str) -> str:
    # 1545.0 and 1.2345678E7 are whole too: JSON has one kind of number, and writers print it as they like.
    double = f"try_cast({text} as double)"
    whole = f"rint({double}) = {double} and abs({double}) <= {_WHOLE_DOUBLES}"
    return (
        f"coalesce(try_cast({text} as {sql_type}),"
        f" case when {is_number(text)} and {whole} then try_cast({double} as {sql_type}) end)"
    )


def _floating(text: str, sql_type: str) -> str:
    cast = f"try_cast({text} as {sql_type})"
    return (
        f"case when {is_number(text)} and abs({cast}) < {sql_type}('Infinity') then {cast}"
        f" when {text} rlike {_NOT_FINITE} then {cast} end"
    )


def _date(text: str, form: TextForm) -> str:
    iso = f"case when {text} rlike {_DATE} then try_cast({text} as date) end"
    if form.time_format is None:
        return iso
    return f"coalesce({iso}, cast(try_to_timestamp({text}, {text_literal(form.time_format)}) as date))"


def _timestamp(text: str, form: TextForm) -> str:
    if form.time_format is not None:
        return f"try_to_timestamp({text}, {text_literal(form.time_format)})"
    seconds = f"regexp_replace({text}, {_WITHOUT_SECONDS}, '$1:00')"
    return (
        f"case when {text} rlike {_TIMESTAMP}"
        f" then coalesce(try_cast({text} as timestamp), try_cast({seconds} as timestamp)) end"
    )
