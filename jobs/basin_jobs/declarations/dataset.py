"""A dataset's declaration as typed values, with every default filled in. The one place where Python knows a default."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Mapping, Optional

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "year": 31_536_000}
_DURATION = re.compile(r"(\d+(?:\.\d+)?) (second|minute|hour|day|week|year)s?")


@dataclass(frozen=True)
class Column:
    """One declared column; `type` is Spark SQL's text, `source_name` what the source calls it."""

    name: str
    type: str
    required: bool
    description: Optional[str]
    source_name: str


@dataclass(frozen=True)
class Source:
    """Where rows come from: `kind` is stream, files, database or derived; what another kind has is at its default."""

    kind: str
    format: str
    header: bool
    delimiter: str
    nulls: tuple[str, ...]
    encoding: str
    time_format: Optional[str]
    inputs: tuple[str, ...]
    refresh: str
    connection: str = ""
    table: str = ""
    mode: str = ""


@dataclass(frozen=True)
class Pin:
    """A version that is kept until a day is over, whatever the table's history."""

    version: int
    until: date
    why: str


@dataclass(frozen=True)
class Breaking:
    """Columns that may go or change their type from a day on: their readers were told."""

    accept: tuple[str, ...]
    since: date


@dataclass(frozen=True)
class Dataset:
    """One dataset; a key's columns are required, whether their column says so or not."""

    name: str
    description: str
    source: Source
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sequence: Optional[str]
    checks: tuple[str, ...]
    max_rejected: float
    cluster_by: tuple[str, ...]
    freshness_seconds: int
    history_seconds: int
    writers: str
    subject: Optional[str]
    exports: tuple[str, ...]
    pins: tuple[Pin, ...]
    breaking: Optional[Breaking] = None
    followed: bool = False
    """Whether another dataset follows this one by its changes."""

    @property
    def zone(self) -> str:
        """`silver` holds what came in, `gold` what was derived."""
        return "gold" if self.source.kind == "derived" else "silver"

    @property
    def column_names(self) -> list[str]:
        """Declared names in order."""
        return [column.name for column in self.columns]


def complete(declared: Mapping[str, Any]) -> Dataset:
    """The dataset of a declaration that the JSON Schema has accepted."""
    key = tuple(declared.get("key", ()))
    return Dataset(
        name=declared["name"],
        description=declared["description"],
        source=_source(declared["source"]),
        columns=tuple(_column(each, key) for each in declared["columns"]),
        key=key,
        sequence=declared.get("sequence"),
        checks=tuple(declared.get("checks", ())),
        max_rejected=float(declared.get("maxRejected", 0.05)),
        cluster_by=tuple(declared.get("clusterBy", ())),
        freshness_seconds=seconds(declared["freshness"]),
        history_seconds=seconds(declared.get("retention", {}).get("history", "30 days")),
        writers=declared.get("writers", "single"),
        subject=declared.get("subject"),
        exports=tuple(declared.get("exports", ())),
        pins=tuple(
            Pin(each["version"], date.fromisoformat(each["until"]), each["why"]) for each in declared.get("pins", ())
        ),
        breaking=_breaking(declared.get("breaking")),
    )


def seconds(duration: str) -> int:
    """`"15 minutes"` → 900."""
    match = _DURATION.fullmatch(duration.strip())
    if match is None:
        raise ValueError(f"{duration!r} is not a duration")
    return round(float(match.group(1)) * _SECONDS[match.group(2)])


def _breaking(declared: Optional[Mapping[str, Any]]) -> Optional[Breaking]:
    if declared is None:
        return None
    return Breaking(tuple(declared.get("accept", ())), date.fromisoformat(declared["since"]))


def _column(declared: Mapping[str, Any], key: tuple[str, ...]) -> Column:
    name = declared["name"]
    return Column(
        name=name,
        type=declared["type"],
        required=bool(declared.get("required", False)) or name in key,
        description=declared.get("description"),
        source_name=declared.get("from", name),
    )


def _source(declared: Mapping[str, Any]) -> Source:
    return Source(
        kind=declared["kind"],
        # DMS writes Parquet: its CSV has no types.
        format="parquet" if declared["kind"] == "database" else declared.get("format", ""),
        header=bool(declared.get("header", True)),
        delimiter=declared.get("delimiter", ","),
        nulls=tuple(declared.get("nulls", ("",))),
        encoding=declared.get("encoding", "UTF-8"),
        time_format=declared.get("timeFormat"),
        inputs=tuple(declared.get("from", ())),
        refresh=declared.get("refresh", "full"),
        connection=declared.get("connection", ""),
        table=declared.get("table", ""),
        mode=declared.get("mode", "full-and-changes"),
    )
