from __future__ import annotations

import pytest
from conftest import REPOSITORY, Platform
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.errors import CheckFailed
from basin_jobs.gold import run_gold
from basin_jobs.iterate import Rounds, iterate, kept


def halved(state: DataFrame) -> DataFrame:
    return state.select((F.col("x") / 2).alias("x"))


def difference(before: DataFrame, after: DataFrame) -> DataFrame:
    return before.agg(F.sum("x").alias("b")).crossJoin(after.agg(F.sum("x").alias("a"))).select(F.expr("abs(b - a)"))


def test_rounds_end_when_the_result_hardly_changes_and_say_how_it_went(spark: SparkSession) -> None:
    said: list[str] = []
    start = spark.createDataFrame([(16.0,)], "x double")
    result = iterate(start, halved, difference, Rounds(20, tolerance=1, checkpoint_every=2, progress=said.append))
    assert [row.x for row in result.collect()] == [1.0]
    assert len(said) == 4
    assert said[3].startswith("round 4 of at most 20: changed by 1 in ")


def test_a_result_that_does_not_settle_is_no_result(spark: SparkSession) -> None:
    start = spark.createDataFrame([(16.0,)], "x double")
    with pytest.raises(CheckFailed, match=r"after 2 rounds the result still changes by 4, more than 0\.5"):
        iterate(start, halved, difference, Rounds(2, tolerance=0.5, progress=lambda _: None))


def test_nothing_stays_in_memory_and_the_plan_stays_short(spark: SparkSession) -> None:
    before = len(spark.sparkContext._jsc.getPersistentRDDs())
    start = spark.createDataFrame([(16.0,)], "x double")
    with kept(start.where("x > 0")) as shared:
        result = iterate(shared, halved, difference, Rounds(4, checkpoint_every=2, progress=lambda _: None))
    assert len(spark.sparkContext._jsc.getPersistentRDDs()) == before
    assert "Project" not in result._jdf.queryExecution().logical().toString()
    assert [row.x for row in result.collect()] == [1.0]


def test_a_step_that_reads_its_state_twice_finds_a_plan_as_short_in_every_round(spark: SparkSession) -> None:
    plans: list[str] = []

    def twice(state: DataFrame) -> DataFrame:
        plans.append(state._jdf.queryExecution().analyzed().toString())
        # Every pair of partitions is one of a product's: without this there would be more in every round.
        return state.join(halved(state).withColumnRenamed("x", "half")).select(F.col("half").alias("x")).coalesce(1)

    start = spark.createDataFrame([(16.0,)], "x double")
    iterate(start, twice, difference, Rounds(4, checkpoint_every=9, progress=lambda _: None))
    assert len(plans) == 4
    assert {len(plan.splitlines()) for plan in plans} == {1}


def documented() -> str:
    """The Python of the documentation's section on iterating."""
    section = (REPOSITORY / "docs" / "lakehouse.md").read_text().split("## Iterating", 1)[1]
    return section.split("```python\n", 1)[1].split("```", 1)[0]


LINKS = """
source: { kind: files, format: csv }
columns: [{ name: src, type: int, required: true }, { name: dst, type: int, required: true }]
"""
COMPONENTS = """
source: { kind: derived, from: [links] }
columns: [{ name: id, type: int, required: true }, { name: label, type: int, required: true }]
key: [id]
"""


@pytest.fixture
def linked(platform: Platform) -> Platform:
    chain = [(number, number + 1) for number in range(1, 5)]
    both_ways = [(a, b) for pair in [*chain, (20, 21), (21, 22)] for a, b in (pair, pair[::-1])]
    platform.arrive("links", "links.csv", "src,dst\n" + "".join(f"{a},{b}\n" for a, b in both_ways))
    platform.silver(platform.declare("links", LINKS))
    return platform


def test_the_ten_documented_lines_find_what_hangs_together(linked: Platform) -> None:
    linked.declare("components", COMPONENTS, documented(), "py")
    run_gold(linked.spark, linked.declarations, "components", linked.lake)
    assert linked.rows("gold.components") == [(n, 1) for n in range(1, 6)] + [(n, 20) for n in range(20, 23)]
    assert len([line for line in documented().splitlines() if line]) <= 10


def test_a_derived_dataset_that_does_not_settle_is_a_check_that_does_not_hold(linked: Platform) -> None:
    linked.declare("components", COMPONENTS, documented().replace("at_most=50", "at_most=1"), "py")
    with pytest.raises(CheckFailed, match="after 1 rounds the result still changes by"):
        run_gold(linked.spark, linked.declarations, "components", linked.lake)
