"""Processes that a test kills, the next of which is already starting while the test looks at what the last one left."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Optional

from chaos_worker import END, READY
from conftest import submit_environment

from basin_jobs.upkeep.figures import TARGET_BYTES

WORKER = Path(__file__).with_name("chaos_worker.py")
Process = subprocess.Popen[str]


class Victims:
    """Workers on one lake. A session takes seconds to open, so there is always one that has begun to."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._next = self._start()

    def kill_within(self, operation: str, seconds: float) -> bool:
        """Lets one do the operation and kills it after so long, at the latest when it is done; whether it was done."""
        victim, self._next = self._next, self._start()
        assert victim.stdin is not None
        assert victim.stdout is not None
        try:
            assert READY in victim.stdout
            victim.stdin.write(f"{operation}\n")
            victim.stdin.flush()
            said, _, _ = select.select([victim.stdout], [], [], seconds)
            return bool(said) and victim.stdout.readline() == END
        finally:
            _kill(victim)

    def __enter__(self) -> Victims:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        _kill(self._next)

    def _start(self) -> Process:
        folders = os.pathsep.join([str(WORKER.parent), str(WORKER.parents[1])])
        environment = {**os.environ, **submit_environment(f"{TARGET_BYTES}=100000"), "PYTHONPATH": folders}
        return subprocess.Popen(  # noqa: S603 (a file beside this one)
            [sys.executable, str(WORKER), str(self._root)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
            start_new_session=True,
        )


def _kill(process: Process) -> None:
    os.killpg(process.pid, 9)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
