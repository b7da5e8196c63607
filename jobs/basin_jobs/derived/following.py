"""A derived table that takes in what has changed in its one source, instead of being computed anew."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Optional

from py4j.protocol import Py4JJavaError
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.batches.counts import Counts
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.derived.changes import GONE, changed_rows, merge_changes
from basin_jobs.derived.derivation import Derivation
from basin_jobs.derived.inputs import Input
from basin_jobs.derived.result import derived_records
from basin_jobs.layout import Layout
from basin_jobs.rows.enforcement import count_judged, enforce, require_few_rejects
from basin_jobs.sql.statements import first_line
from basin_jobs.tables.beside import rejected_records, write_batch
from basin_jobs.tables.commits import Commit, noted


@dataclass(frozen=True)
class Following:
    """One derived dataset and where it lies."""

    spark: SparkSession
    dataset: Dataset
    derivation: Derivation
    layout: Layout

    def bring_in(
        self, source: Dataset, read: Input, last: Commit, note: dict[str, Any], schema: T.StructType
    ) -> Optional[Counts]:
        """Commits what changed since the last run; None where the whole has to be computed.

        That is so after another computation or source, and where the feed does not reach back to the last run.
        """
        same_table = last.note["inputs"].get(source.name, "").split("@")[0] == read.state.split("@")[0]
        since = last.note.get("read", {}).get(source.name)
        if last.note["derivation"] != note["derivation"] or not same_table or since is None:
            return None
        changed = changed_rows(self.spark, source, read.location, since, read.version)
        kept = changed.persist(StorageLevel.MEMORY_AND_DISK)
        try:
            kept.count()
            return self._merge(source, kept, note, schema)
        except (PySparkException, Py4JJavaError) as error:
            print(f"basin: {self.dataset.name} is computed anew: {first_line(error)}", file=sys.stderr)
            return None
        finally:
            kept.unpersist()

    def _merge(self, source: Dataset, changed: DataFrame, note: dict[str, Any], schema: T.StructType) -> Counts:
        rows = changed.where(~F.col(GONE)).drop(GONE)
        result = self.derivation.over(self.spark, {source.name: rows})
        judged = enforce(derived_records(result, self.dataset, schema, self.derivation.file), self.dataset)
        enforced = judged.persist(StorageLevel.MEMORY_AND_DISK)
        try:
            count = count_judged(enforced)
            require_few_rejects(enforced, count, self.dataset, "the changes")
            if count.rejected:
                run = int(note["run"])
                write_batch(rejected_records(enforced, run), self.layout.rejected, run, again=True)
            counts = Counts(rows_in=count.records, rows_accepted=count.accepted, rows_rejected=count.rejected)
            with noted(self.spark, {**note, "follows": True, "counts": counts.to_json()}):
                merge_changes(self.spark, changed, enforced, self.dataset, self.layout.table)
            return counts
        finally:
            enforced.unpersist()
