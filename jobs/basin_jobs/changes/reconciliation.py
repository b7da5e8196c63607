"""`<dataset>__reconciliation`: what became of every file and row of each batch, and how far full loads have come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.changes.columns import CHANGE
from basin_jobs.rows.records import REASONS
from basin_jobs.tables.beside import write_part
from basin_jobs.tables.existence import is_table

_SCHEMA = (
    "epoch string, batch bigint, files bigint, rows bigint, loaded bigint, inserted bigint, updated bigint,"
    " deleted bigint, unknown bigint, applied bigint, superseded bigint, rejected bigint, takenAway bigint,"
    " filesSetAside bigint, loads array<string>, lastChange string, loadComplete string"
)

_COUNTS = [
    name for name, kind in (each.split() for each in _SCHEMA.split(", ")) if kind == "bigint" and name != "batch"
]


@dataclass(frozen=True)
class Loads:
    """Places of the full loads not known to be whole, of the last change, and of the newest load that is whole."""

    open: tuple[str, ...] = ()
    last_change: Optional[str] = None
    complete: Optional[str] = None

    def then(self, loads: Sequence[str], last_change: Optional[str], alone: bool) -> Loads:
        """With what a batch brings.

        A load is whole once a change that is not older has come: DMS holds a table's changes back until then. One that
        no changes follow (`alone`) comes into raw as a whole. What stands follows from all that has come, in any order.
        """
        change = max(filter(None, (last_change, self.last_change)), default=None)
        known = sorted({*self.open, *loads})
        whole = [load for load in known if alone or (change is not None and load <= change)]
        complete = max(filter(None, (*whole, self.complete)), default=None)
        return Loads(tuple(load for load in known if complete is None or load > complete), change, complete)


def loads_before(spark: SparkSession, location: str, epoch: str, batch: int) -> Loads:
    """How far full loads had come before a batch."""
    if not is_table(spark, location):
        return Loads()
    earlier = spark.read.format("delta").load(location).where((F.col("epoch") == epoch) & (F.col("batch") < batch))
    rows = earlier.orderBy(F.col("batch").desc()).limit(1).collect()
    return Loads(tuple(rows[0]["loads"]), rows[0]["lastChange"], rows[0]["loadComplete"]) if rows else Loads()


def carry_loads(spark: SparkSession, location: str, epoch: str, following: str, batch: int) -> None:
    """Makes how far full loads had come in one epoch known to the batch with which another goes on from it."""
    loads = loads_before(spark, location, epoch, batch)
    known = {"loads": list(loads.open), "lastChange": loads.last_change, "loadComplete": loads.complete}
    record(spark, location, following, batch, {**dict.fromkeys(_COUNTS, 0), **known})


def operations(enforced: DataFrame) -> dict[str, int]:
    """Records of a batch by what they do, those that are rejected among them."""
    change = F.col(CHANGE)
    load, op = F.coalesce(change["load"], F.lit(False)), change["op"]
    row = enforced.agg(
        F.count_if(load).alias("loaded"),
        F.count_if(~load & (op == "I")).alias("inserted"),
        F.count_if(op == "U").alias("updated"),
        F.count_if(op == "D").alias("deleted"),
        F.count_if(~F.coalesce(op.isin("I", "U", "D"), F.lit(False))).alias("unknown"),
    ).collect()[0]
    return {name: int(count) for name, count in row.asDict().items()}


def loads_with(enforced: DataFrame, before: Loads, alone: bool) -> Loads:
    """How far full loads have come with a batch; `alone` where no changes follow a load."""
    change = F.col(CHANGE)
    row = (
        enforced.where(F.col(REASONS).isNull())
        .agg(
            F.collect_set(F.when(change["load"], change["place"])),
            F.max(F.when(~change["load"], change["place"])),
        )
        .collect()[0]
    )
    return before.then(row[0], row[1], alone)


def record(
    spark: SparkSession, location: str, epoch: str, batch: int, figures: Mapping[str, Any], again: bool = True
) -> None:
    """Makes the figures all that the table says of the batch; only of one that runs `again` can it say anything yet."""
    row = {"epoch": epoch, "batch": batch, **figures}
    names = [each.split()[0] for each in _SCHEMA.split(", ")]
    frame = spark.createDataFrame([tuple(row.get(name) for name in names)], _SCHEMA)
    write_part(frame, location, f"epoch = '{epoch}' and batch = {batch}", again)
