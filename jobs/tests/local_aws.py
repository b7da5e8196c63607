"""AWS of a test's own, in the emulator that a laptop's lake uses."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

from conftest import ENVIRONMENT
from pyspark.sql import SparkSession

from basin_jobs.aws import ENDPOINT, aws_client
from basin_jobs.locks.items import DynamoItems

TABLE = "locks"
SETTINGS = {
    "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
    "spark.hadoop.fs.s3a.access.key": "111122223333",
    "spark.hadoop.fs.s3a.secret.key": "local",
}


@contextmanager
def emulator_of(spark: SparkSession, folder: Path, service: str) -> Iterator[dict[str, str]]:
    """Runs the emulator of one service; the settings by which a driver finds it, as this one does already."""
    port = _free_port()
    settings = {**SETTINGS, ENDPOINT: f"http://127.0.0.1:{port}"}
    environment = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "SERVICES": service, "TMPDIR": str(folder)}
    python = json.loads(ENVIRONMENT.read_text())["python"]
    with open(folder / "ministack.log", "wb") as log:
        emulator = subprocess.Popen(  # noqa: S603 (the project's own interpreter)
            [python, "-m", "ministack"], env={**os.environ, **environment}, stdout=log, stderr=log, cwd=folder
        )
    try:
        _wait_for(settings[ENDPOINT], emulator)
        for key, value in settings.items():
            spark.conf.set(key, value)
        yield settings
    finally:
        emulator.terminate()
        emulator.wait()
        for key in settings:
            spark.conf.unset(key)


@contextmanager
def dynamodb(spark: SparkSession, folder: Path) -> Iterator[dict[str, str]]:
    """Likewise, with a table of locks."""
    with emulator_of(spark, folder, "dynamodb") as settings:
        _make_table(spark)
        yield settings


@contextmanager
def buckets(spark: SparkSession, folder: Path, *names: str) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Likewise, with empty buckets that this driver reads and writes: their addresses, in the order of their names."""
    with emulator_of(spark, folder, "s3") as settings:
        on_s3 = {
            **settings,
            "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
            "spark.hadoop.fs.s3a.endpoint": settings[ENDPOINT],
            "spark.hadoop.fs.s3a.path.style.access": "true",
            "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
            "spark.hadoop.fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        }
        # A driver keeps the client of a bucket's name: each emulator has names of its own.
        own_names = [f"{name}-{settings[ENDPOINT].rsplit(':', 1)[1]}" for name in names]
        client = aws_client(spark, "s3.AmazonS3")
        for name in own_names:
            client.createBucket(name)
        hadoop = spark.sparkContext._jsc.hadoopConfiguration()
        own = {key[len("spark.hadoop.") :]: value for key, value in on_s3.items() if key.startswith("spark.hadoop.")}
        for key, value in own.items():
            hadoop.set(key, value)
        try:
            yield on_s3, [f"s3://{name}" for name in own_names]
        finally:
            for key in own:
                hadoop.unset(key)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(endpoint: str, emulator: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert emulator.poll() is None, "the emulator ended instead of starting"
        try:
            with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2):  # noqa: S310 (loopback)
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the emulator did not answer within a minute")


def _make_table(spark: SparkSession) -> None:
    items: Any = DynamoItems(spark, TABLE)
    model = items._jvm.com.amazonaws.services.dynamodbv2.model
    request = model.CreateTableRequest()
    request.setTableName(TABLE)
    request.setBillingMode("PAY_PER_REQUEST")
    for setter, element in (
        (request.setKeySchema, model.KeySchemaElement("lock", "HASH")),
        (request.setAttributeDefinitions, model.AttributeDefinition("lock", "S")),
    ):
        elements = items._jvm.java.util.ArrayList()
        elements.add(element)
        setter(elements)
    items._client.createTable(request)
