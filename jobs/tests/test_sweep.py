"""Objects that come late into an hour that was read long ago are found, once a day, without listing a whole prefix."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from disk import NOW, Disk

from basin_jobs.batches import log as subject
from basin_jobs.batches.arrivals import SWEEP, next_batches
from basin_jobs.batches.counts import Counts
from basin_jobs.batches.log import BatchLog
from basin_jobs.batches.manifest import Position
from basin_jobs.storage import StoredFile


class Clock:
    """The time at which manifests are made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        monkeypatch.setattr(subject, "_now", lambda: self.now.strftime("%Y-%m-%dT%H:%M:%SZ"))


def taken(disk: Disk, now: datetime, sweep: timedelta = SWEEP) -> list[str]:
    log = BatchLog(disk, "lake/events__batches", "events", "epoch")
    names = []
    for manifest in next_batches(disk, "raw/events", log, now, sweep):
        names += [file.path.rsplit("/", 1)[1] for file in manifest.files]
        log.finish(manifest, Counts(), 0)
    return names


def arrive(disk: Disk, now: datetime, hours_ago: int, name: str) -> None:
    hour = (now - timedelta(hours=hours_ago)).strftime("%Y-%m-%dT%H")
    disk.write(f"raw/events/arrived={hour}/{name}", "x", at=now)


@pytest.mark.parametrize(
    ("hours_ago", "sweep", "found"),
    [
        (60, SWEEP, True),
        (7 * 24, SWEEP, True),
        (9 * 24, SWEEP, False),
        (9 * 24, timedelta(days=31), True),
        (29 * 24, timedelta(days=31), True),
        (32 * 24, timedelta(days=31), False),
    ],
)
def test_a_late_object_is_found_by_the_first_run_of_the_next_day(
    monkeypatch: pytest.MonkeyPatch, hours_ago: int, sweep: timedelta, found: bool
) -> None:
    clock, disk = Clock(monkeypatch), Disk()
    arrive(disk, NOW, hours_ago, "early")
    arrive(disk, NOW, 0, "now")
    assert sorted(taken(disk, NOW, sweep)) == ["early", "now"]
    arrive(disk, NOW, hours_ago, "late")
    clock.now = NOW + timedelta(hours=1)
    assert taken(disk, clock.now, sweep) == []
    clock.now = NOW + timedelta(hours=13)
    assert taken(disk, clock.now, sweep) == (["late"] if found else [])


def test_a_late_object_of_the_last_two_days_is_found_by_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    disk = Disk()
    arrive(disk, NOW, 40, "early")
    taken(disk, NOW)
    arrive(disk, NOW, 40, "late")
    assert taken(disk, NOW) == ["late"]


def test_an_hour_that_nobody_has_read_is_read_however_old_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    disk = Disk()
    arrive(disk, NOW, 1, "now")
    taken(disk, NOW)
    arrive(disk, NOW, 24 * 400, "backfill")
    assert taken(disk, NOW) == ["backfill"]


def test_after_a_restart_of_the_log_no_manifest_is_asked_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    log = BatchLog(Disk(), "lake/events__batches", "events", "epoch")
    assert not log.has_read_on(NOW)
    log.begin([], [])
    assert log.has_read_on(NOW)
    assert not log.has_read_on(NOW + timedelta(days=1))


def test_a_stream_s_own_batches_do_not_keep_the_archive_from_being_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    disk = Disk()
    log = BatchLog(disk, "lake/events__batches", "events", "epoch")
    received = StoredFile("received/batch=1/part", 1, 0)
    log.begin_received([received], (0, 0), Position("checkpoint", 1))
    assert not log.has_read_on(NOW)
    arrive(disk, NOW, 1, "a")
    assert taken(disk, NOW) == ["a"]
    log = BatchLog(disk, "lake/events__batches", "events", "epoch")
    batch = log.begin_received([received], (0, 0), Position("checkpoint", 2))
    log.finish(batch, Counts(), 0)
    log.begin_without_files()
    again = BatchLog(disk, "lake/events__batches", "events", "epoch")
    assert again.has_read_on(NOW)
    assert again.last().position == Position("checkpoint", 2)
    assert [manifest.number for manifest in again.newest_of_raw()] == [2]
    assert taken(disk, NOW) == []
