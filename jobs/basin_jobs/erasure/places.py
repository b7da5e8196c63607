"""Where an erasure looks: the zones' roots, their replica, the catalogue, and how long streams keep their events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional


@dataclass(frozen=True)
class Places:
    """Roots as of the steps; a replica's where there is one; databases by zone; a stream's retention in seconds.

    `landing` is the root of what DMS writes.
    """

    raw: str
    lake: str
    replica_raw: Optional[str] = None
    replica_lake: Optional[str] = None
    databases: Mapping[str, str] = field(default_factory=dict)
    stream_retention: Optional[int] = None
    landing: Optional[str] = None

    def replica_of(self, location: str) -> Optional[str]:
        """Where the replica of a location lies, if there is one."""
        for root, replica in ((self.raw, self.replica_raw), (self.lake, self.replica_lake)):
            if replica is not None and location.startswith(f"{root.rstrip('/')}/"):
                return f"{replica.rstrip('/')}{location[len(root.rstrip('/')) :]}"
        return None


def raw_folders(raw: str, dataset: str) -> tuple[str, ...]:
    """A dataset's folders in raw: what arrived, what uploads say of it, what could not be delivered."""
    root = raw.rstrip("/")
    return (f"{root}/{dataset}/", f"{root}/_uploads/{dataset}/", undelivered_folder(raw, dataset))


def undelivered_folder(raw: str, dataset: str) -> str:
    """Events that a delivery stream could not write."""
    return f"{raw.rstrip('/')}/{dataset}__undelivered/"
