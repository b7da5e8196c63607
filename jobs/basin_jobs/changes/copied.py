"""What copying out of landing asks of a file system and of S3."""

from __future__ import annotations

from typing import Any, Callable
from urllib.parse import urlparse

from pyspark.sql import SparkSession

from basin_jobs.aws import aws_client
from basin_jobs.changes.landing import Landing, Places
from basin_jobs.declarations.dataset import Dataset
from basin_jobs.layout import Layout, raw_folder
from basin_jobs.storage import Storage

COPIED = ("basin:copied", "true")
"""The tag by which landing's lifecycle lets a file expire; `components/data-lake/lifecycle.ts` has the same."""


def landing_of(spark: SparkSession, dataset: Dataset, layout: Layout, landing: str, raw: str) -> Landing:
    """What DMS has written of a dataset's table, from where `landing` is the root of it to where `raw` is."""
    places = Places(landing, raw_folder(dataset, raw), layout.landing)
    return Landing(Storage(spark), dataset, places, file_copier(spark), marker(spark, landing))


def file_copier(spark: SparkSession) -> Callable[[str, str], None]:
    """Copies a file's bytes; on S3 the target appears when it is whole."""
    jvm: Any = spark._jvm
    configuration: Any = spark.sparkContext._jsc.hadoopConfiguration()

    def copy(source: str, target: str) -> None:
        here, there = jvm.org.apache.hadoop.fs.Path(source), jvm.org.apache.hadoop.fs.Path(target)
        system, to_system = here.getFileSystem(configuration), there.getFileSystem(configuration)
        jvm.org.apache.hadoop.fs.FileUtil.copy(system, here, to_system, there, False, True, configuration)

    return copy


def marker(spark: SparkSession, landing: str) -> Callable[[str], None]:
    """Marks a file of landing as copied; nothing where landing is a folder, in which nothing expires."""
    if not landing.startswith("s3"):
        return lambda _: None
    jvm: Any = spark._jvm
    model = jvm.com.amazonaws.services.s3.model
    client = aws_client(spark, "s3.AmazonS3")

    def mark(path: str) -> None:
        place = urlparse(path, allow_fragments=False)
        tags = jvm.java.util.ArrayList()
        tags.add(model.Tag(*COPIED))
        request = model.SetObjectTaggingRequest(place.netloc, place.path[1:], model.ObjectTagging(tags))
        client.setObjectTagging(request)

    return mark
