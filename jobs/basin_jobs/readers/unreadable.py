"""Files that are not what their name or format says, told from a storage that does not answer."""

from __future__ import annotations

from typing import Iterable

from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, SparkSession

from basin_jobs.batches.counts import SetAside
from basin_jobs.readers.lines import read_files
from basin_jobs.storage import root_cause

# Causes that lie in the environment: rights, network, a file that is gone. They fail the run and blame no file.
_ENVIRONMENT = (
    "com.amazonaws.",
    "software.amazon.",
    "org.apache.hadoop.fs.",
    "org.apache.hadoop.security.",
    "java.io.FileNotFoundException",
    "java.io.InterruptedIOException",
    "java.lang.OutOfMemoryError",
    "java.lang.StackOverflowError",
    "java.net.",
    "java.nio.file.",
    "javax.net.",
)


def why_unreadable(error: Py4JJavaError) -> str:
    """One line on why a file cannot be decoded.

    Raises:
        Py4JJavaError: the same, where the environment and not the file is to blame.
    """
    cause = root_cause(error)
    name = cause.getClass().getName()
    if name.startswith(_ENVIRONMENT):
        raise error
    lines = str(cause.getMessage() or name).strip().splitlines()
    return f"cannot be read: {lines[0][:300]}"


def find_unreadable(spark: SparkSession, paths: Iterable[str], form: str) -> list[SetAside]:
    """Reads each file by itself to its end, after reading them together has failed; those that fail, and why."""
    faults = []
    for path in paths:
        try:
            _drain(read_files(spark, [path], form))
        except Py4JJavaError as error:
            faults.append(SetAside(path, why_unreadable(error)))
    return faults


def _drain(frame: DataFrame) -> None:
    frame.write.format("noop").mode("overwrite").save()
