"""One run of a stream's step as a process, which a test may kill: `stream_worker.py DATASETS NAME RAW LAKE`."""

from __future__ import annotations

import sys

from basin_jobs.declarations.folder import Declarations
from basin_jobs.session import open_session
from basin_jobs.silver import run_silver

READY = "the session is open"

if __name__ == "__main__":
    datasets, name, raw, lake = sys.argv[1:]
    spark = open_session()
    spark.sparkContext.setLogLevel("OFF")
    print(READY, flush=True)
    run_silver(spark, Declarations(datasets).dataset(name), raw, lake)
