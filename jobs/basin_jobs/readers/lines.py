"""Text files as lines, byte for byte, in any declared encoding."""

from __future__ import annotations

import re
from typing import Any, Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from basin_jobs.rows.records import ARRIVAL, FAULT, FILE, RAW, quoted

_WHOLE_FILE_ENCODINGS = ("UTF-16", "UTF-16LE", "UTF-16BE")
_PATTERN = re.compile(r"([{}\[\]*?\\])")
BYTE_ORDER_MARK = "\ufeff"
REPLACEMENT = "\ufffd"


def read_lines(spark: SparkSession, paths: Sequence[str], encoding: str) -> DataFrame:
    """RAW, FILE, ARRIVAL and FAULT of every line; RAW is text unless FAULT says that its bytes are none.

    A line ends with LF; the CR of a CR LF is still there. Names that hold spaces or wildcards are taken as they are.
    """
    lines = _wide(spark, paths, encoding) if encoding in _WHOLE_FILE_ENCODINGS else _narrow(spark, paths, encoding)
    marked = (F.col(ARRIVAL)["block"] == 0) & F.col(RAW).startswith(BYTE_ORDER_MARK)
    return lines.withColumn(RAW, F.when(marked, F.substring(RAW, 2, 2**31 - 1)).otherwise(F.col(RAW)))


def without_line_end(text: str) -> Column:
    """A line or record without the CR of its CR LF."""
    return F.expr(f"trim(trailing '\r' from {quoted(text)})")


def read_files(spark: SparkSession, paths: Sequence[str], form: str, **options: str) -> DataFrame:
    """Spark's own reader on exactly these files: a name with [ or * in it is a name, not a pattern.

    Escaped, because Spark's switch for that, `__globPaths__`, reads all other files again for each such name (3.5.6).
    """
    return spark.read.format(form).options(**options).load([_PATTERN.sub(r"\\\1", path) for path in paths])


def file_uri(spark: SparkSession, path: str) -> str:
    """What FILE holds for a path."""
    jvm: Any = spark._jvm
    return str(jvm.org.apache.hadoop.fs.Path(path).toUri().toString())


def path_of(uri: Column) -> Column:
    """The path that FILE stands for, as it was listed."""
    return F.url_decode(F.replace(uri, F.lit("+"), F.lit("%2B")))


def located() -> list[Column]:
    """FILE and ARRIVAL of the rows of a frame as Spark has just read it from files."""
    place = F.struct(
        F.col("_metadata.file_modification_time").alias("modified"),
        F.col("_metadata.file_block_start").alias("block"),
        F.monotonically_increasing_id().alias("number"),
    )
    return [F.col("_metadata.file_path").alias(FILE), place.alias(ARRIVAL)]


def _narrow(spark: SparkSession, paths: Sequence[str], encoding: str) -> DataFrame:
    """Encodings in which a line feed is one byte and nothing else: Spark splits files and reads them in parallel."""
    value = F.col("value")
    raw_bytes = value.cast("binary")
    if encoding == "ISO-8859-1":
        text, fits = F.decode(raw_bytes, encoding), F.lit(True)
    elif encoding == "US-ASCII":
        text, fits = value, ~value.rlike(r"[^\x00-\x7F]")
    else:
        text, fits = value, F.encode(F.decode(raw_bytes, "UTF-8"), "UTF-8") == raw_bytes
    text_or_bytes = F.when(fits, text).otherwise(value).alias(RAW)
    lines = read_files(spark, paths, "text", lineSep="\n")
    return lines.select(text_or_bytes, *located(), _fault(fits, encoding).alias(FAULT))


def _wide(spark: SparkSession, paths: Sequence[str], encoding: str) -> DataFrame:
    """UTF-16: bytes do not tell where a line ends, so a file is decoded whole (up to 2 GB, as desktop exports are)."""
    decoded = F.split(F.decode(F.col("content"), encoding), "\n")
    lines = read_files(spark, paths, "binaryFile").select(*located(), F.posexplode(decoded).alias("number", RAW))
    place = F.col(ARRIVAL).withField("number", F.col("number").cast("bigint"))
    return lines.select(
        RAW, FILE, place.alias(ARRIVAL), _fault(~F.col(RAW).contains(REPLACEMENT), encoding).alias(FAULT)
    )


def _fault(fits: Column, encoding: str) -> Column:
    return F.when(~fits, F.lit(f"not {encoding}"))
