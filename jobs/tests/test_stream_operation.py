"""The operation `stream` as a step calls it: it reads until it is asked to stop, and tells of what it does."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import Platform
from streams import FileStream
from test_direct_stream import BODY, event, rows

from basin_jobs.main import main
from basin_jobs.stream import command
from basin_jobs.telemetry.run import RunTelemetry


def test_a_stream_ends_its_batch_when_it_is_asked_to_stop_and_goes_on_from_there(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.declare("events", BODY)
    stream = FileStream(platform, "events")
    told: list[Any] = []
    asked: list[Callable[[], object]] = [
        lambda: os.kill(os.getpid(), signal.SIGTERM),
        lambda: Path(f"{platform.lake}/silver/events__stream/stop").write_text(""),
    ]
    publish = RunTelemetry.batch_taken

    def taken(telemetry: RunTelemetry, *figures: Any) -> None:
        publish(telemetry, *figures)
        told.append(figures)
        asked[len(told) - 1]()

    monkeypatch.setattr(command, "read_kinesis", lambda *_: stream.frame())
    monkeypatch.setattr(RunTelemetry, "batch_taken", taken)
    folders = ["--raw", platform.raw, "--lake", platform.lake, "--datasets", str(platform.root / "datasets")]
    source = ["--stream-name", "basin-dev-events", "--endpoint-url", "http://127.0.0.1:1", "--region", "us-east-1"]
    arguments = ["stream", "--dataset", "events", *folders, *source, "--archive-wait", "1800", "--trigger-seconds", "1"]

    for number in (1, 2):
        stream.put(event(number, 1))
        assert main(arguments) == 0
        report = json.loads(capsys.readouterr().out.splitlines()[-1].partition(" ")[2])
        assert (report["run"]["rowsIn"], report["total"]["rowsIn"]) == (1, number)
    assert [row[0] for row in rows(platform)] == [1, 2]
    assert not Path(f"{platform.lake}/silver/events__stream/stop").exists()
    for counts, lag, _ in told:
        assert counts["rowsIn"] == 1
        assert lag["StreamLag"] > 0
        assert lag["CommitAge"] == pytest.approx(lag["StreamLag"] / 1_000, abs=1)
