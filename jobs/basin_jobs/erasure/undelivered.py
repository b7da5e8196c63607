"""Events that a delivery stream could not write: text lines beside raw's datasets, each with its event in Base64."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.erasure.record import Finding, findings_by
from basin_jobs.erasure.scope import tells_of
from basin_jobs.readers.lines import path_of, read_files
from basin_jobs.storage import Storage

_LINE = "value"


def findings_undelivered(spark: SparkSession, folder: str, subject: str) -> list[Finding]:
    """The files below the folder that hold events of the subject."""
    paths = [file.path for file in Storage(spark).files(folder) if file.bytes > 0]
    if not paths:
        return []
    return findings_by(F.col("path"), _lines(spark, paths).where(_tells(subject)), [_LINE])


def rewrite_undelivered(spark: SparkSession, path: str, subject: str, temporary: str) -> None:
    """Puts the file without the subject's events in its place."""
    storage, kept = Storage(spark), _lines(spark, [path]).where(~_tells(subject)).select(_LINE)
    beside = f"{temporary}/undelivered"
    storage.write_over(beside, (f"{row[0]}\n".encode() for row in kept.toLocalIterator()))
    storage.replace(beside, path)
    storage.remove(temporary)


def _lines(spark: SparkSession, paths: list[str]) -> DataFrame:
    lines = read_files(spark, paths, "text", lineSep="\n")
    return lines.select(_LINE, path_of(F.col("_metadata.file_path")).alias("path"))


def _tells(subject: str) -> Column:
    event = F.expr(f"cast(try_to_binary(get_json_object({_LINE}, '$.rawData'), 'base64') as string)").alias("event")
    return tells_of(F.col(_LINE), subject) | tells_of(event, subject)
