from __future__ import annotations

from datetime import datetime, timezone

from basin_jobs.batches.hours import holds, hour_of, hour_of_folder, with_hours


def test_an_hour_is_named_in_utc() -> None:
    assert hour_of(datetime(2026, 11, 24, 9, 59, tzinfo=timezone.utc)) == "2026-11-24T09"


def test_only_an_arrival_folder_has_an_hour() -> None:
    assert hour_of_folder("arrived=2026-11-24T09") == "2026-11-24T09"
    assert hour_of_folder("arrived=2026-11-31T09") is None
    assert hour_of_folder("arrived=2026-11-24") is None
    assert hour_of_folder("_temporary") is None


def test_neighbouring_hours_become_one_range_across_midnight() -> None:
    hours = ["2026-11-24T00", "2026-11-23T23", "2026-11-24T02"]
    assert with_hours([], hours) == [("2026-11-23T23", "2026-11-24T00"), ("2026-11-24T02", "2026-11-24T02")]


def test_an_hour_between_two_ranges_joins_them() -> None:
    ranges = [("2026-11-24T00", "2026-11-24T01"), ("2026-11-24T03", "2026-11-24T09")]
    assert with_hours(ranges, ["2026-11-24T02"]) == [("2026-11-24T00", "2026-11-24T09")]


def test_both_ends_of_a_range_belong_to_it() -> None:
    ranges = [("2026-11-24T03", "2026-11-24T09")]
    assert [hour for hour in ("02", "03", "09", "10") if holds(ranges, f"2026-11-24T{hour}")] == ["03", "09"]
