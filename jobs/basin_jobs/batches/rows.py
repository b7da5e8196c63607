"""A batch in memory: read once, judged, counted, and only then used."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Iterator, Optional

from py4j.protocol import Py4JJavaError
from pyspark import StorageLevel
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.batches.counts import Counts, SetAside
from basin_jobs.batches.manifest import Manifest
from basin_jobs.batches.uploads import not_as_sent
from basin_jobs.changes.columns import CHANGE, KEY_BEFORE
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import InputError
from basin_jobs.readers.batch import Reading, read_batch
from basin_jobs.readers.received import received_digests
from basin_jobs.readers.unreadable import find_unreadable
from basin_jobs.rows.enforcement import Judged, count_judged, enforce, require_few_rejects
from basin_jobs.rows.records import ARRIVAL, FILE, RAW, REASONS, UNDECLARED, quoted
from basin_jobs.storage import Storage


@dataclass(frozen=True)
class BatchRows:
    """Enforced records with their counts; `rows_superseded` is known only after the merge."""

    enforced: DataFrame
    counts: Counts
    has_undeclared_fields: bool
    undeclared: tuple[str, ...]

    def accepted(self) -> DataFrame:
        """Records that are rows."""
        return self.enforced.where(F.col(REASONS).isNull())

    def with_undeclared(self) -> DataFrame:
        """Rows whose records have fields that are not declared."""
        return self.accepted().where(F.col(UNDECLARED))


@contextmanager
def load_batch(
    spark: SparkSession, manifest: Manifest, dataset: Dataset, schema: T.StructType, manifest_path: str
) -> Iterator[BatchRows]:
    """Reads and judges a batch; it stays in memory, and beyond that on local disks, until the block ends.

    Raises:
        InputError: a file of the manifest is gone.
        CheckFailed: the share of rejected records is above the dataset's `max_rejected`.
    """
    damaged = not_as_sent(Storage(spark), manifest.files)
    left_out = {file.file for file in damaged}
    paths = [file.path for file in manifest.files if file.path not in left_out]
    try:
        known = received_digests(spark, manifest.received)
        reading = read_batch(spark, paths, dataset, schema, known)
    except AnalysisException:
        _require_files(Storage(spark), paths, manifest_path)
        raise
    enforced = _judged(spark, reading, dataset, schema)
    try:
        try:
            count = count_judged(enforced)
        except Py4JJavaError as error:
            _require_files(Storage(spark), paths, manifest_path)
            enforced.unpersist()
            reading = _readable(spark, paths, dataset, schema, known, error)
            enforced = _judged(spark, reading, dataset, schema)
            count = count_judged(enforced)
        if known is not None and count.rejected > dataset.max_rejected * count.records:
            # What the archive has besides may be one broken record: it is measured by all that it is told apart from.
            count = replace(count, known=known.count())
        require_few_rejects(enforced, count, dataset, f"batch {manifest.number}")
        yield BatchRows(
            enforced, _counts(count, (*damaged, *reading.set_aside)), count.undeclared > 0, reading.undeclared
        )
    finally:
        enforced.unpersist()


def _readable(
    spark: SparkSession,
    paths: list[str],
    dataset: Dataset,
    schema: T.StructType,
    without: Optional[DataFrame],
    error: Py4JJavaError,
) -> Reading:
    """What is left of the files without those that cannot be decoded; the error again where there is none of them."""
    form = "text" if dataset.source.format in ("csv", "json") else dataset.source.format
    broken = find_unreadable(spark, paths, form)
    if not broken:
        raise error
    known = {file.file for file in broken}
    reading = read_batch(spark, [path for path in paths if path not in known], dataset, schema, without)
    return replace(reading, set_aside=(*reading.set_aside, *broken))


def _judged(spark: SparkSession, reading: Reading, dataset: Dataset, schema: T.StructType) -> DataFrame:
    """The enforced records, to be kept at the first action: one pass over the source."""
    records = reading.records
    enforced = _no_records(spark, schema, dataset) if records is None else enforce(records, dataset)
    return enforced.persist(StorageLevel.MEMORY_AND_DISK)


def _no_records(spark: SparkSession, schema: T.StructType, dataset: Dataset) -> DataFrame:
    place = "struct<modified: timestamp, block: bigint, number: bigint>"
    types = {FILE: "string", ARRIVAL: place, REASONS: "array<string>", UNDECLARED: "boolean", RAW: "string"}
    if dataset.source.kind == "database":
        key = ", ".join(f"{quoted(name)}: {schema[name].dataType.simpleString()}" for name in dataset.key)
        types.update({CHANGE: "struct<op: string, place: string, load: boolean>", KEY_BEFORE: f"struct<{key}>"})
    technical = (F.lit(None).cast(type_).alias(name) for name, type_ in types.items())
    return spark.createDataFrame([], schema).select("*", *technical)


def _counts(count: Judged, set_aside: tuple[SetAside, ...]) -> Counts:
    aside = sum(file.rows for file in set_aside)
    return Counts(
        rows_in=count.records + aside,
        rows_accepted=count.accepted,
        rows_rejected=count.rejected,
        rows_set_aside=aside,
        files_set_aside=set_aside,
    )


def _require_files(storage: Storage, paths: list[str], manifest_path: str) -> None:
    gone = [path for path in paths if not storage.exists(path)]
    if gone:
        raise InputError(
            f"{len(gone)} of the batch's files are gone, the first is {gone[0]}: put them back, or remove"
            f" {manifest_path} so that the batch is made anew; it has not touched the table"
        )
