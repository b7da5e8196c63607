from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional

import pytest
from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

from basin_jobs.rows.text_values import TextForm, text_value

MOMENT = datetime(2013, 1, 1, 10, 0)

# type, text, value; None: the text is no such value
CASES: list[tuple[str, str, Any]] = [
    ("int", "12", 12),
    ("int", " -12 ", -12),
    ("int", "1545.0", 1545),
    ("int", "1.2345678E7", 12_345_678),
    ("int", "3.7", None),
    ("int", "abc", None),
    ("int", "", None),
    ("int", "2147483648", None),
    ("bigint", "9223372036854775807", 2**63 - 1),
    ("bigint", "9223372036854775808", None),
    ("tinyint", "128", None),
    ("double", "1.5e-3", 0.0015),
    ("double", "1d", None),
    ("double", "1e999", None),
    ("double", "-Infinity", float("-inf")),
    ("float", "1e39", None),
    ("boolean", "true", True),
    ("boolean", "0", False),
    ("boolean", "maybe", None),
    ("decimal(6,2)", "1234.50", Decimal("1234.50")),
    ("decimal(6,2)", "1234.500", Decimal("1234.50")),
    ("decimal(6,2)", "1234.505", None),
    ("decimal(6,2)", "12345.00", None),
    ("decimal(38,18)", "12345678901234567890.123456789012345678", Decimal("12345678901234567890.123456789012345678")),
    ("date", "2013-01-01", date(2013, 1, 1)),
    ("date", "2013-01-01T00:00:00", date(2013, 1, 1)),
    ("date", "2013-01-01T10:00:00", None),
    ("date", "2013-02-30", None),
    ("timestamp", "2013-01-01T10:00:00Z", MOMENT),
    ("timestamp", "2013-01-01 10:00:00", MOMENT),
    ("timestamp", "2013-01-01T10:00Z", MOMENT),
    ("timestamp", "2013-01-01T12:00:00+02:00", MOMENT),
    ("timestamp", "2013-01-01T12:00:00.000000999+0200", MOMENT),
    ("timestamp", "2013-01-01", datetime(2013, 1, 1)),
    ("timestamp", "1357034400", None),
    ("timestamp", "10:00", None),
    ("timestamp", "2013", None),
    ("timestamp", "2013-01-01T25:00:00Z", None),
    ("binary", "YWJj", bytearray(b"abc")),
    ("binary", "!", None),
    ("array<int>", "[1,2]", [1, 2]),
    ("array<int>", '[1,"x"]', None),
    ("array<int>", "1", None),
    ("struct<a:int,b:array<string>>", '{"a":1,"b":["x"]}', Row(a=1, b=["x"])),
    ("struct<a:int,b:array<string>>", '{"a":1.5,"b":[]}', None),
    ("map<string,double>", '{"x":1.5}', {"x": 1.5}),
]


def values(spark: SparkSession, cases: list[tuple[str, str, Any]], form: TextForm) -> list[Any]:
    """Every case is a column, so that all of them are one small query."""
    row = spark.range(1).select(*(F.lit(text).alias(f"c{position}") for position, (_, text, _) in enumerate(cases)))
    types = spark.range(0).select(*(F.lit(None).cast(type_) for type_, _, _ in cases)).schema
    selected = [F.expr(text_value(f"c{position}", field.dataType, form)) for position, field in enumerate(types)]
    return list(row.select(*selected).collect()[0])


def test_a_text_becomes_exactly_the_value_that_it_is_or_none(spark: SparkSession) -> None:
    found = values(spark, CASES, TextForm())
    assert [(type_, text, value) for (type_, text, _), value in zip(CASES, found)] == CASES


def test_in_json_only_true_and_false_are_booleans(spark: SparkSession) -> None:
    cases = [("boolean", text, None) for text in ("true", "FALSE", "1", "yes")]
    assert values(spark, cases, TextForm(json=True)) == [True, False, None, None]


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("timestamp", "31/12/2013 10:00", datetime(2013, 12, 31, 10)),
        ("timestamp", "2013-12-31T10:00:00Z", None),
        ("date", "31/12/2013 10:00", date(2013, 12, 31)),
        ("date", "2013-12-31", date(2013, 12, 31)),
    ],
)
def test_a_time_format_is_the_one_that_holds(spark: SparkSession, type_: str, text: str, value: Optional[date]) -> None:
    assert values(spark, [(type_, text, None)], TextForm(time_format="dd/MM/yyyy HH:mm")) == [value]
