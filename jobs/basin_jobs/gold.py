"""silver and gold → gold: a derived dataset computed anew and put in its table's place in one commit."""

from __future__ import annotations

import time
from typing import Any, Mapping

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.batches.counts import Counts
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.declarations.schema import declared_schema
from basin_jobs.derived.derivation import derivation_of
from basin_jobs.derived.following import Following
from basin_jobs.derived.incremental import require_incremental
from basin_jobs.derived.inputs import open_inputs, waiting_since
from basin_jobs.derived.result import derived_records, require_one_row_a_key
from basin_jobs.errors import InputError
from basin_jobs.layout import Layout, layout_of
from basin_jobs.report import Outcome, Report, table_report
from basin_jobs.rows.enforcement import count_judged, enforce, require_few_rejects, validate_checks
from basin_jobs.rows.records import REASONS
from basin_jobs.tables.beside import rejected_records, replace_all
from basin_jobs.tables.commits import find_commit, noted
from basin_jobs.tables.existence import is_table
from basin_jobs.tables.table import open_table


def run_gold(spark: SparkSession, declarations: Declarations, name: str, lake: str) -> Report:
    """Computes a derived dataset where its inputs, its computation or its declaration have changed; else does nothing.

    Args:
        spark: the session.
        declarations: the dataset's and its inputs'.
        name: the dataset's name.
        lake: root of the lake.

    Raises:
        InputError: the declaration, the computation or an input is wrong; the table is as it was.
        CheckFailed: the result breaks its declaration in more rows than `maxRejected` allows, or in its key; likewise.
    """
    dataset = declarations.dataset(name)
    if dataset.source.kind != "derived":
        raise InputError(f"{name} is {dataset.source.kind}: gold takes derived datasets")
    schema = declared_schema(spark, dataset)
    validate_checks(spark, dataset, schema)
    derivation, layout = derivation_of(declarations, name), layout_of(dataset, lake)
    inputs = open_inputs(spark, declarations, dataset.source.inputs, lake)
    states = {"inputs": {each.name: each.state for each in inputs}, "derivation": derivation.fingerprint(dataset)}
    there = is_table(spark, layout.table)
    last = find_commit(spark, layout.table, {"operation": "gold"}, everywhere=True) if there else None
    if last is not None and states.items() <= last.note.items():
        return table_report(spark, dataset, layout.table, Outcome(0, Counts(), _total(spark, last.note, layout)))

    waiting = waiting_since(spark, inputs, last)
    incremental = dataset.source.refresh == "incremental"
    source = require_incremental(spark, declarations, dataset, derivation) if incremental else None
    records = derived_records(derivation.compute(spark, inputs), dataset, schema, derivation.file)
    open_table(spark, dataset, schema, layout.table)
    note = {
        "operation": "gold",
        "run": (last.note["run"] if last else 0) + 1,
        "read": {each.name: each.version for each in inputs},
        **states,
    }
    follow = Following(spark, dataset, derivation, layout)
    counts = follow.bring_in(source, inputs[0], last, note, schema) if source and last else None
    if counts is None:
        counts = _replace(spark, enforce(records, dataset), dataset, layout, note)
        total = counts
    else:
        total = _total(spark, {**note, "follows": True}, layout)
    age = 0.0 if waiting is None else time.time() - waiting
    return table_report(spark, dataset, layout.table, Outcome(1, counts, total, commit_age=age))


def _total(spark: SparkSession, note: Mapping[str, Any], layout: Layout) -> Counts:
    """What the table and its rejects hold: as noted by a run that made all of it, else counted."""
    if not note.get("follows"):
        return Counts.from_json(note["counts"])
    rows = spark.read.format("delta").load(layout.table).count()
    there = is_table(spark, layout.rejected)
    rejected = spark.read.format("delta").load(layout.rejected).count() if there else 0
    return Counts(rows_in=rows + rejected, rows_accepted=rows, rows_rejected=rejected)


def _replace(
    spark: SparkSession, judged: DataFrame, dataset: Dataset, layout: Layout, note: dict[str, object]
) -> Counts:
    """Checks the whole result first; only then do the rejects and, last, the table take its place."""
    enforced = judged.persist(StorageLevel.MEMORY_AND_DISK)
    try:
        count = count_judged(enforced)
        require_few_rejects(enforced, count, dataset, "the result")
        rows = enforced.where(F.col(REASONS).isNull()).select(*dataset.column_names)
        require_one_row_a_key(rows, dataset)
        if count.rejected or is_table(spark, layout.rejected):
            replace_all(rejected_records(enforced, int(str(note["run"]))), layout.rejected)
        counts = Counts(rows_in=count.records, rows_accepted=count.accepted, rows_rejected=count.rejected)
        with noted(spark, {**note, "counts": counts.to_json()}):
            # A plain overwrite drops the table's clustering columns; a replacement of every row keeps them (Delta 3.3).
            rows.write.format("delta").mode("overwrite").option("replaceWhere", "true").save(layout.table)
        return counts
    finally:
        enforced.unpersist()
