from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

ROUNDS = 3


def transform(spark: SparkSession, inputs: dict[str, DataFrame]) -> DataFrame:
    """Rank goes from suppliers to the parts that they send, and back."""
    sent = inputs["lines"].select("l_suppkey", "l_partkey").persist()
    ranks = sent.select("l_suppkey").distinct().withColumn("rank", F.lit(1.0))
    for _ in range(ROUNDS):
        parts = sent.join(ranks, "l_suppkey").groupBy("l_partkey").agg(F.avg("rank").alias("rank"))
        ranks = sent.join(parts, "l_partkey").groupBy("l_suppkey").agg(F.sum("rank").alias("rank"))
    return ranks
