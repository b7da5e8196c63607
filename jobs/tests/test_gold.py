from __future__ import annotations

import shutil
from typing import Any

import pytest
from conftest import Platform, forget_tables
from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from basin_jobs.errors import CheckFailed, InputError
from basin_jobs.gold import run_gold
from basin_jobs.report import Report

SOURCE = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int, required: true }
  - { name: place, type: string }
  - { name: amount, type: "decimal(10,2)" }
"""
DERIVED = """
source: { kind: derived, from: [sales] }
columns:
  - { name: place, type: string, required: true }
  - { name: sales, type: bigint, description: How many. }
  - { name: total, type: "decimal(20,2)" }
key: [place]
checks: ["total > 0"]
"""
QUERY = "select place, count(*) as sales, sum(amount) as total from sales group by place"
KEYED_SOURCE = """
source: { kind: files, format: json }
columns:
  - { name: id, type: int }
  - { name: amount, type: "decimal(10,2)" }
key: [id]
"""
REDUCED = QUERY.replace("sum(amount)", "cast(sum(amount) - 1.5 as decimal(20,2))")


def fill(platform: Platform) -> Platform:
    platform.arrive("sales", "a.json", '{"id":1,"place":"x","amount":1.5}\n{"id":2,"place":"y","amount":2}\n')
    platform.silver(platform.declare("sales", SOURCE))
    return platform


@pytest.fixture
def filled(platform: Platform) -> Platform:
    """For tests that change the input."""
    return fill(platform)


@pytest.fixture(scope="module")
def kept(shared: Platform) -> Platform:
    return fill(shared)


@pytest.fixture
def selling(kept: Platform) -> Platform:
    """One input for all tests that do not change it, and no derived table yet."""
    shutil.rmtree(f"{kept.lake}/gold", ignore_errors=True)
    forget_tables(kept.spark)
    return kept


def gold(platform: Platform, transform: str = QUERY, body: str = DERIVED, language: str = "sql") -> Report:
    for old in (platform.root / "datasets").glob("places.*"):
        old.unlink()
    platform.declare("places", body, transform, language)
    return run_gold(platform.spark, platform.declarations, "places", platform.lake)


def places(platform: Platform) -> list[tuple[Any, ...]]:
    return [(place, sales, str(total)) for place, sales, total in platform.rows("gold.places")]


def test_a_derived_table_follows_its_inputs_and_rests_while_they_do(filled: Platform) -> None:
    first = gold(filled)
    assert places(filled) == [("x", 1, "1.50"), ("y", 1, "2.00")]
    assert (first.values["tableVersion"], first.run.rows_accepted) == (1, 2)

    unchanged = gold(filled)
    assert (unchanged.values["tableVersion"], unchanged.values["run"]["batches"]) == (1, 0)
    assert unchanged.values["total"] == first.values["total"]

    filled.arrive("sales", "b.json", '{"id":3,"place":"x","amount":0.25}\n')
    filled.silver(filled.declarations.dataset("sales"))
    assert gold(filled).values["tableVersion"] == 2
    assert places(filled) == [("x", 2, "1.75"), ("y", 1, "2.00")]

    assert gold(filled, QUERY + " having count(*) > 1").values["tableVersion"] == 3
    assert places(filled) == [("x", 2, "1.75")]
    assert filled.table("gold.places", version=2).count() == 2


def test_a_result_that_breaks_its_declaration_leaves_the_table_as_it_was(selling: Platform) -> None:
    gold(selling)
    before = places(selling)
    with pytest.raises(CheckFailed, match=r"1 of the 2 records of the result .*\n  1 × check failed: total > 0"):
        gold(selling, REDUCED)
    with pytest.raises(CheckFailed, match=r"the result has 2 rows with the key place = z"):
        gold(selling, "select 'z' as place, 1L as sales, amount as total from sales")
    assert places(selling) == before


def test_rows_up_to_the_allowed_share_are_rejected_aside(selling: Platform) -> None:
    report = gold(selling, REDUCED, DERIVED + "maxRejected: 0.5")
    assert places(selling) == [("y", 1, "0.50")]
    assert (report.run.rows_in, report.run.rows_accepted, report.run.rows_rejected) == (2, 1, 1)
    assert selling.rows("gold.places__rejected", "raw", "source", "reasons") == [
        ('{"place":"x","sales":1,"total":0.00}', "gold.places", ["check failed: total > 0"])
    ]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select place, amount as total, 1 as more from sales", "sales is missing; more is not declared"),
        (
            "select place, count(*) as sales, 1.5d as total from sales group by place",
            "total is double, declared decimal",
        ),
        ("select * from saless", r"places.sql: .*saless.*\(tables: sales\)"),
        ("selekt 1", "places.sql is not SQL"),
        ("insert into sales select * from sales", "places.sql is not a query"),
    ],
)
def test_a_wrong_query_is_refused_by_what_is_wrong(selling: Platform, query: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        gold(selling, query)


def test_a_transform_in_python_is_computed_the_same_way(selling: Platform) -> None:
    transform = f"""
def transform(spark, inputs):
    inputs["sales"].createOrReplaceTempView("sales_once")
    return spark.sql("{QUERY.replace("sales group", "sales_once group")}")
"""
    gold(selling, transform, language="py")
    assert places(selling) == [("x", 1, "1.50"), ("y", 1, "2.00")]
    with pytest.raises(InputError, match=r"places\.py:2: KeyError: 'sale'"):
        gold(selling, "def transform(spark, inputs):\n    return inputs['sale']\n", language="py")
    with pytest.raises(InputError, match=r"places\.py has no function transform"):
        gold(selling, "x = 1\n", language="py")


def test_an_input_without_a_table_is_named(platform: Platform) -> None:
    platform.declare("sales", SOURCE)
    with pytest.raises(InputError, match=r"no table yet for sales .*: run the steps of these datasets first"):
        gold(platform)


def test_upkeep_of_an_input_is_no_reason_to_compute(selling: Platform) -> None:
    gold(selling)
    table = f"{selling.lake}/silver/sales"
    selling.spark.sql(f"alter table delta.`{table}` set tblproperties ('team' = 'x')")
    assert gold(selling).values["run"]["batches"] == 0


def test_a_query_may_read_an_input_as_it_was(filled: Platform) -> None:
    filled.arrive("sales", "b.json", '{"id":3,"place":"x","amount":0.25}\n')
    filled.silver(filled.declarations.dataset("sales"))
    then = "(select * from sales version as of 1)"
    gold(filled, QUERY.replace("from sales", f"from {then}"))
    assert places(filled) == [("x", 1, "1.50"), ("y", 1, "2.00")]


FOLLOWER = """
source: { kind: derived, from: [sales], refresh: incremental }
columns:
  - { name: id, type: int }
  - { name: cents, type: bigint, required: true }
key: [id]
"""
CENTS = "select id, cast(amount * 100 as bigint) as cents from sales where amount >= 0"


def cents(platform: Platform, query: str = CENTS, body: str = FOLLOWER) -> Report:
    for old in (platform.root / "datasets").glob("cents.*"):
        old.unlink()
    platform.declare("cents", body, query)
    return run_gold(platform.spark, platform.declarations, "cents", platform.lake)


def sell(platform: Platform) -> Platform:
    # Declared with its follower, for which the table keeps its change feed.
    platform.silver(platform.declarations.dataset("sales"))
    return platform


def test_a_follower_takes_in_what_changed_and_nothing_else(platform: Platform) -> None:
    platform.declare("sales", KEYED_SOURCE)
    platform.declare("cents", FOLLOWER, CENTS)
    platform.arrive("sales", "a.json", '{"id":1,"amount":1.5}\n{"id":2,"amount":2}\n{"id":3,"amount":3}\n')
    sell(platform)
    assert cents(platform).run.rows_in == 3
    platform.arrive("sales", "b.json", '{"id":2,"amount":-2}\n{"id":3,"amount":4}\n{"id":4,"amount":5}\n')
    sell(platform)
    changed = cents(platform)
    assert changed.run.rows_in == 2
    assert platform.rows("gold.cents") == [(1, 150), (3, 400), (4, 500)]
    assert changed.values["total"]["rowsAccepted"] == changed.values["rowsTable"] == 3
    assert cents(platform).values["run"]["batches"] == 0

    DeltaTable.forPath(platform.spark, f"{platform.lake}/silver/sales").delete("id = 1")
    assert cents(platform).run.rows_in == 0
    assert platform.rows("gold.cents") == [(3, 400), (4, 500)]
    assert cents(platform, CENTS.replace("100", "1000")).run.rows_in == 2
    assert platform.rows("gold.cents") == [(3, 4000), (4, 5000)]


@pytest.fixture(scope="module")
def followed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    platform = Platform(spark, tmp_path_factory.mktemp("followed"))
    platform.declare("sales", KEYED_SOURCE)
    platform.declare("cents", FOLLOWER, CENTS)
    return sell(platform)


@pytest.mark.parametrize(
    ("query", "body", "message"),
    [
        (
            "select id, sum(amount) as cents from sales group by id",
            FOLLOWER,
            r"more than take rows one by one \(Aggregate\)",
        ),
        ("select distinct id, 1L as cents from sales", FOLLOWER, r"\(Distinct\)"),
        ("select id + 1 as id, 1L as cents from sales", FOLLOWER, "computes the key id instead of taking it"),
        ("select id, cast(rand() as bigint) as cents from sales", FOLLOWER, "gives another row for the same one"),
        (CENTS, FOLLOWER.replace("key: [id]\n", ""), r"its key \(none\) is not that of sales \(id\)"),
    ],
)
def test_a_query_that_cannot_follow_is_refused_by_name(followed: Platform, query: str, body: str, message: str) -> None:
    with pytest.raises(
        InputError, match=f"cents: refresh cannot be incremental: .*{message}.*allowed is refresh: full"
    ):
        cents(followed, query, body)
