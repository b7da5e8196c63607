"""Lines to a log group of CloudWatch, by the AWS client that is on the driver's class path anyway."""

from __future__ import annotations

import sys
from typing import Any, Sequence

from pyspark.sql import SparkSession

from basin_jobs.aws import aws_client

# PutLogEvents takes so many bytes, 26 for each event counted in.
_MOST_BYTES = 1_048_576
_EVENT_BYTES = 26


class LogGroup:
    """One stream of a log group. What cannot be sent is said once on stderr: telemetry never fails a run."""

    def __init__(self, spark: SparkSession, group: str, stream: str) -> None:
        """Makes nothing yet; the stream is created with its first lines."""
        self._jvm: Any = spark._jvm
        self._spark = spark
        self._client: Any = None
        self._group = group
        self._stream = stream
        self._silenced = False

    def put(self, events: Sequence[tuple[int, str]]) -> None:
        """Sends lines with their times in milliseconds since 1970, oldest first."""
        if self._silenced:
            return
        try:
            if self._client is None:
                self._client = self._open()
            for part in parts_of(sorted(events)):
                self._send(part)
        except Exception as error:  # whatever the class path or the network says
            self._silenced = True
            print(f"basin: nothing more goes to {self._group}: {error}"[:500], file=sys.stderr, flush=True)

    def _open(self) -> Any:
        client = aws_client(self._spark, "logs.AWSLogs")
        request = self._jvm.com.amazonaws.services.logs.model.CreateLogStreamRequest(self._group, self._stream)
        client.createLogStream(request)
        return client

    def _send(self, events: Sequence[tuple[int, str]]) -> None:
        model = self._jvm.com.amazonaws.services.logs.model
        lines = self._jvm.java.util.ArrayList()
        for millis, text in events:
            lines.add(model.InputLogEvent().withTimestamp(millis).withMessage(text))
        self._client.putLogEvents(model.PutLogEventsRequest(self._group, self._stream, lines))


def parts_of(events: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """Splits lines at what one call takes."""
    parts: list[list[tuple[int, str]]] = []
    size = 0
    for millis, text in events:
        length = len(text.encode()) + _EVENT_BYTES
        if not parts or size + length > _MOST_BYTES:
            parts.append([])
            size = 0
        parts[-1].append((millis, text))
        size += length
    return parts
