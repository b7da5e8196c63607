"""Rows of Parquet and ORC files without one subject's; of a database's changes nothing is only left out.

A change that is left out would give the row that it replaced back to a table that is rebuilt from raw: somebody else's,
perhaps, whose key it was before. So a deletion of the key takes its place, which has the key and no other column. Where
the subject is part of the key, the row that it replaced was the subject's as well: then nothing is left of it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.changes.columns import BEFORE, CHANGE_SEQUENCE, COMMIT_TIME, KEY_BEFORE, OPERATION
from basin_jobs.declarations.dataset import Column as DeclaredColumn
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.erasure.scope import is_of, tells_of
from basin_jobs.rows.native_values import declared_value
from basin_jobs.rows.records import found, quoted

_SUBJECT_VALUE, _RECORD = "erased:value", "erased:record"


def rows_without(frame: DataFrame, dataset: Dataset, schema: T.StructType, subject: str) -> DataFrame:
    """A file's rows as they are, without those that `record_is_of` finds."""
    _, value = declared_value(_column(dataset), dict(_types(frame)), dataset, schema)
    record = F.to_json(F.struct("*"), {"ignoreNullFields": "false"})
    seen = frame.select("*", value.alias(_SUBJECT_VALUE), record.alias(_RECORD))
    by_value = F.coalesce(F.col(_SUBJECT_VALUE).cast("string") == F.lit(subject), F.lit(False))
    own = F.when(F.col(_SUBJECT_VALUE).isNotNull(), by_value).otherwise(tells_of(F.col(_RECORD), subject))
    return seen.where(~own).select(*(F.col(quoted(name)) for name in frame.columns))


def change_names(dataset: Dataset, subject: str) -> Column:
    """Whether a change, as the reader gives it, names the subject: in its column, or in the key as it was before."""
    column = str(dataset.subject)
    own = is_of(dataset, subject) | (F.col(column).isNull() & tells_of(F.col(quoted(found(column))), subject))
    if column not in dataset.key:
        return own
    return own | F.coalesce(F.col(KEY_BEFORE)[column].cast("string") == F.lit(subject), F.lit(False))


def changes_without(frame: DataFrame, dataset: Dataset, schema: T.StructType, subject: str) -> DataFrame:
    """A file's changes without the subject, and deletions in the place of what it leaves out."""
    changes = _Changes(frame, dataset, schema, subject)
    parts = [changes.of_others()]
    if dataset.subject not in dataset.key:
        parts.append(changes.deletions())
    if changes.tells_key_before:
        parts.append(changes.deletions_of_keys_before())
    return reduce(DataFrame.union, parts)


class _Changes:
    """One file's changes, by the columns that the file itself has."""

    def __init__(self, frame: DataFrame, dataset: Dataset, schema: T.StructType, subject: str) -> None:
        self._frame = frame
        self._types = dict(_types(frame))
        self._in_key = dataset.subject in dataset.key
        self._keys = [each.source_name for each in dataset.columns if each.name in dataset.key]
        self.tells_key_before = all(BEFORE + name in self._types for name in self._keys)
        text, value = declared_value(_column(dataset), self._types, dataset, schema)
        by_value = value.cast("string") == F.lit(subject)
        self._own = F.coalesce(by_value, tells_of(text, subject))
        self._before_is_own = F.lit(False)
        if self._in_key and self.tells_key_before:
            column = _column(dataset)
            as_before = replace(column, source_name=BEFORE + column.source_name)
            _, before = declared_value(as_before, self._types, dataset, schema)
            self._before_is_own = F.coalesce(before.cast("string") == F.lit(subject), F.lit(False))

    def of_others(self) -> DataFrame:
        """As they are, but that an update away from the subject's key no longer says what the key was."""
        kept = (
            F.when(~self._before_is_own, F.col(quoted(name))).alias(name)
            if name.startswith(BEFORE) and self._in_key
            else F.col(quoted(name))
            for name in self._frame.columns
        )
        return self._frame.where(~self._own).select(*kept)

    def deletions(self) -> DataFrame:
        """Of the keys of the subject's changes; a full load has no more than what it lists."""
        return self._deleting(self._frame.where(self._own & self._takes_effect()), {name: name for name in self._keys})

    def deletions_of_keys_before(self) -> DataFrame:
        """Of the keys that the subject's updates moved away from, where these were not the subject's themselves."""
        pairs = [(F.col(quoted(name)), F.col(quoted(BEFORE + name))) for name in self._keys]
        known = reduce(lambda left, right: left & right, (before.isNotNull() for _, before in pairs))
        moved = reduce(lambda left, right: left | right, (~now.eqNullSafe(before) for now, before in pairs))
        updates = self._own & self._takes_effect() & (self._operation() == "U")
        left = self._frame.where(updates & known & moved & ~self._before_is_own)
        return self._deleting(left, {name: BEFORE + name for name in self._keys})

    def _takes_effect(self) -> Column:
        """Whether it is a change that can be applied: a load's row has no sequence."""
        sequence = F.trim(self._text(CHANGE_SEQUENCE))
        return F.coalesce(self._operation().isin("I", "U", "D") & sequence.rlike(r"^\d+$"), F.lit(False))

    def _operation(self) -> Column:
        return F.upper(F.trim(self._text(OPERATION)))

    def _text(self, name: str) -> Column:
        return F.col(quoted(name)).cast("string") if name in self._types else F.lit(None).cast("string")

    def _deleting(self, rows: DataFrame, keys: Mapping[str, str]) -> DataFrame:
        columns = []
        for name, kind in self._types.items():
            value = F.lit(None)
            if name == OPERATION:
                value = F.lit("D")
            elif name in (COMMIT_TIME, CHANGE_SEQUENCE):
                value = F.col(quoted(name))
            elif name in keys:
                value = F.col(quoted(keys[name]))
            columns.append(value.cast(kind).alias(name))
        return rows.select(*columns)


def _column(dataset: Dataset) -> DeclaredColumn:
    return next(each for each in dataset.columns if each.name == dataset.subject)


def _types(frame: DataFrame) -> list[tuple[str, T.DataType]]:
    return [(each.name, each.dataType) for each in frame.schema]
