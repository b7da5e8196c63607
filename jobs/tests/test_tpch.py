"""TPC-H: the lake's answers against DuckDB's on the files that the lake was loaded from."""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

import duckdb
import pytest
from conftest import REPOSITORY, Platform
from tpch import QUERIES, TABLES, generate, load_by_basin_local, load_in_this_session

LONG = bool(os.environ.get("BASIN_LONG"))
SCALE = "1" if LONG else "0.05"
RESULTS = REPOSITORY / "bench" / "results" / "tpch.md"
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Answers:
    """Both engines over the same rows: one Spark session over the lake, DuckDB over the files; and what they took."""

    lake: Callable[[str], Rows]
    duckdb: Callable[[str], Rows]
    measured: dict[str, Sequence[str]]


@pytest.fixture(scope="module")
def answers(shared: Platform, for_many_rows: None) -> Iterator[Answers]:
    files = shared.root / "tpch"
    generate(files, SCALE)
    began = time.monotonic()
    lake = load_by_basin_local(shared.root / "state", files) if LONG else load_in_this_session(shared, files)
    seconds = time.monotonic() - began
    connection = duckdb.connect()
    for name in TABLES:
        connection.read_parquet(str(files / f"{name}.parquet")).create_view(name)
        shared.spark.read.format("delta").load(f"{lake}/silver/{name}").createOrReplaceTempView(name)
    measured: dict[str, Sequence[str]] = {}
    yield Answers(
        lambda text: [tuple(row) for row in shared.spark.sql(text).collect()],
        lambda text: connection.execute(text).fetchall(),
        measured,
    )
    if LONG and len(measured) == len(QUERIES):
        RESULTS.write_text(written(measured, seconds))


@pytest.mark.parametrize("query", QUERIES, ids=[query.stem for query in QUERIES])
def test_the_lake_answers_as_duckdb_does(query: Path, answers: Answers) -> None:
    text = query.read_text()
    theirs, their_seconds = timed(answers.duckdb, text)
    ours, our_seconds = timed(answers.lake, text)
    assert theirs, "no rows, which proves nothing"
    assert len(ours) == len(theirs)
    for position, (our, their) in enumerate(zip(ours, theirs)):
        assert len(our) == len(their)
        assert all(map(same, our, their)), f"row {position}: {our} is not {their}"
    answers.measured[query.stem] = (
        query.stem,
        f"{len(ours):,}",
        f"{our_seconds:.2f} s",
        f"{their_seconds:.2f} s",
    )


def test_every_query_is_there() -> None:
    assert [query.stem for query in QUERIES] == [f"q{number:02}" for number in range(1, 23)]
    assert len(TABLES) == 8


def same(our: Any, their: Any) -> bool:
    """Exact, but where one of the engines computes in floating point."""
    if isinstance(our, float) or isinstance(their, float):
        return our is not None and their is not None and math.isclose(our, their, rel_tol=1e-9, abs_tol=1e-6)
    if isinstance(our, Decimal) or isinstance(their, Decimal):
        return our is not None and their is not None and Decimal(our) == Decimal(their)
    return bool(our == their)


def timed(answer: Callable[[str], Rows], text: str) -> tuple[Rows, float]:
    began = time.monotonic()
    rows = answer(text)
    return rows, time.monotonic() - began


def written(measured: dict[str, Sequence[str]], load_seconds: float) -> str:
    date = datetime.now(timezone.utc).date()
    machine = f"{os.cpu_count()} cores at a load of {os.getloadavg()[1]:.1f}"
    rows = [("query", "rows", "lake", "DuckDB"), *(measured[name] for name in sorted(measured))]
    widths = [max(map(len, column)) for column in zip(*rows)]
    head, *body = ("| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows)
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return f"""# TPC-H

Measured {date} at scale factor {SCALE} on {machine} by `npm run test:long`: the eight tables
loaded by `basin local` in {load_seconds:.0f} s, then the 22 queries on one Spark session of 2 GB, set up for quick
tests, and on DuckDB {duckdb.__version__} over the files that were loaded. Every row of every answer is the same.

""" + "\n".join([head, rule, *body, ""])
