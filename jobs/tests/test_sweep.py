"""Objects that come late into an hour that was read long ago are found, once a day, without listing a whole prefix."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from disk import NOW, Disk

from basin_jobs.batches import log as subject
from basin_jobs.batches.arrivals import next_batches
from basin_jobs.batches.counts import Counts
from basin_jobs.batches.log import BatchLog


class Clock:
    """The time at which manifests are made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        monkeypatch.setattr(subject, "_now", lambda: self.now.strftime("%Y-%m-%dT%H:%M:%SZ"))


def taken(disk: Disk, now: datetime) -> list[str]:
    log = BatchLog(disk, "lake/events__batches", "events", "epoch")
    names = []
    for manifest in next_batches(disk, "raw/events", log, now):
        names += [file.path.rsplit("/", 1)[1] for file in manifest.files]
        log.finish(manifest, Counts(), 0)
    return names


def arrive(disk: Disk, now: datetime, hours_ago: int, name: str) -> None:
    hour = (now - timedelta(hours=hours_ago)).strftime("%Y-%m-%dT%H")
    disk.write(f"raw/events/arrived={hour}/{name}", "x", at=now)


@pytest.mark.parametrize(("hours_ago", "found"), [(60, True), (7 * 24, True), (9 * 24, False)])
def test_a_late_object_is_found_by_the_first_run_of_the_next_day(
    monkeypatch: pytest.MonkeyPatch, hours_ago: int, found: bool
) -> None:
    clock, disk = Clock(monkeypatch), Disk()
    arrive(disk, NOW, hours_ago, "early")
    arrive(disk, NOW, 0, "now")
    assert sorted(taken(disk, NOW)) == ["early", "now"]
    arrive(disk, NOW, hours_ago, "late")
    clock.now = NOW + timedelta(hours=1)
    assert taken(disk, clock.now) == []
    clock.now = NOW + timedelta(hours=13)
    assert taken(disk, clock.now) == (["late"] if found else [])


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
    assert not log.has_begun_on(NOW)
    log.begin([], [])
    assert log.has_begun_on(NOW)
    assert not log.has_begun_on(NOW + timedelta(days=1))
