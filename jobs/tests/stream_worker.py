"""A stream's step as a process, which a test may kill: `stream_worker.py DATASETS NAME RAW LAKE [STREAM [ends]]`.

With a folder of records, STREAM, it reads them directly, without end unless it is told to end with what is there.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from pyspark.sql import DataFrame, SparkSession

from basin_jobs.declarations.folder import Declarations
from basin_jobs.session import open_session
from basin_jobs.silver import run_silver
from basin_jobs.stream.run import Source, Terms, run_stream

READY = "the session is open"
KINESIS = (
    "data binary, streamName string, partitionKey string, sequenceNumber string, approximateArrivalTimestamp timestamp"
)


def records_in(spark: SparkSession, folder: str) -> DataFrame:
    """What a connector would give: each file is a batch."""
    return spark.readStream.schema(KINESIS).option("maxFilesPerTrigger", 1).parquet(folder)


if __name__ == "__main__":
    datasets, name, raw, lake, *direct = sys.argv[1:]
    spark = open_session()
    spark.sparkContext.setLogLevel("OFF")
    dataset = Declarations(datasets).dataset(name)
    print(READY, flush=True)
    if direct:
        trigger = {"availableNow": True} if len(direct) > 1 else {"processingTime": "0 seconds"}
        source = Source(name, lambda: records_in(spark, direct[0]))
        run_stream(spark, dataset, raw, lake, source, Terms(timedelta(minutes=30), trigger))
    else:
        run_silver(spark, dataset, raw, lake)
