"""How a table's files are, told from its log alone: nothing is listed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.tables.snapshot import snapshot

TARGET_BYTES = "spark.databricks.delta.optimize.maxFileSize"
_DEFAULT_TARGET = 256 * 1024**2
# Delta's metrics of bytes that a commit has taken out of the table, by operation: MERGE, RESTORE, the others.
_REMOVED = ("numTargetBytesRemoved", "removedFilesSize", "numRemovedBytes")


@dataclass(frozen=True)
class Figures:
    """Files and bytes of the newest version, and bytes of older ones that no reader needs any more."""

    files: int
    bytes: int
    small_files: int
    small_bytes: int
    unclustered_files: int
    unclustered_bytes: int
    unneeded_bytes: int
    target_bytes: int

    def to_json(self) -> dict[str, int]:
        """With the names of the upkeep report."""
        return {_camel(name): value for name, value in asdict(self).items()}


def measure(spark: SparkSession, location: str, clustered: bool, needed_since: datetime) -> Figures:
    """The figures of a table.

    Args:
        spark: its settings have the size that a file should have.
        location: the table's.
        clustered: whether its files should be.
        needed_since: the time whose version is the oldest one that anybody may still read.
    """
    target = target_bytes(spark)
    size, small = F.col("size"), F.col("size") < target // 2
    apart = F.lit(clustered) & F.col("clusteringProvider").isNull()
    row = (
        files_of(spark, location)
        .agg(
            F.count(F.lit(1)).alias("files"),
            F.coalesce(F.sum(size), F.lit(0)).alias("bytes"),
            F.count_if(small).alias("small_files"),
            F.coalesce(F.sum(F.when(small, size)), F.lit(0)).alias("small_bytes"),
            F.count_if(apart).alias("unclustered_files"),
            F.coalesce(F.sum(F.when(apart, size)), F.lit(0)).alias("unclustered_bytes"),
        )
        .collect()[0]
    )
    return Figures(**row.asDict(), unneeded_bytes=_unneeded_bytes(spark, location, needed_since), target_bytes=target)


def target_bytes(spark: SparkSession) -> int:
    """The size that a table's file should have, as the step's settings say."""
    return int(spark.conf.get(TARGET_BYTES, None) or _DEFAULT_TARGET)


def files_of(spark: SparkSession, location: str) -> DataFrame:
    """The newest version's files as Delta's log has them: path, size, clusteringProvider, stats and more."""
    return DataFrame(snapshot(spark, location).allFiles().toDF(), spark)


def _unneeded_bytes(spark: SparkSession, location: str, needed_since: datetime) -> int:
    """Bytes taken out since the last vacuum and before the oldest version that is needed."""
    if _made(spark, location) >= needed_since:
        return 0
    removed = 0
    for row in DeltaTable.forPath(spark, location).history().orderBy("version", ascending=False).collect():
        if row["operation"] == "VACUUM END":
            break
        if row["timestamp"] < needed_since:
            metrics = row["operationMetrics"] or {}
            removed += next((int(metrics[name]) for name in _REMOVED if name in metrics), 0)
    return removed


def _made(spark: SparkSession, location: str) -> datetime:
    """When the table was made: its history, which has to be read for it, says nothing of what was before."""
    created = snapshot(spark, location).metadata().createdTime()
    return datetime.utcfromtimestamp(created.get() / 1000) if created.isDefined() else datetime.min


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
