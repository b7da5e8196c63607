"""Which change of a key stands. Only an event's place at the source decides, so that no order of arrival matters.

A place is text: commit time, change sequence, and 1, or 0 for what a later full load takes away. Of two events of a key
the one of the higher place stands; a key that a full load no longer has is deleted at the load's own place.
"""

from __future__ import annotations

from functools import reduce
from typing import Optional

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from basin_jobs.changes.columns import CHANGE, KEY_BEFORE
from basin_jobs.declarations.dataset import Dataset

PLACE = "change:place"
DELETED = "change:deleted"
OWN = "change:own"
"""boolean: the record's own key, and not what follows from it for another one."""

_RANK = "change:rank"


def events_of(accepted: DataFrame, dataset: Dataset) -> DataFrame:
    """Declared columns, PLACE, OWN and DELETED of each event; an update of a key also deletes what it was."""
    change = F.col(CHANGE)
    place = F.concat(change["place"], F.lit(" 1")).alias(PLACE)
    deleted = (change["op"] == "D").alias(DELETED)
    own = accepted.select(*dataset.column_names, place, F.lit(True).alias(OWN), deleted)
    before = F.col(KEY_BEFORE)
    differs = reduce(lambda left, right: left | right, (~before[name].eqNullSafe(F.col(name)) for name in dataset.key))
    moved = accepted.where((change["op"] == "U") & before.isNotNull() & differs)
    types = dict(accepted.dtypes)
    old = (before[name] if name in dataset.key else F.lit(None).cast(types[name]) for name in dataset.column_names)
    named = [value.alias(name) for name, value in zip(dataset.column_names, old)]
    return own.unionByName(moved.select(*named, place, F.lit(False).alias(OWN), F.lit(True).alias(DELETED)))


def taken_away(marks: DataFrame, dataset: Dataset, load: str, like: DataFrame) -> DataFrame:
    """Events that delete what was there before a full load and is not in it."""
    kinds = dict(like.dtypes)
    gone = marks.where(~F.col(DELETED) & (F.col(PLACE) < load))
    values = [F.col(name) if name in dataset.key else F.lit(None).cast(kinds[name]) for name in dataset.column_names]
    return gone.select(
        *(value.alias(name) for name, value in zip(dataset.column_names, values)),
        F.lit(load + " 0").alias(PLACE),
        F.lit(False).alias(OWN),
        F.lit(True).alias(DELETED),
    )


def standing(events: DataFrame, dataset: Dataset, since: Optional[str]) -> DataFrame:
    """The event that stands of each key, without what lies before the last full load."""
    current = events if since is None else events.where(F.col(PLACE) >= since)
    last = Window.partitionBy(*dataset.key).orderBy(F.col(PLACE).desc(), F.col(DELETED).asc())
    ranked = current.withColumn(_RANK, F.row_number().over(last))
    return ranked.where(F.col(_RANK) == 1).drop(_RANK)


def later_than_marks(events: DataFrame, marks: Optional[DataFrame], dataset: Dataset) -> DataFrame:
    """Those events, one a key, that are later than what is known of their key."""
    if marks is None:
        return events
    known = marks.select(*(F.col(name).alias(f"mark:{name}") for name in dataset.key), F.col(PLACE).alias("mark:place"))
    same = reduce(lambda left, right: left & right, (F.col(n).eqNullSafe(F.col(f"mark:{n}")) for n in dataset.key))
    joined = events.join(known, same, "left")
    newer: Column = F.col("mark:place").isNull() | (F.col(PLACE) > F.col("mark:place"))
    return joined.where(newer).select(*events.columns)
