"""What keeping rounds in memory gains: PageRank over a generated graph, with the frame for iterating and without.

Run from the repository with `.basin/venv/bin/python bench/iterate.py`; exit code 1 when the gain is below 2. `--edges N`
makes it shorter, and then no result is written. Both ways run the demo's own steps over the same files, the same number
of rounds, each with its test for convergence; without caching every round is computed from the files again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "jobs"), str(ROOT / "datasets")]

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

RESULTS = ROOT / "bench" / "results" / "iterate.md"
EDGES = 5_000_000
EDGES_PER_NODE = 10
ROUNDS = 3
MUST = 2.0
MEMORY = "4g"


def session(scratch: str) -> SparkSession:
    environment = json.loads((ROOT / ".basin" / "environment.json").read_text())
    os.environ.update(JAVA_HOME=environment["java"]["home"], PYSPARK_PYTHON=environment["python"])
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--driver-memory {MEMORY} pyspark-shell"
    settings = {
        "spark.driver.extraClassPath": os.pathsep.join(environment["jars"]),
        "spark.local.dir": scratch,
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def generate(spark: SparkSession, edges: int, folder: str) -> None:
    """Edges from anywhere to nodes of which a few are far more popular than the rest."""
    nodes = edges // EDGES_PER_NODE
    origin = (F.rand(seed=1) * nodes).cast("long").alias("origin")
    dest = (F.pow(F.rand(seed=2), 3) * nodes).cast("long").alias("dest")
    spark.range(0, edges, numPartitions=4).select(origin, dest).write.parquet(folder)


def graph(spark: SparkSession, folder: str) -> DataFrame:
    edges = spark.read.parquet(folder)
    leaving = edges.groupBy("origin").agg(F.count("*").alias("total"))
    return edges.join(leaving, "origin").select("origin", "dest", (1 / F.col("total")).alias("share"))


def starting(shares: DataFrame) -> tuple[DataFrame, int]:
    nodes = shares.select(F.col("origin").alias("airport")).union(shares.select("dest")).distinct()
    number = nodes.count()
    return nodes.withColumn("rank", F.lit(1.0 / number)), number


def with_the_frame(spark: SparkSession, folder: str) -> float:
    from airport_rank import distance, following
    from basin_jobs.iterate import Rounds, iterate, kept

    with kept(graph(spark, folder)) as shares:
        start, number = starting(shares)
        ranks = iterate(start, lambda now: following(now, shares, number), distance, Rounds(ROUNDS))
    return highest(ranks)


def without_caching(spark: SparkSession, folder: str) -> float:
    from airport_rank import distance, following

    shares = graph(spark, folder)
    ranks, number = starting(shares)
    for _ in range(ROUNDS):
        moved = following(ranks, shares, number)
        distance(ranks, moved).collect()
        ranks = moved
    return highest(ranks)


def highest(ranks: DataFrame) -> float:
    return float(ranks.agg(F.max("rank")).collect()[0][0])


def timed(way: Callable[[SparkSession, str], float], spark: SparkSession, folder: str) -> tuple[float, float]:
    began = time.monotonic()
    result = way(spark, folder)
    seconds = time.monotonic() - began
    print(f"{way.__name__}: {seconds:.1f} s", file=sys.stderr, flush=True)
    return result, seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=EDGES)
    edges = parser.parse_args().edges
    with tempfile.TemporaryDirectory(prefix="basin-bench-") as scratch:
        spark = session(scratch)
        folders = {size: f"{scratch}/edges-{size}" for size in (edges // 100, edges)}
        for size, folder in folders.items():
            generate(spark, size, folder)
        for way in (with_the_frame, without_caching):
            way(spark, folders[edges // 100])  # what the first use of a class costs falls on neither
        kept, kept_seconds = timed(with_the_frame, spark, folders[edges])
        anew, anew_seconds = timed(without_caching, spark, folders[edges])
        spark.stop()
    if abs(kept - anew) > 1e-12:
        print(f"the results differ: {kept} and {anew}", file=sys.stderr)
        return 1
    report = rendered(edges, kept_seconds, anew_seconds)
    if edges == EDGES:
        RESULTS.write_text(report)
    print(report)
    return 0 if anew_seconds / kept_seconds >= MUST else 1


def rendered(edges: int, kept_seconds: float, anew_seconds: float) -> str:
    date = datetime.now(timezone.utc).date()
    machine = f"{os.cpu_count()} cores at a load of {os.getloadavg()[1]:.1f}, one Spark driver of {MEMORY}"
    ways = {"`basin_jobs.iterate`": kept_seconds, "nothing kept": anew_seconds}
    rows = [(name.ljust(20), f"{seconds:.1f} s".ljust(7)) for name, seconds in ways.items()]
    body = "\n".join(f"| {name} | {seconds} |" for name, seconds in rows)
    return f"""# Keeping rounds in memory

Measured {date} on {machine}: PageRank by the steps of
`airport_rank` over a generated graph of {edges:,} edges and about {edges // EDGES_PER_NODE:,} nodes in Parquet files,
{ROUNDS} rounds, each with its test for convergence; one way after the other in one session, after a run of each over a
hundredth of the graph. Where nothing is kept, every round is computed from the files. Both find the same highest rank.

| way                  | time    |
| -------------------- | ------- |
{body}

Gain: {anew_seconds / kept_seconds:.1f} ×; at least {MUST:.0f} × is demanded.
"""


if __name__ == "__main__":
    sys.exit(main())
