"""What was erased where, with checksums and without the subject."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Optional, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from basin_jobs.rows.records import quoted
from basin_jobs.storage import Storage

PREFIX = "BASIN_ERASURE "


@dataclass(frozen=True)
class Finding:
    """Rows of one table, or records of one file: how many, and a checksum over them that does not hang on order."""

    place: str
    rows: int
    checksum: str


@dataclass
class Record:
    """One erasure. The subject is told by its hash: the record outlives what it is about."""

    subject_hash: str
    at: str
    dry_run: bool
    pins: list[str]
    tables: list[Finding] = field(default_factory=list)
    raw: list[Finding] = field(default_factory=list)
    landing: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    expires: list[str] = field(default_factory=list)
    versions_removed: int = 0
    verified: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As it is printed and kept."""
        return {"version": 1, **asdict(self)}

    def line(self) -> str:
        """`BASIN_ERASURE {json}`."""
        return PREFIX + json.dumps(self.to_json(), ensure_ascii=False)

    def keep(self, storage: Storage, lake: str) -> str:
        """Writes it into the lake; where it lies."""
        path = f"{lake.rstrip('/')}/erasures/{self.at}-{self.subject_hash[:12]}.json"
        storage.create(path, json.dumps(self.to_json(), indent=1))
        return path


def new_record(subject: str, now: datetime, dry_run: bool, pins: list[str]) -> Record:
    """A record without findings yet."""
    return Record(hashlib.sha256(subject.encode()).hexdigest(), now.strftime("%Y%m%dT%H%M%SZ"), dry_run, pins)


def expiry(dataset: str, now: datetime, retention: Optional[int]) -> str:
    """When a stream has forgotten what it holds now."""
    when = (
        "at the end of its retention"
        if retention is None
        else f"by {now + timedelta(seconds=retention):%Y-%m-%dT%H:%MZ}"
    )
    return f"{dataset}: the events in its stream expire {when}"


def finding(place: str, rows: DataFrame) -> Finding:
    """Counts and sums up a subject's rows, which are few beside a table's."""
    found = findings_by(F.lit(place), rows, rows.columns)
    return found[0] if found else Finding(place, 0, hashlib.sha256().hexdigest())


def findings_by(place: Column, rows: DataFrame, columns: Sequence[str]) -> list[Finding]:
    """Likewise by place, of every place that has any rows, in order; the columns are what is summed up."""
    row = F.sha2(F.to_json(F.struct(*(F.col(quoted(name)) for name in columns))), 256)
    found = rows.select(place.alias("place"), row.alias("row")).groupBy("place")
    summed = found.agg(
        F.count("row").alias("rows"), F.sha2(F.array_join(F.array_sort(F.collect_list("row")), ""), 256).alias("sum")
    )
    return [Finding(each["place"], each["rows"], each["sum"]) for each in summed.orderBy("place").collect()]
