"""The footers of Parquet and ORC files: their schema and row count, without their data."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Sequence, Union

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from basin_jobs.batches.counts import SetAside
from basin_jobs.readers.unreadable import why_unreadable

_THREADS = 32


@dataclass(frozen=True)
class Footer:
    """One file's schema, as its format writes it, and its rows. Files of equal schema can be read together."""

    file: str
    schema: str
    rows: int


def read_footers(spark: SparkSession, paths: Sequence[str], form: str) -> tuple[list[Footer], list[SetAside]]:
    """The footers of all files, and the files that are not of the format at all."""
    with ThreadPoolExecutor(_THREADS) as pool:
        results = list(pool.map(lambda path: _read_footer(spark, path, form), paths))
    footers = [each for each in results if isinstance(each, Footer)]
    return footers, [each for each in results if isinstance(each, SetAside)]


def _read_footer(spark: SparkSession, path: str, form: str) -> Union[Footer, SetAside]:
    jvm: Any = spark._jvm
    configuration: Any = spark.sparkContext._jsc.hadoopConfiguration()
    location = jvm.org.apache.hadoop.fs.Path(path)
    try:
        if form == "orc":
            orc = jvm.org.apache.orc.OrcFile
            reader = orc.createReader(location, orc.readerOptions(configuration))
            footer = Footer(path, reader.getSchema().toString(), reader.getNumberOfRows())
        else:
            source = jvm.org.apache.parquet.hadoop.util.HadoopInputFile.fromPath(location, configuration)
            reader = jvm.org.apache.parquet.hadoop.ParquetFileReader.open(source)
            metadata = reader.getFooter().getFileMetaData()
            footer = Footer(path, metadata.getSchema().toString(), reader.getRecordCount())
        reader.close()
    except Py4JJavaError as error:
        return SetAside(path, f"is not {form}: {why_unreadable(error)}")
    return footer
