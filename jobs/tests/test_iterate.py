from __future__ import annotations

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.errors import CheckFailed
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
