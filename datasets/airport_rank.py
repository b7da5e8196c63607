"""PageRank: where a traveller is found who takes flights at random, and now and then starts anew at any airport."""

from basin_jobs.iterate import Rounds, iterate, kept
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

DAMPING = 0.85
ROUNDS = Rounds(at_most=50, tolerance=1e-4)


def transform(spark, inputs):
    flown = inputs["flights"].groupBy("origin", "dest").count()
    leaving = flown.groupBy("origin").agg(F.sum("count").alias("total"))
    routes = flown.join(leaving, "origin").select("origin", "dest", (F.col("count") / F.col("total")).alias("share"))
    with kept(routes) as shares:
        airports = shares.select(F.col("origin").alias("airport")).union(shares.select("dest")).distinct()
        number = airports.count()
        start = airports.withColumn("rank", F.lit(1.0 / number))
        return iterate(start, lambda ranks: following(ranks, shares, number), distance, ROUNDS)


def following(ranks: DataFrame, shares: DataFrame, number: int) -> DataFrame:
    """Ranks flow along routes; those of airports that nothing leaves from are spread over all, and lost nowhere."""
    arriving = (
        ranks.join(shares, F.col("airport") == F.col("origin"))
        .groupBy(F.col("dest").alias("airport"))
        .agg(F.sum(F.col("rank") * F.col("share")).alias("flown"))
    )
    moved = ranks.join(arriving, "airport", "left").select("airport", F.coalesce("flown", F.lit(0.0)).alias("flown"))
    stayed = moved.agg((1 - F.sum("flown")).alias("stayed"))
    rank = (1 - DAMPING) / number + DAMPING * (F.col("flown") + F.col("stayed") / number)
    return moved.crossJoin(F.broadcast(stayed)).select("airport", rank.alias("rank"))


def distance(before: DataFrame, after: DataFrame) -> DataFrame:
    """Sum of all changes of rank."""
    old = before.withColumnRenamed("rank", "old")
    return old.join(after, "airport").agg(F.sum(F.abs(F.col("rank") - F.col("old"))))
