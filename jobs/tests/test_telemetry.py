"""What a run tells: metrics in embedded metric format, lines, lineage."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from basin_jobs.telemetry.cloudwatch import parts_of
from basin_jobs.telemetry.lineage import JobRun, Touched, run_event
from basin_jobs.telemetry.lines import Line
from basin_jobs.telemetry.metrics import metric_document, run_values

NOON = datetime(2026, 11, 29, 12, 0, 0, 250_000, tzinfo=timezone.utc)
RUN = "0191f1de-0000-7000-8000-000000000000"


def report(**changes: Any) -> dict[str, Any]:
    run = {"rowsIn": 10, "rowsAccepted": 9, "rowsRejected": 1, "commitAgeSeconds": 42.5}
    return {"tableVersion": 7, "rowsTable": 100, "bytes": 5_000, "files": 2, "run": {**run, **changes}}


def test_a_run_that_ends_well_publishes_what_its_report_says() -> None:
    values = run_values(report(), seconds=2.0, cores=4, version_before=6)
    assert values["CommitAge"] == 42.5
    assert values["CoreSeconds"] == 8.0


@pytest.mark.parametrize(
    ("accepted", "before", "missing"),
    [(9, 6, 0), (9, 7, 1), (0, 7, 0), (9, None, 0)],
    ids=["a new version", "none although rows came", "none, and none came", "the first run"],
)
def test_a_version_is_missing_where_rows_were_accepted_and_none_came(accepted: int, before: Any, missing: int) -> None:
    values = run_values(report(rowsAccepted=accepted), seconds=1, cores=1, version_before=before)
    assert values["VersionMissing"] == missing


def test_metrics_are_one_line_that_cloudwatch_reads() -> None:
    line = metric_document({"RowsIn": 10, "CommitAge": 42.5}, "basin-prod", "flights", 1_764_417_600_250, {"run": RUN})
    assert "\n" not in line
    assert json.loads(line) == {
        "_aws": {
            "Timestamp": 1_764_417_600_250,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Basin",
                    "Dimensions": [["Stack", "Dataset"]],
                    "Metrics": [{"Name": "RowsIn", "Unit": "Count"}, {"Name": "CommitAge", "Unit": "Seconds"}],
                }
            ],
        },
        "Stack": "basin-prod",
        "Dataset": "flights",
        "run": RUN,
        "RowsIn": 10,
        "CommitAge": 42.5,
    }


def test_a_metric_that_nobody_declared_is_not_published() -> None:
    with pytest.raises(KeyError, match="RowsLost"):
        metric_document({"RowsLost": 1}, "basin-prod", "flights", 0, {})


def test_a_line_is_read_by_machines_and_by_people() -> None:
    line = Line(NOON, "INFO", "flights", RUN, "run succeeded", {"version": 7})
    assert json.loads(line.json()) == {
        "time": "2026-11-29T12:00:00.250Z",
        "level": "INFO",
        "dataset": "flights",
        "run": RUN,
        "message": "run succeeded",
        "version": 7,
    }
    assert line.text() == "2026-11-29T12:00:00.250Z INFO  flights 0191f1de run succeeded version=7"


def test_lineage_says_what_was_read_and_written() -> None:
    touched = Touched(["s3://lake/silver/flights/"], "s3://lake/gold/delays/", [("hour", "timestamp")], 9)
    event = run_event("COMPLETE", NOON, JobRun("basin-prod", "delays", RUN), touched)
    assert event["inputs"] == [
        {"namespace": "s3://lake", "name": "silver/flights", "facets": {}, "inputFacets": {}},
    ]
    [output] = event["outputs"]
    assert (output["namespace"], output["name"]) == ("s3://lake", "gold/delays")
    assert output["facets"]["schema"]["fields"] == [{"name": "hour", "type": "timestamp", "fields": []}]
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 9


def test_a_failure_is_part_of_the_lineage() -> None:
    event = run_event("FAIL", NOON, JobRun("basin-prod", "delays", RUN), error="too many rejects")
    assert event["run"]["facets"]["errorMessage"]["message"] == "too many rejects"


def test_lines_are_sent_in_parts_that_one_call_takes() -> None:
    long = "x" * 400_000
    assert [len(part) for part in parts_of([(1, long), (2, long), (3, long)])] == [2, 1]
    assert parts_of([]) == []
