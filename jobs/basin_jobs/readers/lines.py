"""Text files as lines, byte for byte, in any declared encoding."""

from __future__ import annotations

from typing import Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.records import ARRIVAL, FAULT, FILE, RAW

_WHOLE_FILE_ENCODINGS = ("UTF-16", "UTF-16LE", "UTF-16BE")
BYTE_ORDER_MARK = "\ufeff"
REPLACEMENT = "\ufffd"


def read_lines(spark: SparkSession, paths: Sequence[str], encoding: str) -> DataFrame:
    """RAW, FILE, ARRIVAL and FAULT of every line; RAW is text unless FAULT says that its bytes are not in the encoding.

    A line ends with LF; the CR of a CR LF is still there. Names that hold spaces or wildcards are taken as they are.
    """
    lines = _wide(spark, paths, encoding) if encoding in _WHOLE_FILE_ENCODINGS else _narrow(spark, paths, encoding)
    marked = (F.col("line.block") == 0) & F.col(RAW).startswith(BYTE_ORDER_MARK)
    return lines.select(
        F.when(marked, F.substring(RAW, 2, 2**31 - 1)).otherwise(F.col(RAW)).alias(RAW),
        FILE,
        arrival(F.col("line.modified"), F.col("line.block"), F.col("line.number")).alias(ARRIVAL),
        FAULT,
    )


def without_line_end(text: Column) -> Column:
    """A line or record without the CR of its CR LF."""
    return F.regexp_replace(text, r"\r$", "")


def read_files(spark: SparkSession, paths: Sequence[str], form: str, **options: str) -> DataFrame:
    """Spark's own reader on exactly these files: a name with [ or * in it is a name, not a pattern."""
    reader = spark.read.format(form).option("__globPaths__", "false").options(**options)
    return reader.load(list(paths))


def file_path() -> Column:
    """The path of the file that a row comes from, as it was listed; Spark gives it percent-encoded."""
    return F.expr("url_decode(replace(_metadata.file_path, '+', '%2B'))")


def arrival(modified: Column, block: Column, number: Column) -> Column:
    """What orders records by arrival; two records of a batch never compare equal."""
    hour = F.regexp_extract(F.col(FILE), r"/arrived=([^/]+)/", 1)
    return F.struct(
        hour.alias("hour"),
        modified.alias("modified"),
        F.col(FILE).alias("file"),
        block.alias("block"),
        number.alias("number"),
    )


def _narrow(spark: SparkSession, paths: Sequence[str], encoding: str) -> DataFrame:
    """Encodings in which a line feed is one byte and nothing else is: Spark splits the files and reads them in parallel."""
    value = F.col("value")
    raw_bytes = value.cast("binary")
    if encoding == "ISO-8859-1":
        text, fits = F.decode(raw_bytes, encoding), F.lit(True)
    elif encoding == "US-ASCII":
        text, fits = value, ~value.rlike(r"[^\x00-\x7F]")
    else:
        text, fits = value, F.encode(F.decode(raw_bytes, "UTF-8"), "UTF-8") == raw_bytes
    return read_files(spark, paths, "text", lineSep="\n").select(
        F.when(fits, text).otherwise(value).alias(RAW),
        file_path().alias(FILE),
        _fault(fits, encoding).alias(FAULT),
        F.struct(
            F.col("_metadata.file_modification_time").alias("modified"),
            F.col("_metadata.file_block_start").alias("block"),
            F.monotonically_increasing_id().alias("number"),
        ).alias("line"),
    )


def _wide(spark: SparkSession, paths: Sequence[str], encoding: str) -> DataFrame:
    """UTF-16: bytes do not tell where a line ends, so a file is decoded whole (up to 2 GB, as exports of desktops are)."""
    decoded = F.split(F.decode(F.col("content"), encoding), "\n")
    lines = read_files(spark, paths, "binaryFile").select(
        "modificationTime", file_path().alias(FILE), F.posexplode(decoded).alias("position", RAW)
    )
    return lines.select(
        RAW,
        FILE,
        _fault(~F.col(RAW).contains(REPLACEMENT), encoding).alias(FAULT),
        F.struct(
            F.col("modificationTime").alias("modified"),
            F.lit(0).cast("bigint").alias("block"),
            F.col("position").cast("bigint").alias("number"),
        ).alias("line"),
    )


def _fault(fits: Column, encoding: str) -> Column:
    return F.when(~fits, F.lit(f"not {encoding}"))
