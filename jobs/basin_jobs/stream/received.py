"""The one thing done with a stream's own frame: its records are written down as they came."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

_ARRIVAL = "approximateArrivalTimestamp"


@dataclass(frozen=True)
class Received:
    """Records of one batch of a stream; when the oldest and the newest arrived, in milliseconds since 1970."""

    records: int
    oldest: int
    newest: int

    def behind(self, now: int) -> int:
        """Milliseconds between the newest record's arrival and now."""
        return max(0, now - self.newest)

    def records_behind(self, now: int) -> int:
        """About how many records wait, if they arrive as fast as these have."""
        return round(self.records * self.behind(now) / max(1_000, self.newest - self.oldest))


def write_down(frame: DataFrame, folder: str) -> Received:
    """Writes a batch as lines, the form that its archive has too, in one action on the frame.

    A second action would read past the ends that the connector has recorded, and what lies between would never be read
    again. So the figures are of the same action. It may be repeated.
    """
    figures = Observation()
    arrival = F.unix_millis(_ARRIVAL)
    lines = frame.observe(
        figures,
        F.count(F.lit(1)).alias("records"),
        F.min(arrival).alias("oldest"),
        F.max(arrival).alias("newest"),
    ).select(F.col("data").cast("string").alias("value"))
    lines.write.mode("overwrite").text(folder)
    found = figures.get
    return Received(found["records"], found["oldest"] or 0, found["newest"] or 0)
