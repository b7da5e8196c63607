"""Where a subject may be found: datasets that declare whose row a row is, and what is derived from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import AbstractSet, Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.declarations.folder import Declarations
from basin_jobs.errors import CheckFailed, InputError
from basin_jobs.rows.records import RAW


@dataclass(frozen=True)
class Scope:
    """Datasets that declare the subject, and the derived ones that follow from them, inputs first."""

    declared: tuple[Dataset, ...]
    derived: tuple[Dataset, ...]

    @property
    def all(self) -> tuple[Dataset, ...]:
        """Both."""
        return (*self.declared, *self.derived)


def scope_of(declarations: Declarations) -> Scope:
    """Every dataset that an erasure has to look at.

    Raises:
        InputError: none declares a subject.
    """
    datasets = [declarations.dataset(name) for name in declarations.names()]
    declared = tuple(each for each in datasets if each.subject and each.zone == "silver")
    if not any(each.subject for each in datasets):
        raise InputError("no dataset declares a subject: there is nothing by which rows could be found")
    reached = {each.name for each in declared}
    derived: list[Dataset] = []
    while True:
        following = [each for each in datasets if each.name not in reached and reached.intersection(each.source.inputs)]
        if not following:
            _require_sources(datasets, reached)
            return Scope(declared, tuple(_inputs_first(derived)))
        derived += following
        reached.update(each.name for each in following)


def _require_sources(datasets: Sequence[Dataset], reached: AbstractSet[str]) -> None:
    """Refuses a derived subject that would be derived again from an input whose rows nobody can tell apart."""
    faults = [each.name for each in datasets if each.subject and each.name not in reached]
    if faults:
        raise InputError(
            f"{', '.join(faults)}: declares a subject, and none of the datasets that it is derived from does"
        )


def require_no_pins(datasets: Sequence[Dataset], today: date, through: bool) -> list[str]:
    """The pins that still hold, as they are told to the user.

    Raises:
        CheckFailed: there are some, and the erasure is not meant to go through them.
    """
    pins = [
        f"{each.name}: version {pin.version} until {pin.until} ({pin.why})"
        for each in datasets
        for pin in each.pins
        if pin.until >= today
    ]
    if pins and not through:
        told = "".join(f"\n  {pin}" for pin in pins)
        raise CheckFailed(f"pinned versions may hold the subject; nothing was erased (--through-pins does):{told}")
    return pins


def is_of(dataset: Dataset, subject: str) -> Column:
    """Whether a typed row is the subject's."""
    return F.coalesce(F.col(str(dataset.subject)).cast("string") == F.lit(subject), F.lit(False))


def tells_of(text: Column, subject: str) -> Column:
    """Whether a text that nobody could type names the subject, as a word of its own."""
    word = rf"(?<![\p{{Alnum}}_]){re.escape(subject)}(?![\p{{Alnum}}_])"
    return F.coalesce(text.rlike(word), F.lit(False))


def record_is_of(dataset: Dataset, subject: str) -> Column:
    """Whether a record as it was read is the subject's: by its column, or by its text where that has no value."""
    return F.when(F.col(str(dataset.subject)).isNotNull(), is_of(dataset, subject)).otherwise(
        tells_of(F.col(RAW), subject)
    )


def _inputs_first(datasets: list[Dataset]) -> list[Dataset]:
    ordered: list[Dataset] = []
    names = {each.name for each in datasets}
    while datasets:
        ready = [each for each in datasets if not names.intersection(each.source.inputs)]
        ordered += ready
        names.difference_update(each.name for each in ready)
        datasets = [each for each in datasets if each.name in names]
    return ordered
