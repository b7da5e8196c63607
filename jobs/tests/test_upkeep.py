from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from conftest import Platform
from pyspark.errors import AnalysisException

from basin_jobs.declarations.dataset import Pin
from basin_jobs.errors import InputError
from basin_jobs.main import main
from basin_jobs.restore import run_restore
from basin_jobs.telemetry.run import RunTelemetry
from basin_jobs.upkeep import after_step
from basin_jobs.upkeep.after_step import keep_up
from basin_jobs.upkeep.decision import why_cluster, why_compact, why_vacuum
from basin_jobs.upkeep.figures import TARGET_BYTES, Figures
from basin_jobs.upkeep.horizon import longest_pin, readers_lag
from basin_jobs.upkeep.maintain import Upkeep, maintain

MIB = 1024**2
SOUND = Figures(10, 2_560 * MIB, 0, 0, 0, 0, 0, 256 * MIB)
BODY = """
source: { kind: stream, format: json }
columns:
  - { name: id, type: int, required: true }
  - { name: name, type: string }
clusterBy: [id]
retention: { raw: 30 days, history: 1 second }
"""


def test_an_unfragmented_table_is_left_alone() -> None:
    assert why_compact(SOUND) is why_cluster(SOUND) is why_vacuum(SOUND) is None
    assert why_compact(replace(SOUND, small_files=3, small_bytes=3 * MIB)) is None
    assert why_compact(replace(SOUND, files=100, small_files=19, small_bytes=MIB)) is None


def test_many_small_files_are_joined() -> None:
    found = why_compact(replace(SOUND, files=20, small_files=10, small_bytes=10 * MIB))
    assert found == f"10 of 20 files are below half of {256 * MIB} bytes"
    # Ten files of 120 MiB would still be five: that many saved of 12 is worth it, of 100 it is not.
    nearly = replace(SOUND, files=12, small_files=10, small_bytes=1_200 * MIB)
    assert why_compact(nearly) is not None
    assert why_compact(replace(nearly, files=100)) is None


def test_files_are_clustered_where_readers_could_skip_some() -> None:
    assert why_cluster(replace(SOUND, unclustered_files=2, unclustered_bytes=600 * MIB)) is not None
    assert why_cluster(replace(SOUND, unclustered_files=2, unclustered_bytes=300 * MIB)) is None
    small = replace(SOUND, bytes=100 * MIB, unclustered_files=5, unclustered_bytes=100 * MIB)
    assert why_cluster(small) is None


def test_old_files_go_when_they_cost_something_beside_the_table() -> None:
    assert why_vacuum(replace(SOUND, unneeded_bytes=100 * MIB)) is None
    assert why_vacuum(replace(SOUND, unneeded_bytes=600 * MIB)) is not None
    assert why_vacuum(replace(SOUND, bytes=0, unneeded_bytes=1)) is not None


def test_a_pin_holds_from_its_version_to_the_end_of_its_day() -> None:
    made = {3: datetime(2026, 11, 1, 12), 4: datetime(2026, 11, 10)}
    pins = [Pin(3, date(2026, 11, 3), "audit"), Pin(4, date(2026, 11, 30), "model"), Pin(9, date(2027, 1, 1), "other")]
    assert longest_pin(pins, made) == timedelta(days=21).total_seconds()
    assert longest_pin(pins[:1], made) == timedelta(days=2, hours=12).total_seconds()


def test_vacuum_waits_for_the_slowest_follower(platform: Platform) -> None:
    platform.declare("events", BODY)
    derived = "source: {{ kind: derived, from: [events], refresh: {} }}\ncolumns: [{{ name: id, type: int }}]"
    platform.declare("whole", derived.format("full"))
    assert readers_lag(platform.declarations, "events") == 0
    platform.declare("follower", derived.format("incremental"))
    assert readers_lag(platform.declarations, "events") == 7_200


@pytest.fixture(scope="module")
def worn(shared: Platform) -> Platform:
    """A table of seven small files, which no run of its own has joined."""
    dataset = shared.declare("events", BODY)
    shared.spark.conf.set(TARGET_BYTES, "2000")
    shared.silver(dataset)
    for number in range(7):
        frame = shared.spark.sql(f"select {number} as id, 'x' as name")
        frame.write.format("delta").mode("append").save(f"{shared.lake}/silver/events")
    return shared


def upkeep(platform: Platform, now: datetime) -> Upkeep:
    (done,) = maintain(platform.spark, platform.declarations, "events", platform.lake, now)
    return done


def test_upkeep_joins_small_files_once_and_lets_old_ones_lie_as_long_as_history_needs_them(worn: Platform) -> None:
    now = datetime.now(timezone.utc) - timedelta(hours=1)
    done = upkeep(worn, now)
    assert done.compacted is not None
    assert done.vacuumed is None
    assert (done.before.files, done.after.files) == (7, done.after.files)
    assert done.after.files < 4
    assert done.after.unclustered_files == 0
    assert worn.rows("silver.events", "id") == [(number,) for number in range(7)]
    version = done_version(worn)
    assert upkeep(worn, now).compacted is None
    assert done_version(worn) == version


def done_version(platform: Platform) -> int:
    history = platform.spark.sql(f"describe history delta.`{platform.lake}/silver/events` limit 1")
    return int(history.collect()[0]["version"])


def test_an_old_version_can_be_read_and_restored_until_it_is_vacuumed(worn: Platform) -> None:
    dataset = worn.declarations.dataset("events")
    assert worn.table("silver.events", version=3).count() == 3
    report = run_restore(worn.spark, dataset, worn.lake, 3)
    assert (report.values["rowsTable"], report.values["total"]["rowsDeleted"]) == (3, 4)
    worn.arrive("events", "a.json", '{"id":9}\n')
    again = worn.silver(dataset)
    assert worn.rows("silver.events", "id") == [(0,), (1,), (2,), (9,)]
    assert (again.values["total"]["rowsAccepted"], again.values["total"]["rowsDeleted"]) == (1, 4)

    time.sleep(2.5)
    later = upkeep(worn, datetime.now(timezone.utc))
    assert (
        later.vacuumed
        == f"{later.before.unneeded_bytes} bytes of versions that nobody reads lie beside {later.before.bytes}"
    )
    assert later.after.unneeded_bytes == 0
    with pytest.raises(InputError, match="events: version 5 cannot be restored: its history or files were vacuumed"):
        run_restore(worn.spark, dataset, worn.lake, 5)
    with pytest.raises(InputError, match="events has no version 99: the newest is"):
        run_restore(worn.spark, dataset, worn.lake, 99)
    assert worn.rows("silver.events", "id") == [(0,), (1,), (2,), (9,)]


def test_a_step_keeps_its_table_up_without_anybody_asking(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.declare("events", BODY.replace("stream", "files"))
    folders = ["--raw", platform.raw, "--lake", platform.lake, "--datasets", str(platform.root / "datasets")]

    def step(number: int) -> tuple[list[Any], dict[str, Any]]:
        platform.arrive("events", f"{number}.json", f'{{"id":{number}}}\n', f"{datetime.now(timezone.utc):%Y-%m-%dT%H}")
        assert main(["silver", "--dataset", "events", *folders]) == 0
        *lines, last = capsys.readouterr().out.splitlines()
        kept = [json.loads(line.split(" ", 1)[1]) for line in lines if line.startswith("BASIN_UPKEEP ")]
        return kept, json.loads(last.split(" ", 1)[1])

    assert step(7)[0] == [], "a table of one file is left alone"
    for number in range(4):
        platform.spark.sql(f"select {number} as id, 'x' as name").write.format("delta").mode("append").save(
            f"{platform.lake}/silver/events"
        )
    [joined], report = step(8)
    assert (joined["before"]["files"], joined["after"]["files"], joined["vacuumed"]) == (6, 1, None)
    assert (report["files"], report["tableVersion"]) == (1, done_version(platform))
    time.sleep(1)
    [vacuumed], _ = step(9)
    assert (vacuumed["compacted"], vacuumed["after"]["unneededBytes"]) == (None, 0)
    assert vacuumed["vacuumed"] is not None
    assert platform.rows("silver.events", "id") == [(number,) for number in (0, 1, 2, 3, 7, 8, 9)]


def test_upkeep_that_fails_fails_no_step(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> list[Upkeep]:
        raise AnalysisException("another writer was there first")

    telemetry = RunTelemetry(platform.spark, platform.declare("events", BODY))
    monkeypatch.setattr(after_step, "maintain", fails)
    assert not keep_up(platform.spark, platform.declarations, "events", platform.lake, telemetry)
    told = capsys.readouterr().err
    assert told == "basin: events: upkeep failed and is tried again by the next run: another writer was there first\n"


def test_checks_hold_for_whoever_writes_to_the_table(platform: Platform) -> None:
    body = BODY + 'checks: ["id > 0", "id < year(now())"]\n'
    platform.declare("events", body)
    platform.arrive("events", "a.json", '{"id":1}\n{"id":2}\n')
    platform.silver(platform.declarations.dataset("events"))
    wrong = platform.spark.sql("select -1 as id, 'x' as name")
    with pytest.raises(Exception, match="CHECK constraint basin_"):
        wrong.write.format("delta").mode("append").save(f"{platform.lake}/silver/events")

    platform.declare("events", body.replace("id > 0", "id > 1"))
    with pytest.raises(InputError, match=r"rows already in the table break the new check"):
        platform.silver(platform.declarations.dataset("events"))
    platform.silver(platform.declare("events", body.replace("id > 0", "id > -2")))
    wrong.write.format("delta").mode("append").save(f"{platform.lake}/silver/events")
    assert platform.table("silver.events").count() == 3


def test_a_dataset_without_a_table_is_named(platform: Platform) -> None:
    dataset = platform.declare("events", BODY)
    with pytest.raises(InputError, match=r"events has no table yet \(.*\): run its step first"):
        run_restore(platform.spark, dataset, platform.lake, 0)
