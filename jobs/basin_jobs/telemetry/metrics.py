"""Metrics in CloudWatch's embedded metric format: log lines of which CloudWatch makes metrics by itself.

Source of the format: CloudWatch user guide, "Embedded metric format specification".
"""

from __future__ import annotations

import json
import pkgutil
from typing import Any, Mapping, Optional

Values = Mapping[str, float]


def declared() -> dict[str, Any]:
    """`metrics.json`: the list that alarms and dashboards are made from too."""
    text = pkgutil.get_data(__name__, "metrics.json")
    if text is None:
        raise RuntimeError("metrics.json is not in the package")
    metrics: dict[str, Any] = json.loads(text)
    return metrics


def metric_document(values: Values, stack: str, dataset: str, millis: int, properties: Mapping[str, Any]) -> str:
    """One line of JSON that holds the metrics of a run.

    Args:
        values: by the names of `metrics.json`; not all of them have to be there.
        stack: as `basin-prod`.
        dataset: the dataset's name.
        millis: time of the metrics in milliseconds since 1970.
        properties: what else to find them by, such as the run; no dimensions.

    Raises:
        KeyError: naming a metric that is not declared.
    """
    known = declared()
    units = {name: known["metrics"][name]["unit"] for name in values}
    directive = {
        "Namespace": known["namespace"],
        "Dimensions": [known["dimensions"]],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
    }
    dimensions = dict(zip(known["dimensions"], (stack, dataset)))
    header = {"_aws": {"Timestamp": millis, "CloudWatchMetrics": [directive]}}
    return json.dumps({**header, **dimensions, **properties, **values}, ensure_ascii=False)


def run_values(
    report: Mapping[str, Any], seconds: float, cores: int, version_before: Optional[int]
) -> dict[str, float]:
    """The metrics of a run that ended well, out of its report.

    Args:
        report: as in `basin_jobs.report`.
        seconds: how long the run took.
        cores: how many Spark could use.
        version_before: the table's version when the run began; None where there was no table.
    """
    run = report["run"]
    stuck = run["rowsAccepted"] > 0 and version_before is not None and report["tableVersion"] <= version_before
    return {
        "CommitAge": run["commitAgeSeconds"],
        **count_values(run),
        "VersionMissing": 1 if stuck else 0,
        "RunSeconds": round(seconds, 3),
        "CoreSeconds": round(seconds * cores, 3),
        "TableRows": report["rowsTable"],
        "TableBytes": report["bytes"],
        "TableFiles": report["files"],
        "TableVersion": report["tableVersion"],
    }


def count_values(counts: Mapping[str, int]) -> dict[str, float]:
    """Of what came in, how much went where; `counts` has the names of the report."""
    return {f"{name[0].upper()}{name[1:]}": counts[name] for name in ("rowsIn", "rowsAccepted", "rowsRejected")}


def upkeep_values(figures: Mapping[str, int]) -> dict[str, float]:
    """How a table's files are; `figures` has the names of the upkeep report."""
    return {
        "TableBytes": figures["bytes"],
        "TableFiles": figures["files"],
        "SmallFiles": figures["smallFiles"],
        "UnneededBytes": figures["unneededBytes"],
    }
