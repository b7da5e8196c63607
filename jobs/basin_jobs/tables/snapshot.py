"""A table's newest version as Delta's log has it, asked of Delta itself: no query is planned or run for it."""

from __future__ import annotations

from typing import Any, Optional

from pyspark.sql import SparkSession


def snapshot(spark: SparkSession, location: str) -> Any:
    """Delta's own object, brought up to date; of version -1 where a log holds no version."""
    jvm: Any = spark._jvm
    nothing = jvm.scala.Option.empty()
    log = jvm.org.apache.spark.sql.delta.DeltaLog.forTable(spark._jsparkSession, location)
    return log.update(False, nothing, nothing)


def newest_version(spark: SparkSession, location: str) -> int:
    """The table's version as of now."""
    return int(snapshot(spark, location).version())


def file_count(spark: SparkSession, location: str) -> int:
    """Files of the newest version."""
    return int(snapshot(spark, location).numOfFiles())


def table_property(found: Any, name: str) -> Optional[str]:
    """A table's property as of a snapshot; None where it has none of that name."""
    value = found.metadata().configuration().get(name)
    return str(value.get()) if value.isDefined() else None
