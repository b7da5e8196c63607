"""Events flow while their job is killed at random points: afterwards the table is what plain Python makes of them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Optional

from conftest import Platform
from delta.tables import DeltaTable
from stream_worker import READY

KILLS = 50 if os.environ.get("BASIN_LONG") else 5
EVENTS = 200_000
DUPLICATES, MALFORMED, OUT_OF_ORDER = 0.05, 0.02, 0.1
KEYS = 60_000
FILES = 60
SEED = int(os.environ.get("BASIN_SEED", "20261124"))
LONGEST_SECONDS = 6.0
BODY = """
source: { kind: stream, format: json }
columns:
  - { name: id, type: int, required: true }
  - { name: at, type: int, required: true }
  - { name: value, type: string }
key: [id]
sequence: at
maxRejected: 0.5
"""


@dataclass(frozen=True)
class Events:
    """Lines in the order of their arrival, and what is wrong with none and all of them."""

    lines: list[str]
    rows: dict[int, tuple[int, str]]
    malformed: list[str]


def events(chance: random.Random) -> Events:
    """By a plain reading: the highest sequence of a key stands; malformed lines are rejects."""
    lines: list[str] = []
    malformed: list[str] = []
    rows: dict[int, tuple[int, str]] = {}
    while len(lines) < EVENTS:
        kind = chance.random()
        if kind < DUPLICATES and lines:
            lines.append(lines[-1 - chance.randrange(min(len(lines), 5_000))])
            if not lines[-1].startswith('{"id":'):
                malformed.append(lines[-1])
            continue
        at, key = 2 * len(lines), chance.randrange(KEYS)
        if kind < DUPLICATES + MALFORMED:
            bad = chance.choice([f"no event {at}", f'{{"at":{at}}}', f'{{"at":{at},"id":"x"}}'])
            malformed.append(bad)
            lines.append(bad)
            continue
        if kind < DUPLICATES + MALFORMED + OUT_OF_ORDER:
            # Sent long before it arrives; odd, and so apart from the sequences of the others.
            at = max(1, at - 2 * chance.randrange(20_000) + 1)
        value = f"v{len(lines)}"
        lines.append(json.dumps({"id": key, "at": at, "value": value}, separators=(",", ":")))
        # Of equal sequences the first to arrive stands.
        if key not in rows or at > rows[key][0]:
            rows[key] = (at, value)
    return Events(lines, rows, malformed)


class Job:
    """The stream's step as processes, over and over."""

    def __init__(self, platform: Platform, name: str) -> None:
        self._arguments = [str(platform.root / "datasets"), name, platform.raw, platform.lake]
        self._log = platform.root / "worker.log"

    def run(self, kill_after: Optional[float] = None) -> int:
        """The exit code; -SIGKILL where it was killed so many seconds after its session was open."""
        with open(self._log, "ab") as log:
            worker = subprocess.Popen(  # noqa: S603 (the project's own interpreter)
                [sys.executable, str(Path(__file__).with_name("stream_worker.py")), *self._arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self._log.parent,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
                start_new_session=True,
            )
        assert worker.stdout is not None
        assert worker.stdout.readline().decode().strip() == READY, self._log.read_text()[-2_000:]
        try:
            return worker.wait(kill_after)
        except subprocess.TimeoutExpired:
            # Python and the JVM that it has started, at one blow.
            os.killpg(worker.pid, signal.SIGKILL)
            return worker.wait()


def test_a_job_that_is_killed_again_and_again_takes_every_event_once(platform: Platform) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    sent = events(chance)
    dataset = platform.declare("events", BODY)
    job = Job(platform, dataset.name)
    size = -(-len(sent.lines) // FILES)
    files = [sent.lines[start : start + size] for start in range(0, len(sent.lines), size)]
    killed = 0
    arrived = 0

    def arrive(number: int) -> None:
        nonlocal arrived
        for file in files[arrived : arrived + number]:
            hour = (datetime(2026, 11, 20) + timedelta(hours=arrived)).strftime("%Y-%m-%dT%H")
            platform.arrive(dataset.name, f"{arrived:03}.json", "".join(f"{line}\n" for line in file), hour=hour)
            arrived += 1

    while killed < KILLS:
        arrive(max(1, FILES // (KILLS + 1)))
        killed += job.run(chance.uniform(0, LONGEST_SECONDS)) == -signal.SIGKILL
    arrive(FILES)
    assert job.run() == 0, (platform.root / "worker.log").read_text()[-2_000:]

    assert {key: (at, value) for key, at, value in platform.rows("silver.events", "id", "at", "value")} == sent.rows
    rejected = Counter(row[0] for row in platform.rows("silver.events__rejected", "raw"))
    assert rejected == Counter(sent.malformed)
    total = platform.silver(dataset).values["total"]
    assert total["rowsIn"] == EVENTS
    assert total["rowsAccepted"] - total["rowsSuperseded"] == len(sent.rows)
    history = DeltaTable.forPath(platform.spark, f"{platform.lake}/silver/events").history()
    notes = [json.loads(row[0]) for row in history.select("userMetadata").collect() if row[0]]
    batches = Counter(note["batch"] for note in notes if "batch" in note)
    assert batches
    assert set(batches.values()) == {1}
