"""Arrival hours (`2026-11-24T09`, UTC) and sets of them as ranges, so that years of hours stay a line of text.

The form sorts as text in the order of time.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Iterable, Optional, Sequence

_FORM = "%Y-%m-%dT%H"
_FOLDER = re.compile(r"arrived=(\d{4}-\d{2}-\d{2}T\d{2})")

HourRange = tuple[str, str]


def hour_of(time: datetime) -> str:
    """The hour that holds a time."""
    return time.astimezone(timezone.utc).strftime(_FORM)


def start_of(hour: str) -> datetime:
    """The time at which an hour begins."""
    return datetime.strptime(hour, _FORM).replace(tzinfo=timezone.utc)


def hour_of_folder(name: str) -> Optional[str]:
    """`arrived=2026-11-24T09` → `2026-11-24T09`; None for any other name."""
    match = _FOLDER.fullmatch(name)
    if match is None:
        return None
    try:
        datetime.strptime(match.group(1), _FORM)
    except ValueError:
        return None
    return match.group(1)


def holds(ranges: Sequence[HourRange], hour: str) -> bool:
    """Whether an hour lies in one of the ranges, both ends of which belong to it."""
    return any(first <= hour <= last for first, last in ranges)


def with_hours(ranges: Sequence[HourRange], hours: Iterable[str]) -> list[HourRange]:
    """The ranges and the hours together, in order, neighbours joined."""
    joined: list[HourRange] = []
    for first, last in sorted([*ranges, *((hour, hour) for hour in hours)]):
        if joined and first <= _next(joined[-1][1]):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _next(hour: str) -> str:
    return (datetime.strptime(hour, _FORM) + timedelta(hours=1)).strftime(_FORM)
