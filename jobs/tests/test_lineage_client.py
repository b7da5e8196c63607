"""Lineage as OpenLineage's own client library writes it for the same run."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Optional

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState, set_producer
from openlineage.client.facet_v2 import (
    RunFacet,
    error_message_run,
    output_statistics_output_dataset,
    schema_dataset,
)
from openlineage.client.serde import Serde

from basin_jobs.telemetry.lineage import PRODUCER, JobRun, Touched, run_event

NOON = datetime(2026, 11, 29, 12, 0, 0, 250_000, tzinfo=timezone.utc)
RUN = JobRun("basin-prod", "delays", "0191f1de-0000-7000-8000-000000000000")
INPUT, OUTPUT = "s3://lake/silver/flights/", "s3://lake/gold/delays/"


def by_library(
    kind: RunState,
    inputs: Optional[list[InputDataset]] = None,
    outputs: Optional[list[OutputDataset]] = None,
    facets: Optional[dict[str, RunFacet]] = None,
) -> dict[str, Any]:
    set_producer(PRODUCER)
    event = RunEvent(
        eventType=kind,
        eventTime=NOON.isoformat(),
        run=Run(runId=RUN.id, facets=facets or {}),
        job=Job(namespace=RUN.stack, name=RUN.dataset),
        producer=PRODUCER,
        inputs=inputs or [],
        outputs=outputs or [],
    )
    written: dict[str, Any] = json.loads(Serde.to_json(event))
    return written


def test_a_start_is_what_the_client_library_writes() -> None:
    event = run_event("START", NOON, RUN, Touched([INPUT], OUTPUT))
    wanted = by_library(
        RunState.START,
        [InputDataset("s3://lake", "silver/flights")],
        [OutputDataset("s3://lake", "gold/delays")],
    )
    assert event == wanted


def test_a_completion_with_columns_and_rows_is_what_the_client_library_writes() -> None:
    columns = [("hour", "timestamp"), ("late", "double")]
    event = run_event("COMPLETE", NOON, RUN, Touched([INPUT], OUTPUT, columns, 9))
    fields = [schema_dataset.SchemaDatasetFacetFields(name=name, type=kind) for name, kind in columns]
    output = OutputDataset(
        "s3://lake",
        "gold/delays",
        facets={"schema": schema_dataset.SchemaDatasetFacet(fields=fields)},
        outputFacets={
            "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=9)
        },
    )
    assert event == by_library(RunState.COMPLETE, [InputDataset("s3://lake", "silver/flights")], [output])


def test_a_failure_is_what_the_client_library_writes() -> None:
    event = run_event("FAIL", NOON, RUN, error="too many rejects")
    facet = error_message_run.ErrorMessageRunFacet(message="too many rejects", programmingLanguage="python")
    assert event == by_library(RunState.FAIL, facets={"errorMessage": facet})
