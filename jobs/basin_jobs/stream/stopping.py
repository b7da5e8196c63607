"""How a stream is asked to stop: by SIGTERM, or by an object at `<dataset>__stream/stop`.

A driver on a cluster gets no signal from whoever cancels its step, but everybody who may write to the lake can put an
object there.
"""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import Iterator

from basin_jobs.layout import Layout
from basin_jobs.storage import Storage

_LOOK_SECONDS = 5.0


class StopRequest:
    """Whether somebody has asked."""

    def __init__(self, storage: Storage, layout: Layout) -> None:
        self._storage = storage
        self._path = f"{layout.stream}/stop"
        self._asked = threading.Event()
        self._looked = 0.0

    def __call__(self) -> bool:
        """Looks for the object every few seconds, and takes it away once it is found."""
        if not self._asked.is_set() and time.monotonic() - self._looked >= _LOOK_SECONDS:
            self._looked = time.monotonic()
            if self._storage.exists(self._path):
                self._storage.remove(self._path)
                self.ask()
        return self._asked.is_set()

    def ask(self) -> None:
        """Asks from within."""
        self._asked.set()

    @contextmanager
    def by_signal(self) -> Iterator[None]:
        """Within it, SIGTERM asks and ends nothing."""
        before = signal.signal(signal.SIGTERM, lambda *_: self.ask())
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)
