"""What a versioned bucket keeps of replaced and deleted objects, here and in its replica."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Sequence
from urllib.parse import urlparse

from pyspark.sql import SparkSession

from basin_jobs.aws import aws_client

_MOST_A_CALL = 1_000  # DeleteObjects


@dataclass(frozen=True)
class ObjectVersion:
    """One version of an object, or the marker of its deletion; `modified` in milliseconds since 1970."""

    key: str
    id: str
    latest: bool
    marker: bool
    modified: int


def superseded(versions: Sequence[ObjectVersion]) -> list[ObjectVersion]:
    """What no reader sees any more. Markers come last: an object whose marker goes first would be back for a moment."""
    older = [each for each in versions if not each.latest]
    return older + [each for each in versions if each.latest and each.marker]


def not_in(source: Sequence[ObjectVersion], replica: Sequence[ObjectVersion]) -> list[ObjectVersion]:
    """What a replica has and its source has no more: deletions of versions are not replicated, and copies come late."""
    newest = {each.key: each.modified for each in source if each.latest and not each.marker}
    gone = [
        each
        for each in replica
        if not each.latest or each.marker or each.key not in newest or each.modified < newest[each.key]
    ]
    return sorted(gone, key=lambda each: each.latest)


def purge_objects(spark: SparkSession, location: str, replica: Optional[str] = None) -> int:
    """Removes every version below a location but the newest, and from its replica what is not at the location.

    Returns:
        How many versions went; 0 where the location is not in an object store.
    """
    if not urlparse(location).scheme.startswith("s3"):
        return 0
    store = _ObjectStore(aws_client(spark, "s3.AmazonS3"), spark._jvm)
    doomed = superseded(store.versions(location))
    store.remove(location, doomed)
    if replica is None:
        return len(doomed)
    elsewhere = not_in(store.versions(location), store.versions(replica))
    store.remove(replica, elsewhere)
    return len(doomed) + len(elsewhere)


@dataclass(frozen=True)
class _ObjectStore:
    client: Any
    jvm: Any

    def versions(self, location: str) -> list[ObjectVersion]:
        place = urlparse(location)
        request = self.jvm.com.amazonaws.services.s3.model.ListVersionsRequest()
        request.setBucketName(place.netloc)
        request.setPrefix(place.path.lstrip("/"))
        listing, found = self.client.listVersions(request), []
        while True:
            for each in listing.getVersionSummaries():
                modified = each.getLastModified().getTime()
                found.append(
                    ObjectVersion(each.getKey(), each.getVersionId(), each.isLatest(), each.isDeleteMarker(), modified)
                )
            if not listing.isTruncated():
                return found
            listing = self.client.listNextBatchOfVersions(listing)

    def remove(self, location: str, versions: Sequence[ObjectVersion]) -> None:
        model = self.jvm.com.amazonaws.services.s3.model
        for start in range(0, len(versions), _MOST_A_CALL):
            keys = self.jvm.java.util.ArrayList()
            for each in versions[start : start + _MOST_A_CALL]:
                keys.add(getattr(model, "DeleteObjectsRequest$KeyVersion")(each.key, each.id))
            request = model.DeleteObjectsRequest(urlparse(location).netloc)
            self.client.deleteObjects(request.withQuiet(True).withKeys(keys))
