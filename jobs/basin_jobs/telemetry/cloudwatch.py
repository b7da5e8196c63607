"""Lines to a log group of CloudWatch, by the AWS client that is on the driver's class path anyway."""

from __future__ import annotations

import sys
from typing import Any, Sequence

from pyspark.sql import SparkSession

# PutLogEvents takes so many bytes, 26 for each event counted in.
_MOST_BYTES = 1_048_576
_EVENT_BYTES = 26


class LogGroup:
    """One stream of a log group. What cannot be sent is said once on stderr: telemetry never fails a run."""

    def __init__(self, spark: SparkSession, group: str, stream: str) -> None:
        """Makes nothing yet; the stream is created with its first lines."""
        self._jvm: Any = spark._jvm
        self._endpoint = spark.conf.get("spark.basin.logEndpoint", "")
        self._region = spark.conf.get("spark.basin.region", "us-east-1")
        self._group = group
        self._stream = stream
        self._created = False
        self._silenced = False

    def put(self, events: Sequence[tuple[int, str]]) -> None:
        """Sends lines with their times in milliseconds since 1970, oldest first."""
        if self._silenced:
            return
        try:
            client = self._client()
            if not self._created:
                self._create(client)
            for part in parts_of(sorted(events)):
                self._send(client, part)
        except Exception as error:  # whatever the class path or the network says
            self._silenced = True
            print(f"basin: nothing more goes to {self._group}: {error}"[:500], file=sys.stderr, flush=True)

    def _client(self) -> Any:
        builder = self._jvm.com.amazonaws.services.logs.AWSLogsClientBuilder.standard()
        if self._endpoint:
            configuration = self._jvm.com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration
            return builder.withEndpointConfiguration(configuration(self._endpoint, self._region)).build()
        return builder.withRegion(self._region).build()

    def _create(self, client: Any) -> None:
        request = self._jvm.com.amazonaws.services.logs.model.CreateLogStreamRequest(self._group, self._stream)
        client.createLogStream(request)
        self._created = True

    def _send(self, client: Any, events: Sequence[tuple[int, str]]) -> None:
        model = self._jvm.com.amazonaws.services.logs.model
        lines = self._jvm.java.util.ArrayList()
        for millis, text in events:
            lines.add(model.InputLogEvent().withTimestamp(millis).withMessage(text))
        client.putLogEvents(model.PutLogEventsRequest(self._group, self._stream, lines))


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
