"""A process that does one operation on a lake and is killed while it does: `chaos_worker.py ROOT`.

It says READY once its session is open, waits for the operation's name, and says END if it lives to its end.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable

from conftest import NOW, Platform
from pyspark.sql import SparkSession

from basin_jobs.erasure.erase import Erasure
from basin_jobs.erasure.places import Places
from basin_jobs.exports import run_exports
from basin_jobs.restore import run_restore
from basin_jobs.session import open_session
from basin_jobs.upkeep.maintain import maintain

READY, END = "READY\n", "END\n"
NAME = "events"
SUBJECT = "5"


def load(platform: Platform) -> None:
    platform.silver(platform.declarations.dataset(NAME))


def compaction(platform: Platform) -> None:
    maintain(platform.spark, platform.declarations, NAME, platform.lake, NOW)


def export(platform: Platform) -> None:
    run_exports(platform.spark, platform.declarations.dataset(NAME), platform.lake, None)


def restore(platform: Platform) -> None:
    run_restore(platform.spark, platform.declarations.dataset(NAME), platform.lake, 1)


def erase(platform: Platform) -> None:
    Erasure(platform.spark, platform.declarations, SUBJECT, Places(platform.raw, platform.lake)).run()


OPERATIONS: dict[str, Callable[[Platform], None]] = {
    each.__name__: each for each in (load, compaction, export, restore, erase)
}


def main(root: str) -> None:
    spark: SparkSession = open_session()
    spark.sparkContext.setLogLevel("OFF")
    spark.range(1).count()
    print(READY, end="", flush=True)
    operation = sys.stdin.readline().strip()
    if operation:
        OPERATIONS[operation](Platform(spark, Path(root)))
        print(END, end="", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
