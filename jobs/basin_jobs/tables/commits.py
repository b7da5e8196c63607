"""What a commit says of the batch that made it: the proof that the batch is in the table, and what it counted."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Optional

from delta.tables import DeltaTable
from py4j.protocol import Py4JJavaError
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from basin_jobs.storage import Storage, is_missing
from basin_jobs.tables.snapshot import newest_version

_RECENT = 20  # commits in which one's own is looked for; upkeep may have come between
_HEAD_BYTES = 65_536
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
    commits = _all_commits(spark, table) if everywhere else recent_commits(spark, table)
    for commit in commits:
        if wanted.items() <= commit.note.items() and (up_to is None or commit.version <= up_to):
            return commit
    return None


def recent_commits(spark: SparkSession, table: str) -> Iterator[Commit]:
    """The newest commits, newest first, read from the log's own files: most often the first one is wanted."""
    newest, storage = newest_version(spark, table), Storage(spark)
    for version in range(newest, max(-1, newest - _RECENT), -1):
        path = f"{table.rstrip('/')}/_delta_log/{version:020d}.json"
        try:
            found = _commit_info(storage, path)
        except Py4JJavaError as error:
            if is_missing(error):  # older ones are in a checkpoint only
                return
            raise
        metrics = found.get("operationMetrics") or {}
        yield Commit(version, found.get("timestamp", 0) / 1000, _note_of(found.get("userMetadata")), metrics)


def _commit_info(storage: Storage, path: str) -> Mapping[str, Any]:
    """What a commit says of itself: Delta writes it first."""
    first, end, _ = storage.head(path, _HEAD_BYTES).partition(b"\n")
    lines = [first.decode()] if end else storage.read_text(path).splitlines()
    found = (json.loads(line).get("commitInfo") for line in lines if line)
    return next(filter(None, found), {})


def _all_commits(spark: SparkSession, table: str) -> Iterator[Commit]:
    history = DeltaTable.forPath(spark, table).history()
    rows = history.selectExpr("version", _TIME, "userMetadata", "operationMetrics")
    for row in rows.orderBy("version", ascending=False).collect():
        yield Commit(row["version"], row["time"], _note_of(row["userMetadata"]), row["operationMetrics"] or {})


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
