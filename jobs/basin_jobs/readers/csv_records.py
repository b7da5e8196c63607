"""Lines to CSV records: a quoted field may hold line ends, and then several lines are one record.

Most files have no such field: there every line is a record, and Spark reads a file in parallel. Only files that do have
one are put in order and joined.
"""

from __future__ import annotations

from typing import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from basin_jobs.readers.csv_header import Header
from basin_jobs.readers.lines import file_uri, without_line_end
from basin_jobs.rows.records import ARRIVAL, FAULT, FILE, RAW

_HEADER = "record:header"


def csv_records(lines: DataFrame, headers: Sequence[Header], delimiter: str) -> DataFrame:
    """RAW, FILE, ARRIVAL and FAULT of every record but the headers."""
    headed = _with_headers(lines, headers)
    joined = _files_to_join(headed, delimiter)
    apart = F.col(FILE).isin(joined)
    simple = headed.where(~apart & ~_is_header()).drop(_HEADER)
    records = simple.unionByName(_joined_records(headed.where(apart), delimiter)) if joined else simple
    return records.withColumn(RAW, without_line_end(RAW)).where(F.col(RAW) != "")


def ends_in_quotes(line: Column, delimiter: str) -> Column:
    """Whether a line that begins a field ends inside a quoted one.

    A quote opens a field only at its very beginning; inside, two of them are one. The groups are possessive, so that a
    long line costs no stack.
    """
    comma = rf"\x{{{ord(delimiter):x}}}"
    closed = rf'(?:"[^"]*+(?:""[^"]*+)*+"[^{comma}]*+|(?!")[^{comma}]*+)'
    return line.contains('"') & line.rlike(rf'^(?:{closed}{comma})*+"[^"]*+(?:""[^"]*+)*+$')


def _with_headers(lines: DataFrame, headers: Sequence[Header]) -> DataFrame:
    if all(header.record is None for header in headers):
        return lines.withColumn(_HEADER, F.lit(None).cast("string"))
    # One literal where all files agree, as they mostly do; a join by file where not.
    records = {header.record for header in headers}
    if len(records) == 1:
        return lines.withColumn(_HEADER, F.lit(records.pop()))
    spark = lines.sparkSession
    rows = [(file_uri(spark, header.file), header.record) for header in headers]
    known = spark.createDataFrame(rows, f"`{FILE}` string, `{_HEADER}` string")
    return lines.join(F.broadcast(known), FILE)


def _is_header() -> Column:
    """A header is its file's first line; where the same text comes again, the file is one to join."""
    return F.coalesce((without_line_end(RAW) == F.col(_HEADER)) & (F.col(ARRIVAL)["block"] == 0), F.lit(False))


def _files_to_join(lines: DataFrame, delimiter: str) -> list[str]:
    open_line = ends_in_quotes(F.col(RAW), delimiter)
    special = lines.where(open_line | _is_header()).groupBy(FILE)
    told = special.agg(F.bool_or(open_line).alias("open"), F.count_if(_is_header()).alias("headers"))
    return [row[FILE] for row in told.where("open or headers > 1").select(FILE).collect()]


def _joined_records(lines: DataFrame, delimiter: str) -> DataFrame:
    """Walks each file from its first line and joins what lies within quotes.

    Each line maps "begins inside quotes or not" to "ends inside quotes or not". A line that ends the same way whatever
    came before decides; the lines after it keep that or turn it over.
    """
    in_order = Window.partitionBy(FILE).orderBy(ARRIVAL)
    from_outside = ends_in_quotes(F.col(RAW), delimiter)
    from_inside = ends_in_quotes(F.concat(F.lit('"'), F.col(RAW)), delimiter)
    turns = lines.select(
        "*",
        F.when(from_outside == from_inside, from_outside).alias("decides"),
        F.sum((from_outside & ~from_inside).cast("int")).over(in_order).alias("turns"),
    )
    decided = F.last("decides", ignorenulls=True).over(in_order)
    turns_then = F.last(F.when(F.col("decides").isNotNull(), F.col("turns")), ignorenulls=True).over(in_order)
    turned = (F.col("turns") - F.coalesce(turns_then, F.lit(0))) % 2 == 1
    inside = turns.withColumn("inside", F.coalesce(decided, F.lit(False)) != turned)
    outside_before = inside.withColumn("begins", ~F.lag("inside", 1, False).over(in_order))
    kept = outside_before.where(~F.col("begins") | (without_line_end(RAW) != ""))
    numbered = kept.withColumn("number", F.sum(F.col("begins").cast("int")).over(in_order))
    records = numbered.groupBy(FILE, "number").agg(
        F.array_sort(F.collect_list(F.struct(ARRIVAL, RAW))).alias("lines"),
        F.max(FAULT).alias(FAULT),
        F.max(_HEADER).alias(_HEADER),
    )
    text = F.array_join(F.transform("lines", lambda line: line[RAW]), "\n")
    whole = records.select(text.alias(RAW), FILE, F.col("lines")[0][ARRIVAL].alias(ARRIVAL), FAULT, _HEADER, "number")
    return whole.where(F.col(_HEADER).isNull() | (F.col("number") > 1)).drop(_HEADER, "number")
