"""One run as those who watch see it: begun, then ended well or badly."""

from __future__ import annotations

import json
import sys
import time
import uuid
from typing import Any, Mapping, Optional, Sequence

from pyspark.sql import SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.telemetry.cloudwatch import LogGroup
from basin_jobs.telemetry.lineage import JobRun, Touched, run_event
from basin_jobs.telemetry.lines import Line, now
from basin_jobs.telemetry.metrics import count_values, metric_document, run_values, upkeep_values


class RunTelemetry:
    """Readable lines on stderr; where `spark.basin.logGroup` is set, lines, metrics and lineage go there as JSON."""

    def __init__(self, spark: SparkSession, dataset: Dataset) -> None:
        """Begins a run of the dataset's job."""
        self.id = str(uuid.uuid4())
        self._dataset = dataset
        self._stack = str(spark.conf.get("spark.basin.stack", "local"))
        self._cores = spark.sparkContext.defaultParallelism
        group = spark.conf.get("spark.basin.logGroup", "")
        self._group = LogGroup(spark, group, f"{dataset.name}/{self.id}") if group else None
        self._begun = time.monotonic()

    def started(self, inputs: Sequence[str], output: str) -> None:
        """Says what is read and written."""
        self._tell("INFO", "run started", {"inputs": list(inputs), "output": output})
        self._lineage("START", Touched(inputs, output))

    def succeeded(
        self, report: Mapping[str, Any], inputs: Sequence[str], version_before: Optional[int]
    ) -> Mapping[str, float]:
        """Publishes the metrics of a run that ended well, and returns them."""
        values = run_values(report, time.monotonic() - self._begun, self._cores, version_before)
        run = report["run"]
        counts = {name: run[name] for name in ("rowsIn", "rowsAccepted", "rowsRejected")}
        details = {"version": report["tableVersion"], **counts, "seconds": values["RunSeconds"]}
        self._tell("INFO", "run succeeded", details)
        self._metrics(values, {"version": report["tableVersion"]})
        columns = [(column.name, column.type) for column in self._dataset.columns]
        self._lineage("COMPLETE", Touched(inputs, report["location"], columns, run["rowsAccepted"]))
        return values

    def failed(self, error: str, counts: Optional[Mapping[str, int]]) -> None:
        """Says why; what was counted before is published: too many rejects are seen although nothing was written."""
        self._tell("ERROR", "run failed", {"error": error})
        seconds = round(time.monotonic() - self._begun, 3)
        self._metrics({"RunSeconds": seconds, **(count_values(counts) if counts else {})}, {})
        self._lineage("FAIL", Touched(), error)

    def batch_taken(self, counts: Mapping[str, int], lag: Mapping[str, float], seconds: float) -> None:
        """Publishes one batch of a stream: `counts` as in the report, and how far behind the stream's end it is."""
        counted = {name: counts[name] for name in ("rowsIn", "rowsAccepted", "rowsRejected")}
        took = {"RunSeconds": round(seconds, 3), "CoreSeconds": round(seconds * self._cores, 3)}
        self._tell("INFO", "batch taken in", {**counted, **lag, "seconds": took["RunSeconds"]})
        self._metrics({**count_values(counts), **lag, **took}, {})

    def quiet(self, lag: Mapping[str, float]) -> None:
        """Publishes that a stream is read and brings nothing."""
        self._metrics(lag, {})

    def kept_up(self, figures: Mapping[str, int]) -> None:
        """Publishes how a table's files are after its upkeep."""
        values = upkeep_values(figures)
        self._tell("INFO", "table kept up", values)
        self._metrics(values, {})

    def _tell(self, level: str, message: str, details: Mapping[str, Any]) -> None:
        line = Line(now(), level, self._dataset.name, self.id, message, details)
        print(line.text(), file=sys.stderr, flush=True)
        self._put(line.millis, line.json())

    def _metrics(self, values: Mapping[str, float], properties: Mapping[str, Any]) -> None:
        millis = int(now().timestamp() * 1000)
        document = metric_document(values, self._stack, self._dataset.name, millis, {"run": self.id, **properties})
        self._put(millis, document)

    def _lineage(self, kind: str, touched: Touched, error: Optional[str] = None) -> None:
        moment = now()
        event = run_event(kind, moment, JobRun(self._stack, self._dataset.name, self.id), touched, error)
        self._put(int(moment.timestamp() * 1000), json.dumps(event, ensure_ascii=False))

    def _put(self, millis: int, text: str) -> None:
        if self._group is not None:
            self._group.put([(millis, text)])
