"""The demo's iterating dataset against a plain power iteration over the same flights."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest
from conftest import REPOSITORY, Platform

from basin_jobs.gold import run_gold

FLIGHTS = """
source: { kind: files, format: csv }
columns:
  - { name: origin, type: string, required: true }
  - { name: dest, type: string, required: true }
"""
LEAVES = ("ATL", "BOS", "DEN", "HNL", "LAX", "MIA", "ORD", "SEA", "SFO", "TPA")
# As in the demo, nothing leaves from most airports; one route leads on, and some are flown more often than others.
FLOWN = [
    *(("EWR", leaf) for leaf in LEAVES * 2),
    *(("JFK", leaf) for leaf in LEAVES[:6]),
    ("EWR", "ATL"),
    ("JFK", "EWR"),
]
DAMPING = 0.85
# How far off the last round may be where it changes ranks by 1e-4 in all: each further round changes them by less.
FURTHER = 1e-4 * DAMPING / (1 - DAMPING)


def expected_ranks() -> dict[str, float]:
    airports = sorted({airport for route in FLOWN for airport in route})
    leaving = Counter(origin for origin, _ in FLOWN)
    ranks = dict.fromkeys(airports, 1 / len(airports))
    for _ in range(200):
        stayed = sum(rank for airport, rank in ranks.items() if airport not in leaving)
        following = dict.fromkeys(airports, (1 - DAMPING + DAMPING * stayed) / len(airports))
        for origin, dest in FLOWN:
            following[dest] += DAMPING * ranks[origin] / leaving[origin]
        ranks = following
    return ranks


def test_ranks_are_those_of_a_power_iteration(platform: Platform) -> None:
    flights = platform.declare("flights", FLIGHTS)
    for suffix in ("yaml", "py"):
        shutil.copy(REPOSITORY / "datasets" / f"airport_rank.{suffix}", platform.root / "datasets")
    platform.arrive("flights", "flown.csv", "origin,dest\n" + "".join(f"{a},{b}\n" for a, b in FLOWN))
    platform.silver(flights)
    run_gold(platform.spark, platform.declarations, "airport_rank", platform.lake)
    found = dict(platform.rows("gold.airport_rank"))
    assert found == pytest.approx(expected_ranks(), abs=FURTHER)
    assert sum(found.values()) == pytest.approx(1, abs=1e-9)
