"""How far back versions are needed: the declared history, the slowest reader, the pins."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta, timezone
from typing import Mapping, Sequence

from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from basin_jobs.declarations.dataset import Dataset, Pin
from basin_jobs.declarations.folder import Declarations

_DAY = timedelta(days=1)


def pinned_seconds(spark: SparkSession, dataset: Dataset, location: str, today: date) -> int:
    """Seconds from the oldest pinned version to the end of the pin that lasts longest beyond it; 0 without pins.

    As a table's retention this keeps every pinned version up to its day, and does not change from day to day. A version
    that the table does not have yet is one of another stack's; of one that it has no more the user is told.
    """
    pins = [pin for pin in dataset.pins if pin.until >= today]
    if not pins:
        return 0
    history = DeltaTable.forPath(spark, location).history().select("version", "timestamp").collect()
    made = {row["version"]: row["timestamp"] for row in history}
    for pin in pins:
        if pin.version < min(made):
            print(f"basin: {dataset.name}: pinned version {pin.version} is gone ({pin.why})", file=sys.stderr)
    return longest_pin(pins, made)


def longest_pin(pins: Sequence[Pin], made: Mapping[int, datetime]) -> int:
    """The same, given when each version was made (UTC)."""
    ends = {pin: datetime(pin.until.year, pin.until.month, pin.until.day) + _DAY for pin in pins if pin.version in made}
    return max((round((end - made[pin.version]).total_seconds()) for pin, end in ends.items()), default=0)


def readers_lag(declarations: Declarations, name: str) -> int:
    """Seconds by which the slowest dataset that follows this one by its changes may be behind."""
    followers = [declarations.dataset(each) for each in declarations.followers(name)]
    # A run may fail and be repeated before the next one is due.
    return max((2 * each.freshness_seconds for each in followers), default=0)


def needed_since(now: datetime, *seconds: int) -> datetime:
    """The time whose version is the oldest one needed, as Spark tells times: UTC, without a zone."""
    return now.astimezone(timezone.utc).replace(tzinfo=None) - timedelta(seconds=max(seconds))
