"""When upkeep is worth its price: by what it would gain, never by the calendar."""

from __future__ import annotations

from typing import Optional

from basin_jobs.upkeep.figures import Figures

_LEAST_FILES_SAVED = 4
_SHARE = 0.2  # of a table's files, or of its bytes


def why_compact(figures: Figures) -> Optional[str]:
    """Why files should be joined; None where that would hardly save any."""
    left = -(-figures.small_bytes // figures.target_bytes)
    saved = figures.small_files - left
    if saved < max(_LEAST_FILES_SAVED, _SHARE * figures.files):
        return None
    return f"{figures.small_files} of {figures.files} files are below half of {figures.target_bytes} bytes"


def why_cluster(figures: Figures) -> Optional[str]:
    """Why files should be clustered; None where readers would hardly skip more than they do.

    A table, or what is new in it, that fits into one file has nothing that could be skipped.
    """
    if figures.unclustered_files < 2 or figures.unclustered_bytes <= figures.target_bytes:
        return None
    if figures.unclustered_bytes < _SHARE * figures.bytes:
        return None
    return f"{figures.unclustered_bytes} of {figures.bytes} bytes are not clustered"


def why_vacuum(figures: Figures) -> Optional[str]:
    """Why old files should go; None where they cost little beside the table."""
    if figures.unneeded_bytes == 0 or figures.unneeded_bytes < _SHARE * figures.bytes:
        return None
    return f"{figures.unneeded_bytes} bytes of versions that nobody reads lie beside {figures.bytes}"
