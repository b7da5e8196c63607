"""A dataset's lock, as the arguments of an operation ask for it."""

from __future__ import annotations

import argparse
from contextlib import contextmanager
from typing import Callable, Iterator, Optional

from pyspark.sql import SparkSession

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.locks.items import DynamoItems
from basin_jobs.locks.lock import Terms, lock_held


@contextmanager
def dataset_locked(
    spark: SparkSession,
    dataset: Dataset,
    parsed: argparse.Namespace,
    several: bool = True,
    when_lost: Optional[Callable[[], None]] = None,
    wait: Optional[float] = None,
) -> Iterator[None]:
    """Holds the dataset's lock, if one is asked for; with `several`, a dataset of several writers does without.

    Spark's jobs are cancelled where another run takes the lock over, and then `when_lost` is called. `wait` is in
    seconds, as long as the arguments say when left out.
    """
    if parsed.lock_table is None or (several and dataset.writers == "several"):
        yield
        return

    def lost() -> None:
        spark.sparkContext.cancelAllJobs()
        if when_lost is not None:
            when_lost()

    items, doing = DynamoItems(spark, parsed.lock_table), f"{parsed.operation} of {dataset.name}"
    terms = Terms(wait=parsed.lock_wait if wait is None else wait)
    with lock_held(items, dataset.name, doing, terms, lost):
        yield
