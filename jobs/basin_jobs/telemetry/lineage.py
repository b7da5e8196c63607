"""OpenLineage run events: which run of which job read which tables and wrote which.

Written here and not by OpenLineage's client library, which would bring a dozen packages to every cluster's Python for
two JSON objects a run; a test compares them with what that library makes of the same run.
Source: https://openlineage.io/spec/2-0-2/OpenLineage.json
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Mapping, Optional, Sequence
from urllib.parse import urlsplit

PRODUCER = "https://github.com/basin-lakehouse/basin"
_SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = "https://openlineage.io/spec/facets"


@dataclass(frozen=True)
class JobRun:
    """One run of a dataset's job: `stack` is the jobs' namespace, as `basin-prod`; `id` a UUID."""

    stack: str
    dataset: str
    id: str


@dataclass(frozen=True)
class Touched:
    """Addresses of what was read and of the table written, its columns with their types, the rows accepted."""

    inputs: Sequence[str] = ()
    output: Optional[str] = None
    columns: Sequence[tuple[str, str]] = ()
    rows: Optional[int] = None


def run_event(
    kind: str, at: datetime, run: JobRun, touched: Touched = Touched(), error: Optional[str] = None
) -> dict[str, Any]:
    """One event; `kind` is START, COMPLETE or FAIL."""
    facets = {} if error is None else {"errorMessage": {**_facet("1-0-1", "ErrorMessageRunFacet"), **_error(error)}}
    return {
        "eventTime": at.astimezone(timezone.utc).isoformat(),
        "producer": PRODUCER,
        "schemaURL": _SCHEMA,
        "eventType": kind,
        "run": {"runId": run.id, "facets": facets},
        "job": {"namespace": run.stack, "name": run.dataset, "facets": {}},
        "inputs": [{**_place(address), "facets": {}, "inputFacets": {}} for address in touched.inputs],
        "outputs": [] if touched.output is None else [_output(touched.output, touched)],
    }


def _output(address: str, touched: Touched) -> dict[str, Any]:
    columns, rows = touched.columns, touched.rows
    fields = [{"name": name, "type": kind, "fields": []} for name, kind in columns]
    facets = {"schema": {**_facet("1-2-0", "SchemaDatasetFacet"), "fields": fields}} if columns else {}
    statistics = (
        {}
        if rows is None
        else {"outputStatistics": {**_facet("1-0-2", "OutputStatisticsOutputDatasetFacet"), "rowCount": rows}}
    )
    return {**_place(address), "facets": facets, "outputFacets": statistics}


def _place(address: str) -> dict[str, str]:
    """OpenLineage names a table on S3 by its bucket and its key."""
    parts = urlsplit(address)
    if not parts.netloc:
        return {"namespace": "file", "name": parts.path}
    return {"namespace": f"{parts.scheme}://{parts.netloc}", "name": parts.path.strip("/")}


def _facet(version: str, name: str) -> Mapping[str, str]:
    return {"_producer": PRODUCER, "_schemaURL": f"{_FACETS}/{version}/{name}.json#/$defs/{name}"}


def _error(message: str) -> Mapping[str, str]:
    return {"message": message, "programmingLanguage": "python"}
