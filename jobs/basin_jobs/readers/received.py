"""What was received from a stream, written as its archive would have it, and told apart from the archive by digests."""

from __future__ import annotations

from typing import Optional, Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.readers.lines import read_files, without_line_end
from basin_jobs.rows.records import RAW
from basin_jobs.storage import Storage

_DIGEST = "received:digest"
_LINE = "value"


def received_digests(spark: SparkSession, folders: Sequence[str]) -> Optional[DataFrame]:
    """Digests of the lines in those of the folders that are still there; None where there are none."""
    storage = Storage(spark)
    paths = [file.path for folder in folders for file in storage.files(folder) if holds_lines(file.path)]
    if not paths:
        return None
    return read_files(spark, paths, "text", lineSep="\n").select(_digest(_LINE).alias(_DIGEST)).distinct()


def without(lines: DataFrame, known: DataFrame) -> DataFrame:
    """Lines of `basin_jobs.readers.lines` whose digest is not known.

    By digest, because an hour of a large stream is more than a cluster should move about to compare it.
    """
    return lines.join(known, _digest(RAW) == F.col(_DIGEST), "left_anti")


def _digest(line: str) -> Column:
    return F.sha2(without_line_end(line).cast("binary"), 256)


def holds_lines(path: str) -> bool:
    """Whether a file is none of Spark's own marks."""
    return not path.rsplit("/", 1)[-1].startswith(("_", "."))
