"""Where a dataset's things lie under the raw and lake roots (`s3://bucket`, or any root that Hadoop can open)."""

from __future__ import annotations

from dataclasses import dataclass

from basin_jobs.declarations.dataset import Dataset


@dataclass(frozen=True)
class Layout:
    """Paths of one dataset's table and of what stands beside it."""

    table: str
    rejected: str
    extra: str
    batches: str
    marks: str
    reconciliation: str
    landing: str
    stream: str

    @property
    def received(self) -> str:
        """What was received from a stream that is read directly."""
        return f"{self.stream}/received/"


def layout_of(dataset: Dataset, lake: str) -> Layout:
    """The paths under a lake; a table's has a slash at the end, as the catalogue spells it."""
    base = table_location(lake, dataset.zone, dataset.name).rstrip("/")
    return Layout(
        table=f"{base}/",
        rejected=f"{base}__rejected/",
        extra=f"{base}__extra/",
        batches=f"{base}__batches",
        marks=f"{base}__marks/",
        reconciliation=f"{base}__reconciliation/",
        landing=f"{base}__landing",
        stream=f"{base}__stream",
    )


def table_location(lake: str, zone: str, name: str) -> str:
    """One spelling everywhere: the DynamoDB log store locks on the location's text."""
    return f"{lake.rstrip('/')}/{zone}/{name}/"


def export_location(dataset: Dataset, lake: str, form: str) -> str:
    """The folder of a dataset's copies in one format."""
    return f"{lake.rstrip('/')}/exports/{dataset.name}/{form}/"


def raw_folder(dataset: Dataset, raw: str) -> str:
    """The folder of a dataset's `arrived=` hours."""
    return f"{raw.rstrip('/')}/{dataset.name}"
