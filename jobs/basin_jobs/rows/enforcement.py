"""What a record must fulfil to become a row: types, required columns, checks. It gets every reason, not one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.changes.columns import CHANGE, KEPT
from basin_jobs.declarations.dataset import Column as DeclaredColumn
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.errors import CheckFailed, InputError
from basin_jobs.rows.records import ARRIVAL, FAULT, FILE, RAW, REASONS, UNDECLARED, found

_SHOWN = 200  # characters of a value in its reason
_REASONS_SHOWN = 5


def enforce(records: DataFrame, dataset: Dataset) -> DataFrame:
    """Judges a reader's frame: declared columns, FILE, ARRIVAL, REASONS, UNDECLARED and, where it is needed, RAW.

    Changes of a database keep what makes them changes. Of one that deletes, the key alone is judged: it has no more.
    """
    database = dataset.source.kind == "database"
    key = [column for column in dataset.columns if column.name in dataset.key]
    reasons = _reasons(dataset.columns, dataset.checks)
    if database:
        reasons = F.when(F.col(CHANGE)["op"] == "D", _reasons(key, ())).otherwise(reasons)
    judged = F.when(F.col(FAULT).isNotNull(), F.array(FAULT)).when(F.size(reasons) > 0, reasons)
    enforced = records.withColumn(REASONS, judged)
    # An accepted row is in its columns: its text would only fill the cache.
    needed = F.col(REASONS).isNotNull() | F.col(UNDECLARED)
    raw = F.when(needed, F.col(RAW)).alias(RAW)
    kept = KEPT if database else ()
    return enforced.select(*dataset.column_names, FILE, ARRIVAL, REASONS, UNDECLARED, raw, *kept)


def _reasons(columns: Sequence[DeclaredColumn], checks: Sequence[str]) -> Column:
    return F.array_compact(
        F.array(
            *(_type_reason(column) for column in columns),
            *(_required_reason(column) for column in columns if column.required),
            *(_check_reason(check) for check in checks),
        )
    )


def validate_checks(spark: SparkSession, dataset: Dataset, schema: T.StructType) -> None:
    """Resolves every check against the declared columns.

    Raises:
        InputError: a check is not Spark SQL, names what is no column, or is neither true nor false.
    """
    empty = spark.createDataFrame([], schema)
    for check in dataset.checks:
        try:
            empty.where(F.expr(check)).schema  # noqa: B018 (resolves it)
        except (AnalysisException, ParseException) as error:
            what = str(error).strip().splitlines()[0]
            names = ", ".join(dataset.column_names)
            raise InputError(f"{dataset.name}: check {check!r} cannot be computed: {what} (columns: {names})") from None


@dataclass(frozen=True)
class Judged:
    """How many records there are, how many have reasons, and how many of the others have undeclared fields.

    `known` records came with them and were judged before.
    """

    records: int
    rejected: int
    undeclared: int
    known: int = 0

    @property
    def accepted(self) -> int:
        """Records that are rows."""
        return self.records - self.rejected


def count_judged(enforced: DataFrame) -> Judged:
    """Counts enforced records: the first action on them, hence the one that reads the source."""
    row = enforced.agg(
        F.count(F.lit(1)).alias("records"),
        F.count(REASONS).alias("rejected"),
        F.count_if(F.col(UNDECLARED) & F.col(REASONS).isNull()).alias("undeclared"),
    ).collect()[0]
    return Judged(row["records"], row["rejected"], row["undeclared"])


def require_few_rejects(enforced: DataFrame, count: Judged, dataset: Dataset, what: str) -> None:
    """Raises CheckFailed, with the commonest reasons, where more are rejected than `max_rejected` allows."""
    if count.rejected <= dataset.max_rejected * (count.records + count.known):
        return
    kind = F.regexp_replace("reason", '(?s)".*"|(?<=object: ).*', "…")
    reasons = enforced.select(F.explode(REASONS).alias("reason")).groupBy(kind.alias("kind"))
    commonest = reasons.agg(F.count(F.lit(1)).alias("times"), F.min("reason").alias("example"))
    top = commonest.orderBy(F.col("times").desc(), "example").limit(_REASONS_SHOWN).collect()
    shown = "".join(f"\n  {row['times']} × {row['example']}" for row in top)
    raise CheckFailed(
        f"{dataset.name}: {count.rejected} of the {count.records} records of {what} are rejected, more than maxRejected"
        f" {dataset.max_rejected:g} allows; the table is as it was. The commonest reasons:{shown}",
        {"rowsIn": count.records, "rowsAccepted": count.accepted, "rowsRejected": count.rejected},
    )


def _type_reason(column: DeclaredColumn) -> Column:
    text = F.col(found(column.name))
    reason = F.concat(F.lit(f'{column.name}: "'), F.substring(text, 1, _SHOWN), F.lit(f'" is not {column.type}'))
    return F.when(text.isNotNull() & F.col(column.name).isNull(), reason)


def _required_reason(column: DeclaredColumn) -> Column:
    return F.when(F.col(found(column.name)).isNull(), F.lit(f"{column.name}: required, found nothing"))


def _check_reason(check: str) -> Column:
    # Null passes, as in SQL's own CHECK.
    return F.when(~F.expr(f"({check})"), F.lit(f"check failed: {check}"))
