"""What of a failing input is enough for it to fail: told to whoever has to mend it, instead of all of it."""

from __future__ import annotations

from typing import Callable, Sequence, TypeVar

Item = TypeVar("Item")


def shrunk(items: Sequence[Item], fails: Callable[[Sequence[Item]], bool], tries: int = 100) -> Sequence[Item]:
    """Leaves out parts, halves first and single items last, as long as the rest fails too.

    Args:
        items: which fail.
        fails: whether some of them, in their order, still do.
        tries: how often it is asked at most.
    """
    size = max(1, len(items) // 2)
    while True:
        before, start = len(items), 0
        while start < len(items) and tries > 0:
            rest = [*items[:start], *items[start + size :]]
            tries -= 1
            if rest and fails(rest):
                items = rest
            else:
                start += size
        if tries == 0 or (size == 1 and len(items) == before):
            return items
        size = max(1, size // 2)
