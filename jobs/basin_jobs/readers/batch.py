"""Reads one batch's files by the declared format; what cannot be read is set aside, never dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional, Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

from basin_jobs.batches.counts import SetAside
from basin_jobs.changes.columns import COMMIT_TIME, OPERATION, is_technical
from basin_jobs.changes.read import read_changes
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.readers.columnar_files import column_names, read_columnar
from basin_jobs.readers.columnar_footer import Footer, read_footers
from basin_jobs.readers.csv_files import count_records, read_csv, undeclared_names
from basin_jobs.readers.csv_header import read_headers
from basin_jobs.readers.json_lines import parse_json
from basin_jobs.readers.lines import read_lines
from basin_jobs.readers.received import without
from basin_jobs.storage import Storage


@dataclass(frozen=True)
class Reading:
    """What a batch holds: typed records (None where no file can be read), files left out, names not declared."""

    records: Optional[DataFrame]
    set_aside: tuple[SetAside, ...] = ()
    undeclared: tuple[str, ...] = ()


def read_batch(
    spark: SparkSession,
    paths: Sequence[str],
    dataset: Dataset,
    schema: T.StructType,
    known: Optional[DataFrame] = None,
) -> Reading:
    """Typed records of the files; nothing but headers and footers is read before an action on them.

    Events whose digest is `known` (`basin_jobs.readers.received`) are left out.
    """
    hidden = [path for path in paths if path.rsplit("/", 1)[-1].startswith(("_", "."))]
    aside = tuple(SetAside(path, "is hidden from Spark by the _ or . that its name begins with") for path in hidden)
    seen = [path for path in paths if path not in hidden]
    if not seen:
        return Reading(None, aside)
    form = dataset.source.format
    if form == "json":
        lines = read_lines(spark, seen, dataset.source.encoding)
        return Reading(parse_json(lines if known is None else without(lines, known), dataset, schema), aside)
    reading = _read_csv(spark, seen, dataset, schema) if form == "csv" else _read_columnar(spark, seen, dataset, schema)
    return replace(reading, set_aside=aside + reading.set_aside)


def _read_csv(spark: SparkSession, paths: Sequence[str], dataset: Dataset, schema: T.StructType) -> Reading:
    headers, unreadable = read_headers(Storage(spark), paths, dataset)
    sound = [header for header in headers if header.fault is None]
    faulty = [header for header in headers if header.fault is not None]
    rows = count_records(spark, faulty, dataset) if faulty else {}
    aside = [SetAside(each.file, each.fault or "", rows.get(each.file, 0)) for each in faulty]
    records = read_csv(spark, sound, dataset, schema) if sound else None
    return Reading(records, (*unreadable, *aside), tuple(undeclared_names(sound, dataset)))


def _read_columnar(spark: SparkSession, paths: Sequence[str], dataset: Dataset, schema: T.StructType) -> Reading:
    footers, unreadable = read_footers(spark, paths, dataset.source.format)
    first_of_schema = {footer.schema: footer for footer in reversed(footers)}
    names = {key: column_names(spark, footer, dataset.source.format) for key, footer in first_of_schema.items()}
    database = dataset.source.kind == "database"
    required = [column.source_name for column in dataset.columns if column.required]
    if database:
        # What deletes a row has its key and no more.
        keys = [column.source_name for column in dataset.columns if column.name in dataset.key]
        required = [OPERATION, COMMIT_TIME, *keys]
    declared = {column.source_name for column in dataset.columns}
    sound: list[Footer] = []
    aside: list[SetAside] = []
    for footer in footers:
        missing = [name for name in required if name not in names[footer.schema]]
        if missing:
            reason = f"lacks the required column {', '.join(missing)}; it has: {', '.join(names[footer.schema])[:500]}"
            aside.append(SetAside(footer.file, reason, footer.rows))
        else:
            sound.append(footer)
    found = (name for footer in sound for name in names[footer.schema])
    undeclared = dict.fromkeys(name for name in found if name not in declared and not (database and is_technical(name)))
    read = read_changes if database else read_columnar
    records = read(spark, sound, dataset, schema) if sound else None
    return Reading(records, (*unreadable, *aside), tuple(undeclared))
