"""One batch of changes into its table: the rows in one commit, then the marks, then the account of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, Optional, Union

from delta.tables import DeltaTable
from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.batches.manifest import Manifest
from basin_jobs.batches.rows import BatchRows
from basin_jobs.changes import events
from basin_jobs.changes.marks import read_marks, write_marks
from basin_jobs.changes.reconciliation import Loads, loads_before, loads_with, operations, record
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.layout import Layout
from basin_jobs.rows.records import quoted
from basin_jobs.tables.pruning import KeyRanges, key_ranges, same_key
from basin_jobs.tables.snapshot import file_count
from basin_jobs.tables.table import Table


@dataclass(frozen=True)
class Decided:
    """The events of a batch that take effect, one a key, where they lie, and the figures of what became of all."""

    rows: DataFrame
    ranges: Optional[KeyRanges]
    figures: dict[str, Any]


class ChangeWriter:
    """Applies batches of one dataset's changes in one life of its table."""

    def __init__(self, spark: SparkSession, dataset: Dataset, layout: Layout, epoch: str) -> None:
        self._spark = spark
        self._dataset = dataset
        self._layout = layout
        self._epoch = epoch

    @contextmanager
    def decided(self, batch: BatchRows, manifest: Manifest) -> Iterator[Decided]:
        """What takes effect, in memory until the block ends; the same again for a batch whose marks are not written."""
        before = loads_before(self._spark, self._layout.reconciliation, self._epoch, manifest.number)
        loads = loads_with(batch.enforced, before, self._dataset.source.mode == "full")
        found, ranges = self._found(batch, before, loads)
        rows = found.persist(StorageLevel.MEMORY_AND_DISK)
        try:
            own = F.col(events.OWN)
            applied = rows.agg(F.count_if(own), F.count_if(~own)).collect()[0]
            figures = {
                "files": len(manifest.files),
                "rows": batch.counts.rows_in,
                **operations(batch.enforced),
                "applied": applied[0],
                "superseded": batch.counts.rows_accepted - applied[0],
                "rejected": batch.counts.rows_rejected,
                "takenAway": applied[1],
                "filesSetAside": len(batch.counts.files_set_aside),
                "loads": list(loads.open),
                "lastChange": loads.last_change,
                "loadComplete": loads.complete,
            }
            yield Decided(rows, ranges, figures)
        finally:
            rows.unpersist()

    def write_rows(self, decided: Decided, table: Table) -> None:
        """Commits inserts, updates and deletes together."""
        names = self._dataset.column_names
        rows = decided.rows
        if table.files == 0:
            kept = rows.where(~F.col(events.DELETED)).select(*names)
            kept.write.format("delta").mode("append").save(table.location)
            return
        deleted = f"new.{quoted(events.DELETED)}"
        values: dict[str, Union[str, Column]] = {quoted(name): f"new.{quoted(name)}" for name in names}
        target = DeltaTable.forPath(self._spark, table.location).alias("old")
        merge = target.merge(rows.alias("new"), same_key(self._dataset, decided.ranges)).whenMatchedDelete(deleted)
        merge.whenMatchedUpdate(set=values).whenNotMatchedInsert(f"not {deleted}", values=values).execute()

    def settle(self, decided: Decided, manifest: Manifest, figures: dict[str, Any]) -> None:
        """What follows the commit; a run that died in between does it again without effect."""
        write_marks(self._spark, decided.rows, self._dataset, self._layout.marks, decided.ranges)
        record(self._spark, self._layout.reconciliation, self._epoch, manifest.number, figures, manifest.rerun)

    def _found(self, batch: BatchRows, before: Loads, loads: Loads) -> tuple[DataFrame, Optional[KeyRanges]]:
        """Events that take effect, and where their keys lie: what is known of other keys is not even read."""
        marks: Optional[DataFrame] = read_marks(self._spark, self._layout.marks)
        found, ranges = events.events_of(batch.accepted(), self._dataset), None
        if marks is not None and loads.complete is not None and loads.complete != before.complete:
            found = found.unionByName(events.taken_away(marks, self._dataset, loads.complete, found))
        elif marks is not None:
            ranges = key_ranges(found, self._dataset, file_count(self._spark, self._layout.marks))
        if marks is not None and ranges is not None:
            marks = marks.where(ranges.hold(F.col(quoted(ranges.column))))
        standing = events.standing(found, self._dataset, loads.complete)
        return events.later_than_marks(standing, marks, self._dataset), ranges
