"""A lease on a dataset, renewed while its holder lives.

It saves two runs from doing the same work, and keeps upkeep and loads apart. No commit rests on it: that two writers
cannot both commit one version is the log store's affair, since a holder may sleep longer than its lease and wake up.

Whether a holder is alive is judged by its beat, which changes with every renewal: a waiting run takes over only after
it has itself seen one and the same beat for a whole lease. So no two machines' clocks are compared.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Callable, Iterator, Optional

from basin_jobs.errors import InputError
from basin_jobs.locks.items import Holder, Items

# What begins so holds its lock until somebody ends it: `basin_jobs.main` names the operation `stream`.
_ENDLESS = "stream of "
# One that was asked to stop ends its batch first.
_LEASES_TO_STOP = 5
_RENEWALS_A_LEASE = 4
_LOOKS_A_LEASE = 30


@dataclass(frozen=True)
class Terms:
    """How long a lease lasts without renewal, and how long another run waits for it, in seconds."""

    lease: float = 60
    wait: float = 600


@contextmanager
def lock_held(
    items: Items, name: str, doing: str, terms: Terms, when_lost: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Holds a lock while the block runs.

    Args:
        items: where locks are kept.
        name: the dataset's.
        doing: told to whoever waits, as `silver of flights`.
        terms: how long.
        when_lost: called, on another thread, once another run has taken the lock over: the block should end.

    Raises:
        InputError: another run, which is named, holds it and goes on; or it took the lock over while the block ran. A
            stream, which does not end, is waited for only by the stream that takes its place.
    """
    holder = _take(items, _holder(name, doing, terms), terms)
    keeper = _Keeper(items, holder, terms, when_lost)
    try:
        yield
    except BaseException as error:
        if keeper.end():
            raise
        raise InputError(f"{doing}: another run has taken the lock over; run it again") from error
    keeper.end()


def _take(items: Items, mine: Holder, terms: Terms) -> Holder:
    started = time.monotonic()
    seen: Optional[Holder] = None
    seen_at = started
    while not items.put(mine, instead_of=None):
        now = time.monotonic()
        found = items.read(mine.lock)
        if found is not None and found != seen:
            endless = found.doing.startswith(_ENDLESS) and not mine.doing.startswith(_ENDLESS)
            if endless and _is_alive(found, seen) and now - started > _LEASES_TO_STOP * float(found.lease):
                raise InputError(
                    f"{mine.lock} is written by {found.doing} since {found.since}, which goes on until it is stopped:"
                    f" {mine.doing} was not begun; stop the stream first"
                )
            _tell_once(found, mine, terms, seen)
            seen, seen_at = found, now
        elif found is not None and now - seen_at > float(found.lease) and items.put(mine, instead_of=found):
            print(f"basin: {found.doing} gave no sign of life for {found.lease} s and lost its lock", file=sys.stderr)
            return mine
        if now - started > terms.wait and found is not None:
            raise InputError(
                f"{mine.lock} is locked by {found.doing} since {found.since}, which goes on after {terms.wait:g} s of"
                f" waiting: {mine.doing} was not begun"
            )
        time.sleep(terms.lease / _LOOKS_A_LEASE)
    return mine


def _is_alive(found: Holder, seen: Optional[Holder]) -> bool:
    """Whether the holder has been seen to renew its lease."""
    return seen is not None and seen.owner == found.owner and seen.beat != found.beat


def _tell_once(found: Holder, mine: Holder, terms: Terms, seen: Optional[Holder]) -> None:
    if terms.wait > 0 and (seen is None or seen.owner != found.owner):
        print(f"basin: {mine.doing} waits for {found.doing}, since {found.since}", file=sys.stderr, flush=True)


class _Keeper:
    """Renews a lease from a thread of its own until it is ended."""

    def __init__(self, items: Items, holder: Holder, terms: Terms, when_lost: Callable[[], None]) -> None:
        self._items = items
        self._holder = holder
        self._pause = terms.lease / _RENEWALS_A_LEASE
        self._when_lost = when_lost
        self._done = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._renew, name=f"lock of {holder.lock}", daemon=True)
        self._thread.start()

    def end(self) -> bool:
        """Gives the lock back; whether it was held to the end."""
        self._done.set()
        self._thread.join()
        if not self._lost:
            self._items.remove(self._holder)
        return not self._lost

    def _renew(self) -> None:
        while not self._done.wait(self._pause):
            following = replace(self._holder, beat=uuid.uuid4().hex)
            try:
                # A write that took effect although its answer was lost fails when it is tried again.
                renewed = self._items.put(following, self._holder) or self._items.read(following.lock) == following
            except Exception as error:  # an outage is no loss: the lease may outlast it
                print(f"basin: the lock of {self._holder.lock} could not be renewed: {error}", file=sys.stderr)
                continue
            if not renewed:
                self._lost = True
                self._when_lost()
                return
            self._holder = following


def _holder(name: str, doing: str, terms: Terms) -> Holder:
    since = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    where = f"{doing} ({socket.gethostname()}, process {os.getpid()})"
    return Holder(name, uuid.uuid4().hex, where, since, uuid.uuid4().hex, f"{terms.lease:g}")
