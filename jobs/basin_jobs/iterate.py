"""A frame for jobs that repeat a step until its result hardly changes: PageRank, k-means, label propagation.

What the rounds share stays in memory, each round's result is computed once, and every few rounds it is written out in
place of the plan that led to it: the plan stays short, and an executor that is lost costs the rounds since then.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from basin_jobs.errors import CheckFailed

Change = Callable[[DataFrame, DataFrame], DataFrame]
_CLUSTER_FOLDER = "/tmp/basin-checkpoints"  # noqa: S108 (on the cluster's own HDFS, gone with it)


@dataclass(frozen=True)
class Rounds:
    """When rounds end and how they are kept: by default in memory, and beyond it on executors' disks.

    Rounds end when the change is at most `tolerance`. Without that after `at_most` of them the computation has failed;
    with a negative tolerance it is what was asked for.
    """

    at_most: int
    tolerance: float = -1.0
    checkpoint_every: int = 5
    storage: StorageLevel = field(default_factory=lambda: StorageLevel.MEMORY_AND_DISK)
    progress: Callable[[str], None] = lambda line: print(f"basin: {line}", file=sys.stderr, flush=True)


@contextmanager
def kept(frame: DataFrame, storage: StorageLevel = StorageLevel.MEMORY_AND_DISK) -> Iterator[DataFrame]:
    """Keeps what every round reads, such as a graph's edges, while the block runs."""
    frame.persist(storage)
    try:
        yield frame
    finally:
        frame.unpersist()


def iterate(start: DataFrame, step: Callable[[DataFrame], DataFrame], change: Change, rounds: Rounds) -> DataFrame:
    """Repeats a step.

    Args:
        start: the state before the first round.
        step: from one state to the next; reads nothing that it has not been given or kept.
        change: of two states, a frame of one number that says how far apart they are; its null counts as 0.
        rounds: when to end, what to keep.

    Returns:
        The last state, written out: it depends on nothing that is still in memory.

    Raises:
        CheckFailed: the change is above the tolerance after the last round.
    """
    _require_folder(start.sparkSession)
    with ExitStack() as in_memory:
        state = _leaf(in_memory.enter_context(kept(start, rounds.storage)))
        changed = float("inf")
        for number in range(1, rounds.at_most + 1):
            began = time.monotonic()
            following = step(state)
            if number % rounds.checkpoint_every == 0:
                following = following.checkpoint(eager=True)
            of_this_round = ExitStack()
            following = _leaf(of_this_round.enter_context(kept(following, rounds.storage)))
            changed = float(change(state, following).collect()[0][0] or 0.0)
            in_memory.close()
            in_memory.push(of_this_round)
            state = following
            seconds = time.monotonic() - began
            rounds.progress(f"round {number} of at most {rounds.at_most}: changed by {changed:.3g} in {seconds:.1f} s")
            if changed <= rounds.tolerance:
                break
        if rounds.tolerance >= 0 and not changed <= rounds.tolerance:
            still = f"the result still changes by {changed:.3g}, more than {rounds.tolerance:g}"
            raise CheckFailed(f"after {rounds.at_most} rounds {still}")
        return state.checkpoint(eager=True)


def _leaf(frame: DataFrame) -> DataFrame:
    """A kept frame's rows by a plan of their own, of one leaf.

    Spark analyses the whole plan that led to a frame wherever the frame is used, though its rows lie in memory: a step
    that reads its state twice would double the plan in every round. The rows' own lineage stays what it is.
    """
    rows: Any = frame.select("*")._jdf
    session: Any = frame.sparkSession._jsparkSession
    leaf = session.internalCreateDataFrame(rows.queryExecution().toRdd(), rows.schema(), False)
    return DataFrame(leaf, frame.sparkSession)


def _require_folder(spark: SparkSession) -> None:
    """Checkpoints lie on the cluster's own file system; on a laptop in a folder for temporary files."""
    context: Any = spark.sparkContext
    if context._jsc.getCheckpointDir().isPresent():
        return
    default = context._jvm.org.apache.hadoop.fs.FileSystem.getDefaultUri(context._jsc.hadoopConfiguration())
    if default.getScheme() not in (None, "file"):
        context.setCheckpointDir(_CLUSTER_FOLDER)
        return
    # The first of Spark's own folders for temporary files, which go when the run does.
    temporary = (spark.conf.get("spark.local.dir", None) or tempfile.gettempdir()).split(",")[0]
    context.setCheckpointDir("file:" + tempfile.mkdtemp(prefix="basin-checkpoints-", dir=temporary))
