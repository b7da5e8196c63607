from __future__ import annotations

import gzip

import pytest
from conftest import Platform
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from basin_jobs.batches.counts import SetAside
from basin_jobs.readers.csv_records import ends_in_quotes
from basin_jobs.report import Report

BODY = """
source: {{ kind: files, format: csv, nulls: ["", "NA"]{options} }}
columns:
  - {{ name: id, type: int, required: true, from: Id }}
  - {{ name: note, type: string }}
  - {{ name: price, type: double }}
maxRejected: 0.5
"""

PLAIN = 'Id,note,price\n1,"a ""quoted"", word",1.5\r\n\n2,NA,\n3,5" pipe,NaN\n'
OTHER_ORDER = "\ufeffprice,colour,Id\n0.5,red,4\n"
SPREAD = 'Id,note,price\n5,"first\n\nthird",1\n6,"closes"" not\r\nhere",2\nId,note,price\n7,plain,3\n'
BROKEN = b"Id,note,price\n8,too,many,fields\n9\nx,bad,1\n10,\xff,1\n11,sound,1\n12,sound,1\n13,sound,1\n14,sound,1\n"


@pytest.fixture(scope="module")
def report(shared: Platform) -> Report:
    dataset = shared.declare("items", BODY.format(options=""))
    shared.arrive("items", "plain [1] + 50%.csv", PLAIN)
    shared.arrive("items", "other.csv.gz", gzip.compress(OTHER_ORDER.encode()))
    shared.arrive("items", "spread.csv", SPREAD)
    shared.arrive("items", "broken.csv", BROKEN)
    shared.arrive("items", "headless.csv", 'note,price\nx,1\n"y\nz",2\n')
    shared.arrive("items", "_hidden.csv", "Id,note,price\n99,x,1\n")
    shared.arrive("items", "cut.csv.gz", b"no gzip at all")
    shared.arrive("items", "empty.csv", "")
    return shared.silver(dataset)


@pytest.mark.usefixtures("report")
def test_records_are_rows_whatever_the_order_of_columns_and_wherever_lines_end(shared: Platform) -> None:
    notes = {row.id: row.note for row in shared.table("silver.items").collect()}
    assert notes == {
        1: 'a "quoted", word',
        2: None,
        3: '5" pipe',
        4: None,
        5: "first\n\nthird",
        6: 'closes" not\r\nhere',
        7: "plain",
        **dict.fromkeys(range(11, 15), "sound"),
    }


@pytest.mark.usefixtures("report")
def test_a_broken_record_is_rejected_as_it_came(shared: Platform) -> None:
    rejected = shared.table("silver.items__rejected").selectExpr("cast(raw as binary)", "reasons").collect()
    assert sorted((bytes(raw), reasons) for raw, reasons in rejected) == [
        (b"10,\xff,1", ["not UTF-8"]),
        (b"8,too,many,fields", ["malformed CSV record"]),
        (b"9", ["malformed CSV record"]),
        (b"Id,note,price", ['id: "Id" is not int', 'price: "price" is not double']),
        (b"x,bad,1", ['id: "x" is not int']),
    ]


def test_a_file_that_cannot_be_used_is_set_aside_whole_and_named(report: Report, shared: Platform) -> None:
    aside = {file.file.rsplit("/", 1)[1]: file for file in report.run.files_set_aside}
    folder = f"file:{shared.raw}/items/arrived=2026-11-24T09"
    reason = "lacks the required column Id; its header has: note, price"
    assert aside.pop("headless.csv") == SetAside(f"{folder}/headless.csv", reason, rows=2)
    assert "hidden from Spark" in aside.pop("_hidden.csv").reason
    assert "cannot be read: " in aside.pop("cut.csv.gz").reason
    assert not aside


def test_all_records_are_accounted_for(report: Report) -> None:
    run = report.run
    assert (run.rows_in, run.rows_accepted, run.rows_rejected, run.rows_set_aside) == (18, 11, 5, 2)
    assert report.values["run"]["undeclaredColumns"] == ["colour"]


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("ISO-8859-1", 'Id;note\n1;"Köln\nMitte"\n'.encode("latin-1")),
        ("UTF-16", 'Id;note\r\n1;"Köln\nMitte"\r\n'.encode("utf-16")),
    ],
)
def test_a_declared_encoding_and_delimiter_are_honoured(platform: Platform, encoding: str, content: bytes) -> None:
    options = f', encoding: {encoding}, delimiter: ";"'
    dataset = platform.declare("items", BODY.format(options=options))
    platform.arrive("items", "a.csv", content)
    platform.silver(dataset)
    assert platform.rows("silver.items") == [(1, "Köln\nMitte", None)]


def test_without_a_header_columns_come_in_declared_order(platform: Platform) -> None:
    dataset = platform.declare("items", BODY.format(options=", header: false"))
    platform.arrive("items", "a.csv", "1,x,0.5\n2,y\n3,z,\n")
    counts = platform.silver(dataset).run
    assert platform.rows("silver.items", "id", "note") == [(1, "x"), (3, "z")]
    assert counts.rows_rejected == 1


@pytest.mark.parametrize(
    ("line", "inside"),
    [
        ("a,b", False),
        ('a,"b', True),
        ('a,"b"', False),
        ('a,"b""', True),
        ('"a""b","c', True),
        ('5" pipe,b', False),
        ('5" pipe,"b', True),
        ('"a"x"y,b', False),
        ('"', True),
        ('""', False),
        (',"', True),
        ("x" * 100_000 + ',"' + '""' * 100_000, True),
        ("," * 100_000 + '"a"', False),
    ],
)
def test_a_line_is_open_if_a_quoted_field_in_it_is(spark: SparkSession, line: str, inside: bool) -> None:
    frame = spark.createDataFrame([(line,)], "line string")
    assert frame.select(ends_in_quotes(F.col("line"), ",")).collect()[0][0] is inside
