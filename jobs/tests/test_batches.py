from __future__ import annotations

from pathlib import Path

import pytest
from conftest import NOW
from pyspark.sql import SparkSession

from basin_jobs.batches import arrivals
from basin_jobs.batches.arrivals import next_batches
from basin_jobs.batches.counts import Counts, SetAside
from basin_jobs.batches.log import BatchLog
from basin_jobs.batches.manifest import Manifest
from basin_jobs.errors import InputError
from basin_jobs.storage import Storage


@pytest.fixture
def storage(spark: SparkSession) -> Storage:
    return Storage(spark)


def log_of(storage: Storage, root: Path, dataset: str = "events") -> BatchLog:
    return BatchLog(storage, f"{root}/batches", dataset, "epoch")


def arrive(root: Path, hour: str, *names: str) -> None:
    folder = root / "raw" / f"arrived={hour}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("x")


def batches(storage: Storage, root: Path, finish: bool = True) -> list[list[str]]:
    """Names of the files of each batch that one run begins."""
    log = log_of(storage, root)
    taken = []
    for manifest in next_batches(storage, f"{root}/raw", log, NOW):
        taken.append([file.path.rsplit("/", 1)[1] for file in manifest.files])
        if finish:
            log.finish(manifest, Counts(rows_in=1), 0)
    return taken


def test_a_file_is_in_one_batch(storage: Storage, tmp_path: Path) -> None:
    arrive(tmp_path, "2026-11-24T09", "a")
    assert batches(storage, tmp_path) == [["a"]]
    arrive(tmp_path, "2026-11-24T09", "b")
    arrive(tmp_path, "2020-01-01T00", "backfill")
    assert batches(storage, tmp_path) == [["backfill", "b"]]
    assert batches(storage, tmp_path) == []


def test_an_hour_larger_than_a_batch_is_read_to_its_end_by_later_runs(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MAX_BATCH_FILES", 2)
    # Old hours: none of them is looked at again for being recent.
    arrive(tmp_path, "2025-01-01T00", "a", "b", "c", "d", "e")
    arrive(tmp_path, "2024-01-01T00", "f")
    log = log_of(storage, tmp_path)
    first = next(next_batches(storage, f"{tmp_path}/raw", log, NOW))
    assert [file.path.rsplit("/", 1)[1] for file in first.files] == ["f", "a"]
    assert first.unfinished == "2025-01-01T00"
    assert batches(storage, tmp_path) == [["b", "c"], ["d", "e"]]
    assert batches(storage, tmp_path) == []


def test_two_runs_cannot_begin_the_same_batch(storage: Storage, tmp_path: Path) -> None:
    one, other = log_of(storage, tmp_path), log_of(storage, tmp_path)
    one.begin([], [])
    with pytest.raises(InputError, match="another run has begun batch 1 just now"):
        other.begin([], [])


def test_results_add_up_and_an_unfinished_batch_is_pending(storage: Storage, tmp_path: Path) -> None:
    log = log_of(storage, tmp_path)
    counts = Counts(rows_in=3, rows_accepted=2, rows_set_aside=1, files_set_aside=(SetAside("f", "why", 1),))
    log.finish(log.begin([], []), counts, 1)
    log.finish(log.begin([], []), counts, 2)
    log.begin([], [])
    again = log_of(storage, tmp_path)
    assert again.total() == counts + counts
    assert again.pending() == [Manifest(3, (), (), None, rerun=True, raw=3, raw_before=2)]


def test_records_of_another_table_or_that_are_none_are_refused(storage: Storage, tmp_path: Path) -> None:
    log_of(storage, tmp_path).begin([], [])
    with pytest.raises(InputError, match="belongs to another table"):
        log_of(storage, tmp_path, dataset="weather").last()
    (tmp_path / "batches" / "epoch" / ".000001.json.crc").unlink()
    (tmp_path / "batches" / "epoch" / "000001.json").write_text("[]")
    with pytest.raises(InputError, match="is not a batch record"):
        log_of(storage, tmp_path).last()
