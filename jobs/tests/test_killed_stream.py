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
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Iterator, Optional, Sequence, Union

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Platform, submit_environment
from delta.tables import DeltaTable
from local_aws import buckets
from stream_worker import READY

from basin_jobs.batches.log import BatchLog
from basin_jobs.storage import Storage
from basin_jobs.tables.table import describe

KILLS = 50 if os.environ.get("BASIN_LONG") else 5
EVENTS = 200_000
DUPLICATES, MALFORMED, OUT_OF_ORDER = 0.05, 0.02, 0.1
KEYS = 60_000
FILES = 60
SEED = int(os.environ.get("BASIN_SEED", "20261124"))
LONGEST_SECONDS = 6.0
DIRECT_KILLS = 50 if os.environ.get("BASIN_LONG") else 1
DIRECT_EVENTS = 40_000
DIRECT_BATCHES = 4 * DIRECT_KILLS + 2
DIRECT_LONGEST_SECONDS = 20.0
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


def events(chance: random.Random, number: int) -> Events:
    """By a plain reading: the highest sequence of a key stands; malformed lines are rejects."""
    lines: list[str] = []
    malformed: list[str] = []
    rows: dict[int, tuple[int, str]] = {}
    while len(lines) < number:
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


@dataclass
class OnS3(Platform):
    """Raw zone and lake in buckets of the local AWS, and the settings by which a driver finds them."""

    settings: dict[str, str]
    buckets: list[str]

    @property
    def raw(self) -> str:
        return self.buckets[0]

    @property
    def lake(self) -> str:
        return self.buckets[1]

    def arrive(self, dataset: str, file: str, content: Union[str, bytes], hour: str = "2026-11-24T09") -> str:
        path = f"{self.raw}/{dataset}/arrived={hour}/{file}"
        Storage(self.spark).write_over(path, [content if isinstance(content, bytes) else content.encode()])
        return path


@pytest.fixture
def on_s3(platform: Platform) -> Iterator[OnS3]:
    with buckets(platform.spark, platform.root, "raw", "lake") as (settings, addresses):
        yield OnS3(platform.spark, platform.root, settings, addresses)


class Job:
    """The stream's step as processes, over and over."""

    def __init__(self, platform: OnS3, name: str, *direct: str) -> None:
        self.log = platform.root / "worker.log"
        settings = submit_environment(*(f"{key}={value}" for key, value in platform.settings.items()))
        self._environment = {**os.environ, **settings, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
        self._arguments = [str(platform.root / "datasets"), name, platform.raw, platform.lake, *direct]

    def run(self, *more: str, kill_after: Optional[float] = None) -> int:
        """The exit code; -SIGKILL where it was killed so many seconds after its session was open."""
        with open(self.log, "ab") as log:
            worker = subprocess.Popen(  # noqa: S603 (the project's own interpreter)
                [sys.executable, str(Path(__file__).with_name("stream_worker.py")), *self._arguments, *more],
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self.log.parent,
                env=self._environment,
                start_new_session=True,
            )
        assert worker.stdout is not None
        assert worker.stdout.readline().decode().strip() == READY, self.log.read_text()[-2_000:]
        try:
            return worker.wait(kill_after)
        except subprocess.TimeoutExpired:
            # Python and the JVM that it has started, at one blow.
            os.killpg(worker.pid, signal.SIGKILL)
            return worker.wait()


def parts(lines: Sequence[str], number: int) -> list[Sequence[str]]:
    size = -(-len(lines) // number)
    return [lines[start : start + size] for start in range(0, len(lines), size)]


def test_a_job_that_is_killed_again_and_again_takes_every_event_once(on_s3: OnS3) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    sent = events(chance, EVENTS)
    dataset = on_s3.declare("events", BODY)
    job = Job(on_s3, dataset.name)
    files = parts(sent.lines, FILES)
    killed = 0
    arrived = 0

    def arrive(number: int) -> None:
        nonlocal arrived
        for file in files[arrived : arrived + number]:
            hour = (datetime(2026, 11, 20) + timedelta(hours=arrived)).strftime("%Y-%m-%dT%H")
            on_s3.arrive(dataset.name, f"{arrived:03}.json", "".join(f"{line}\n" for line in file), hour=hour)
            arrived += 1

    while killed < KILLS:
        arrive(max(1, FILES // (KILLS + 1)))
        killed += job.run(kill_after=chance.uniform(0, LONGEST_SECONDS)) == -signal.SIGKILL
    arrive(FILES)
    assert job.run() == 0, job.log.read_text()[-2_000:]
    require_each_once(on_s3, sent)
    assert on_s3.silver(dataset).values["total"]["rowsIn"] == EVENTS


def test_a_stream_read_directly_that_is_killed_again_and_again_takes_every_event_once(on_s3: OnS3) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED + 1)
    sent = events(chance, DIRECT_EVENTS)
    dataset = on_s3.declare("events", BODY)
    stream = on_s3.root / "stream"
    stream.mkdir()
    job = Job(on_s3, dataset.name, str(stream))
    batches = parts(sent.lines, DIRECT_BATCHES)
    for number, lines in enumerate(batches):
        columns = {
            "data": [line.encode() for line in lines],
            "approximateArrivalTimestamp": [datetime.now(timezone.utc)] * len(lines),
        }
        pq.write_table(pa.table(columns), stream / f"{number:03}.parquet")
    killed = 0
    while killed < DIRECT_KILLS:
        assert job.run(kill_after=chance.uniform(0, DIRECT_LONGEST_SECONDS)) == -signal.SIGKILL
        killed += 1
    assert job.run("ends") == 0, job.log.read_text()[-2_000:]
    require_each_once(on_s3, sent)
    log = BatchLog(Storage(on_s3.spark), f"{on_s3.lake}/silver/events__batches", "events", epoch_of(on_s3))
    assert log.total().rows_in == DIRECT_EVENTS
    assert log.last().number == DIRECT_BATCHES


def epoch_of(platform: Platform) -> str:
    return describe(platform.spark, f"{platform.lake}/silver/events").epoch


def require_each_once(platform: Platform, sent: Events) -> None:
    """The table is the reference's, every malformed record is in rejects, and no batch is in two commits."""
    assert {key: (at, value) for key, at, value in platform.rows("silver.events", "id", "at", "value")} == sent.rows
    rejected = Counter(row[0] for row in platform.rows("silver.events__rejected", "raw"))
    assert rejected == Counter(sent.malformed)
    history = DeltaTable.forPath(platform.spark, f"{platform.lake}/silver/events").history()
    notes = [json.loads(row[0]) for row in history.select("userMetadata").collect() if row[0]]
    batches = Counter(note["batch"] for note in notes if "batch" in note)
    assert batches
    assert set(batches.values()) == {1}
