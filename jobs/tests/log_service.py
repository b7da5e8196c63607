"""CloudWatch Logs as far as a job speaks to it: streams are made, lines come in."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Iterator

from pyspark.sql import SparkSession

from basin_jobs.aws import ENDPOINT

GROUP = "/basin/basin-dev-jobs"
KEYS = {f"spark.hadoop.fs.s3a.{key}": "local" for key in ("endpoint.region", "access.key", "secret.key")}


@dataclass
class LogService:
    """What has come in, as JSON, by stream."""

    streams: dict[str, list[Any]] = field(default_factory=dict)

    def take(self, operation: str, request: dict[str, Any]) -> None:
        assert request["logGroupName"] == GROUP
        if operation == "CreateLogStream":
            self.streams[request["logStreamName"]] = []
        else:
            events = request["logEvents"]
            self.streams[request["logStreamName"]] += [json.loads(event["message"]) for event in events]

    def lines(self, dataset: str) -> list[Any]:
        return [line for name, lines in self.streams.items() if name.startswith(f"{dataset}/") for line in lines]

    def metrics(self, dataset: str) -> list[dict[str, float]]:
        """Of each document of metrics those that it declares, by name."""
        documents = [line for line in self.lines(dataset) if "_aws" in line]
        return [
            {metric["Name"]: document[metric["Name"]] for metric in document["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
            for document in documents
        ]

    def lineage(self, dataset: str) -> list[str]:
        return [line["eventType"] for line in self.lines(dataset) if "eventType" in line]


@contextmanager
def log_service(spark: SparkSession) -> Iterator[LogService]:
    """Runs it, and has the session's jobs tell it what they do."""
    service = LogService()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            service.take(operation, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = {
        **KEYS,
        ENDPOINT: f"http://127.0.0.1:{server.server_port}",
        "spark.basin.logGroup": GROUP,
        "spark.basin.stack": "basin-dev",
    }
    for key, value in settings.items():
        spark.conf.set(key, value)
    try:
        yield service
    finally:
        for key in settings:
            spark.conf.unset(key)
        server.shutdown()
        server.server_close()
