from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Platform
from local_aws import emulator_of
from pyspark.sql import SparkSession

from basin_jobs.aws import aws_client
from basin_jobs.batches.uploads import not_as_sent
from basin_jobs.erasure.erase import Erasure
from basin_jobs.erasure.objects import ObjectVersion, not_in, purge_objects, superseded
from basin_jobs.erasure.places import Places
from basin_jobs.erasure.record import Record
from basin_jobs.errors import CheckFailed, InputError
from basin_jobs.gold import run_gold
from basin_jobs.main import main
from basin_jobs.storage import Storage

PEOPLE = """
source: { kind: files, format: csv }
columns:
  - { name: id, type: int }
  - { name: person, type: string }
key: [id]
subject: person
maxRejected: 0.5
exports: [parquet]
pins: [{ version: 1, until: '2100-01-01', why: an audit }]
"""
CLICKS = """
source: { kind: stream, format: json }
columns:
  - { name: id, type: int }
  - { name: person, type: string, required: true }
  - { name: sent, type: int, required: true }
key: [id]
sequence: sent
subject: person
"""
UPLOADED = f"{'0' * 16}-people.csv"
COUNTS = """
source: { kind: derived, from: [people] }
columns: [{ name: person, type: string }, { name: visits, type: bigint }]
key: [person]
"""


@dataclass(frozen=True)
class Story:
    """One lake before, at and after the erasure of one subject."""

    platform: Platform
    dry: Record
    refused: str
    kept_by_then: int
    record: Record


@pytest.fixture(scope="module")
def story(shared: Platform) -> Story:
    live_in(shared)
    erasure = Erasure(shared.spark, shared.declarations, "xanthe", Places(shared.raw, shared.lake, stream_retention=60))
    dry = erasure.run(dry_run=True)
    with pytest.raises(CheckFailed) as refused:
        erasure.run()
    kept = shared.table("silver.people", version=1).count()
    return Story(shared, dry, str(refused.value), kept, erasure.run(through_pins=True))


def live_in(platform: Platform) -> None:
    people = platform.declare("people", PEOPLE)
    clicks = platform.declare("clicks", CLICKS)
    platform.declare("counts", COUNTS, "select person, count(*) as visits from people group by person")
    upload(platform, UPLOADED, b'id,person\n1,xanthe\n2,"be;a"\nx,xanthe\n3,xanthea\n')
    platform.arrive("people", "b.csv.gz", gzip.compress(b"id,person\n4,cy\n5,xanthe\n"))
    events = [{"id": 1, "person": "xanthe", "sent": 1, "note": "by xanthe"}, {"id": 2, "person": "cy", "sent": 1}]
    platform.arrive("clicks", "a.json", "".join(f"{json.dumps(event)}\n" for event in events))
    lost = [{"rawData": base64.b64encode(json.dumps(event).encode()).decode()} for event in events]
    folder = platform.root / "raw" / "clicks__undelivered" / "processing-failed"
    folder.mkdir(parents=True)
    (folder / "lost").write_text("".join(f"{json.dumps(line)}\n" for line in lost))
    platform.silver(people)
    platform.silver(clicks)
    run_gold(platform.spark, platform.declarations, "counts", platform.lake)


def upload(platform: Platform, name: str, content: bytes) -> None:
    """As `basin upload` does it."""
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    part = {"number": 1, "bytes": len(content), "checksum": digest}
    about = {"version": 1, "key": f"people/arrived=2026-11-24T09/{name}", "algorithm": "SHA256", "parts": [part]}
    folder = platform.root / "raw" / "_uploads" / "people"
    folder.mkdir(parents=True)
    (folder / f"{name}.json").write_text(json.dumps({**about, "bytes": len(content), "checksum": digest}))
    platform.arrive("people", name, content)


def test_a_dry_run_tells_where_a_subject_is(story: Story) -> None:
    tables = {each.place.removeprefix(f"{story.platform.lake}/"): each.rows for each in story.dry.tables}
    assert tables == {
        "silver/people/": 2,
        "silver/people__rejected/": 1,
        "silver/clicks/": 1,
        "silver/clicks__extra/": 1,
    }
    files = {each.place.rsplit("/", 1)[1]: each.rows for each in story.dry.raw}
    assert files == {UPLOADED: 2, "b.csv.gz": 1, "a.json": 1, "lost": 1}
    assert story.dry.derived == ["counts"]
    (expires,) = story.dry.expires
    assert re.fullmatch(r"clicks: the events in its stream expire by \d{4}-\d\d-\d\dT\d\d:\d\dZ", expires)


def test_a_pin_is_reported_and_stands_until_it_is_meant_to_fall(story: Story) -> None:
    pin = "people: version 1 until 2100-01-01 (an audit)"
    assert "nothing was erased" in story.refused
    assert pin in story.refused
    assert story.kept_by_then == 5
    assert story.record.pins == [pin]
    with pytest.raises(Exception, match=r"(?s)version|DELTA"):
        story.platform.table("silver.people", version=1).collect()


def test_everybody_else_is_where_they_were(story: Story) -> None:
    platform = story.platform
    assert platform.rows("silver.people") == [(2, "be;a"), (3, "xanthea"), (4, "cy")]
    assert platform.rows("silver.clicks") == [(2, "cy", 1)]
    assert platform.rows("gold.counts") == [("be;a", 1), ("cy", 1), ("xanthea", 1)]
    hour = platform.root / "raw" / "people" / "arrived=2026-11-24T09"
    assert (hour / UPLOADED).read_text() == 'id,person\n2,"be;a"\n3,xanthea\n'
    assert gzip.decompress((hour / "b.csv.gz").read_bytes()) == b"id,person\n4,cy\n"
    assert len((platform.root / "raw/clicks__undelivered/processing-failed/lost").read_text().splitlines()) == 1


def test_no_file_that_is_left_names_the_subject(story: Story) -> None:
    for name in ("silver.people__rejected", "silver.clicks__extra"):
        assert story.platform.table(name).count() == 0
    assert holding(story.platform, "xanthe") == []
    assert "xanthe" not in json.dumps(story.record.to_json())


def holding(platform: Platform, word: str) -> list[str]:
    """Files that hold a word, logs and whatever is compressed included, once `xanthea` is out of the way."""
    files = [file for file in sorted(platform.root.rglob("*")) if file.is_file() and not file.name.startswith(".")]
    kept = [file for file in files if "datasets" not in file.parts]
    return [str(file) for file in kept if word in text_of(platform.spark, file).replace("xanthea", "")]


def text_of(spark: SparkSession, file: Path) -> str:
    if file.suffix == ".parquet":
        return "\n".join(spark.read.parquet(f"file:{file}").toJSON().collect())
    content = file.read_bytes()
    return (gzip.decompress(content) if file.suffix == ".gz" else content).decode(errors="replace")


def test_a_rewritten_upload_is_what_its_manifest_says(story: Story) -> None:
    storage = Storage(story.platform.spark)
    path = f"{story.platform.raw}/people/arrived=2026-11-24T09/{UPLOADED}"
    assert not_as_sent(storage, [storage.status(path)]) == ()
    manifest = json.loads((story.platform.root / "raw" / "_uploads" / "people" / f"{UPLOADED}.json").read_text())
    assert manifest["bytes"] == storage.status(path).bytes


def test_afterwards_what_is_derived_rests_and_what_arrives_is_taken_in(story: Story) -> None:
    platform = story.platform
    rested = run_gold(platform.spark, platform.declarations, "counts", platform.lake)
    assert rested.values["run"]["batches"] == 0
    platform.arrive("people", "c.csv", "id,person\n6,dan\n")
    again = platform.silver(platform.declarations.dataset("people"))
    total = again.values["total"]
    assert again.values["rowsTable"] == total["rowsAccepted"] - total["rowsSuperseded"] - total["rowsDeleted"] == 4
    assert again.run.rows_in == 1


def test_without_a_subject_in_any_dataset_there_is_nothing_to_erase(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.declare("people", PEOPLE.replace("subject: person\n", ""))
    folders = ["--raw", platform.raw, "--lake", platform.lake, "--datasets", str(platform.root / "datasets")]
    assert main(["erase", "--subject", "xanthe", *folders]) == 2
    assert "basin: no dataset declares a subject" in capsys.readouterr().err


def test_a_subject_that_only_a_derived_table_declares_cannot_be_erased(platform: Platform) -> None:
    platform.declare("people", PEOPLE.replace("subject: person\n", ""))
    platform.declare("counts", COUNTS + "subject: person\n", "select person, count(*) as visits from people group by 1")
    with pytest.raises(InputError, match=r"^counts: declares a subject, and none of the datasets"):
        Erasure(platform.spark, platform.declarations, "xanthe", Places(platform.raw, platform.lake))


def version(key: str, latest: bool = True, marker: bool = False, modified: int = 5) -> ObjectVersion:
    return ObjectVersion(key, f"{key}-{modified}", latest, marker, modified)


def test_markers_of_deletion_go_after_the_versions_that_they_hide() -> None:
    old, marker, current = version("a", latest=False, modified=1), version("a", marker=True), version("b")
    assert superseded([marker, old, current]) == [old, marker]


def test_a_replica_keeps_only_what_its_source_still_has_as_it_has_it() -> None:
    source = [version("kept"), version("rewritten", modified=9), version("deleted", marker=True)]
    kept, late = version("kept", modified=6), version("rewritten", modified=5)
    older, gone = version("kept", latest=False, modified=1), version("vacuumed")
    assert not_in(source, [late, kept, older, gone]) == [older, late, gone]


def test_older_versions_go_here_and_in_the_replica_and_nothing_that_is_read(
    spark: SparkSession, tmp_path: Path
) -> None:
    with emulator_of(spark, tmp_path, "s3"):
        client = aws_client(spark, "s3.AmazonS3")
        model = spark._jvm.com.amazonaws.services.s3.model  # type: ignore[union-attr]
        for bucket in ("lake", "copy"):
            client.createBucket(bucket)
            enabled = model.BucketVersioningConfiguration("Enabled")
            client.setBucketVersioningConfiguration(model.SetBucketVersioningConfigurationRequest(bucket, enabled))
        for place in (
            "copy/t/late",
            "lake/t/late",
            "lake/t/late",
            "lake/t/gone",
            "copy/t/gone",
            "lake/t/kept",
            "copy/t/kept",
        ):
            bucket, _, key = place.partition("/")
            client.putObject(bucket, key, place)
        for key in ("u/other", "u/other"):
            client.putObject("lake", key, "another table's")
        client.deleteObject("lake", "t/gone")
        assert purge_objects(spark, "s3://lake/t/", "s3://copy/t/") == 3 + 2
        left = {bucket: client.listVersions(bucket, "").getVersionSummaries() for bucket in ("lake", "copy")}
        keys = {bucket: [each.getKey() for each in versions] for bucket, versions in left.items()}
        assert keys == {"lake": ["t/kept", "t/late", "u/other", "u/other"], "copy": ["t/kept"]}


def test_a_replica_is_found_by_the_zones_root() -> None:
    places = Places("s3://raw", "s3://lake/", "s3://raw-copy", "s3://lake-copy")
    assert places.replica_of("s3://lake/silver/people/") == "s3://lake-copy/silver/people/"
    assert places.replica_of("s3://raw/people/") == "s3://raw-copy/people/"
    assert Places("s3://raw", "s3://lake").replica_of("s3://lake/silver/people/") is None
