"""Upkeep of one dataset's tables, each as far as its figures say that it is worth it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Optional

from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.layout import layout_of
from basin_jobs.tables.commits import noted
from basin_jobs.tables.existence import is_table
from basin_jobs.tables.table import require_table
from basin_jobs.upkeep.decision import why_cluster, why_compact, why_vacuum
from basin_jobs.upkeep.figures import Figures, measure
from basin_jobs.upkeep.horizon import needed_since, pinned_seconds, readers_lag

PREFIX = "BASIN_UPKEEP "
_NOTE = {"operation": "maintain"}
_DELTAS_OWN = 7 * 86_400  # of tables that have no such property


@dataclass(frozen=True)
class Kept:
    """For how long old versions are needed, and what the table's own property says of that already."""

    seconds: int
    own_seconds: int

    @property
    def hours(self) -> Optional[int]:
        """What a vacuum is told: Delta takes whole hours, and by itself its property, to which it holds anybody."""
        return None if self.seconds <= self.own_seconds else -(-self.seconds // 3600)


@dataclass(frozen=True)
class Upkeep:
    """What was done to one table and why, and its figures before and after."""

    table: str
    before: Figures
    after: Figures
    compacted: Optional[str]
    vacuumed: Optional[str]

    def line(self, dataset: str) -> str:
        """`BASIN_UPKEEP {json}`."""
        values: dict[str, Any] = {
            "version": 1,
            "dataset": dataset,
            "table": self.table,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "compacted": self.compacted,
            "vacuumed": self.vacuumed,
        }
        return PREFIX + json.dumps(values, ensure_ascii=False)


def maintain(
    spark: SparkSession, declarations: Declarations, name: str, lake: str, now: Optional[datetime] = None
) -> list[Upkeep]:
    """Keeps up a dataset's table, its rejected records and its undeclared fields.

    Args:
        spark: its settings have the size that a file should have.
        declarations: the dataset's, and of those that follow it.
        name: the dataset's name.
        lake: root of the lake.
        now: the time from which history counts; the clock's when left out.

    Raises:
        InputError: there is no such table.
    """
    dataset, moment = declarations.dataset(name), now or datetime.now(timezone.utc)
    layout = layout_of(dataset, lake)
    require_table(spark, dataset, layout.table)
    own = max(dataset.history_seconds, pinned_seconds(spark, dataset, layout.table, moment.date()))
    lag = readers_lag(declarations, name)
    beside = [each for each in (layout.rejected, layout.extra) if is_table(spark, each)]
    kept = Kept(max(own, lag), own)
    kept_beside = Kept(max(dataset.history_seconds, _DELTAS_OWN), _DELTAS_OWN)
    return [
        _keep_up(spark, layout.table, bool(dataset.cluster_by), kept, moment),
        *(_keep_up(spark, each, False, kept_beside, moment) for each in beside),
    ]


def keep_compact(spark: SparkSession, dataset: Dataset, location: str) -> Optional[str]:
    """Between two batches: joins and clusters files where that is worth it; old files wait for `maintain`."""
    clustered = bool(dataset.cluster_by)
    figures = measure(spark, location, clustered, datetime.min)
    return _compact(spark, location, figures)


def _keep_up(spark: SparkSession, location: str, clustered: bool, kept: Kept, now: datetime) -> Upkeep:
    since = needed_since(now, kept.seconds)
    before = measure(spark, location, clustered, since)
    compacted = _compact(spark, location, before)
    vacuumed = why_vacuum(before)
    if vacuumed is not None:
        _vacuum(spark, location, kept.hours)
    changed = compacted is not None or vacuumed is not None
    after = measure(spark, location, clustered, since) if changed else before
    return Upkeep(location, before, after, compacted, vacuumed)


def _compact(spark: SparkSession, location: str, figures: Figures) -> Optional[str]:
    reason = why_cluster(figures) or why_compact(figures)
    if reason is not None:
        with noted(spark, _NOTE):
            DeltaTable.forPath(spark, location).optimize().executeCompaction()
    return reason


def _vacuum(spark: SparkSession, location: str, hours: Optional[int]) -> None:
    # Without it a vacuum leaves no trace in the history, and the next one could not tell what is left to do.
    logging = "spark.databricks.delta.vacuum.logging.enabled"
    spark.conf.set(logging, "true")
    try:
        DeltaTable.forPath(spark, location).vacuum(hours)
    finally:
        spark.conf.unset(logging)
