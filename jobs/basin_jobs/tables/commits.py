"""What a commit says of the batch that made it: the proof that the batch is in the table, and what it counted."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Optional

from delta.tables import DeltaTable
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

_RECENT = 20  # commits in which one's own is looked for; upkeep may have come between
_MADE_BY = "basin"
_TIME = "unix_millis(timestamp) / 1000 as time"
_UPKEEP = (
    "add constraint",
    "cluster by",
    "drop constraint",
    "optimize",
    "set tblproperties",
    "vacuum end",
    "vacuum start",
)


@dataclass(frozen=True)
class Commit:
    """A version of a table, when it came (seconds since 1970), its writer's note, and Delta's metrics of it."""

    version: int
    time: float
    note: Mapping[str, Any]
    metrics: Mapping[str, str]


@contextmanager
def noted(spark: SparkSession, note: Mapping[str, Any], batch: Optional[tuple[str, int]] = None) -> Iterator[None]:
    """Within it, commits carry the note and, as a batch `(application, number)`, take effect once.

    Delta drops a write whose number its table already has from that application, also a MERGE, which has no options.
    """
    settings = {"spark.databricks.delta.commitInfo.userMetadata": json.dumps({"by": _MADE_BY, **note})}
    if batch is not None:
        settings["spark.databricks.delta.write.txnAppId"] = batch[0]
        settings["spark.databricks.delta.write.txnVersion"] = str(batch[1])
    for key, value in settings.items():
        spark.conf.set(key, value)
    try:
        yield
    finally:
        for key in settings:
            spark.conf.unset(key)


def find_commit(
    spark: SparkSession, table: str, wanted: Mapping[str, Any], everywhere: bool = False, up_to: Optional[int] = None
) -> Optional[Commit]:
    """The newest commit, or newest up to a version, whose note holds all of `wanted`; recent ones only, or all."""
    history = DeltaTable.forPath(spark, table).history(*(() if everywhere else (_RECENT,)))
    for row in (
        history.selectExpr("version", _TIME, "userMetadata", "operationMetrics")
        .orderBy("version", ascending=False)
        .collect()
    ):
        note = _note_of(row["userMetadata"])
        if wanted.items() <= note.items() and (up_to is None or row["version"] <= up_to):
            return Commit(row["version"], row["time"], note, row["operationMetrics"] or {})
    return None


def newest_version(spark: SparkSession, table: str) -> int:
    """The table's version as of now."""
    return int(DeltaTable.forPath(spark, table).history(1).select("version").collect()[0][0])


def changed_version(spark: SparkSession, table: str) -> int:
    """The newest version that may differ from the one before it in what a reader sees: upkeep changes nothing.

    Of a table whose log an erasure has cut off it is the first one that is left.
    """
    history = DeltaTable.forPath(spark, table).history
    for commits in (history(_RECENT), history()):
        found = commits.where(~_is_upkeep()).agg(F.max("version")).collect()[0][0]
        if found is not None:
            return int(found)
    return int(history().agg(F.min("version")).collect()[0][0])


def first_change(spark: SparkSession, table: str, after: int) -> Optional[float]:
    """When readers first saw something else than in a version, in seconds since 1970; None where they have not."""
    later = DeltaTable.forPath(spark, table).history().where(F.col("version") > after)
    found = later.where(~_is_upkeep()).selectExpr(_TIME).agg(F.min("time")).collect()[0][0]
    return None if found is None else float(found)


def _is_upkeep() -> Column:
    return F.lower("operation").isin(*_UPKEEP)


def _note_of(text: Optional[str]) -> dict[str, Any]:
    try:
        note = json.loads(text or "{}")
    except ValueError:
        return {}
    return note if isinstance(note, dict) and note.get("by") == _MADE_BY else {}
