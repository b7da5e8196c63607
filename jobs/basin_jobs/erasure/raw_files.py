"""A subject's records in raw files: found by reading them, erased by writing their files anew under the same keys."""

from __future__ import annotations

import re
from typing import Iterator, Optional

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from basin_jobs.declarations.dataset import Dataset
from basin_jobs.erasure.columnar_rows import change_names, changes_without, rows_without
from basin_jobs.erasure.record import Finding, findings_by
from basin_jobs.erasure.scope import record_is_of
from basin_jobs.readers.batch import Reading, read_batch
from basin_jobs.readers.csv_header import read_headers
from basin_jobs.readers.lines import path_of, read_files
from basin_jobs.rows.records import ARRIVAL, FILE, RAW
from basin_jobs.storage import Storage

_BYTES_AS_THEY_ARE = ("UTF-8", "US-ASCII")


class RawFiles:
    """Files as one dataset's raw folder has them, as one subject's."""

    def __init__(
        self, spark: SparkSession, dataset: Dataset, schema: T.StructType, folder: Optional[str], subject: str
    ) -> None:
        """Lists the folder, if there is one to look through."""
        self._spark = spark
        self._dataset = dataset
        self._schema = schema
        database = dataset.source.kind == "database"
        self._of_subject = change_names(dataset, subject) if database else record_is_of(dataset, subject)
        self._subject = subject
        self._storage = Storage(spark)
        files = self._storage.files(folder) if folder is not None else []
        self._all = self._read([file.path for file in files if file.bytes > 0])

    def findings(self) -> list[Finding]:
        """The files that hold records of the subject."""
        if self._all.records is None:
            return []
        return findings_by(path_of(F.col(FILE)), self._all.records.where(self._of_subject), [RAW])

    def unread(self) -> list[str]:
        """Files in which nobody can tell one record from another, and why: somebody has to look at them."""
        return [f"{each.file}: {each.reason}" for each in self._all.set_aside]

    def rewrite(self, path: str, temporary: str) -> None:
        """Puts a file without the subject's records in the place of the one with them, in one step each."""
        if self._dataset.source.format in ("parquet", "orc"):
            self._rewrite_columnar(path, temporary)
            return
        records = self._read([path]).records
        kept = None if records is None else records.where(~self._of_subject).orderBy(ARRIVAL)
        # Not in place: the file is still being read. The copy has the file's name, which says how it is compressed.
        beside = f"{temporary}/{path.rsplit('/', 1)[1]}"
        self._storage.write_over(beside, self._texts(path, kept))
        self._storage.replace(beside, path)
        self._storage.remove(temporary)

    def _rewrite_columnar(self, path: str, temporary: str) -> None:
        form = self._dataset.source.format
        without = changes_without if self._dataset.source.kind == "database" else rows_without
        frame = without(read_files(self._spark, [path], form), self._dataset, self._schema, self._subject)
        frame.coalesce(1).write.format(form).mode("overwrite").save(temporary)
        (part,) = [file.path for file in self._storage.files(temporary) if re.search(r"/part-[^/]*$", file.path)]
        self._storage.replace(part, path)
        self._storage.remove(temporary)

    def _read(self, paths: list[str]) -> Reading:
        return read_batch(self._spark, paths, self._dataset, self._schema) if paths else Reading(None)

    def _texts(self, path: str, kept: Optional[DataFrame]) -> Iterator[bytes]:
        encoding = self._dataset.source.encoding
        if self._dataset.source.format == "csv":
            (header,), _ = read_headers(self._storage, [path], self._dataset)
            if header.record is not None:
                yield f"{header.record}\n".encode(encoding)
        if kept is None:
            return
        as_they_are = encoding in _BYTES_AS_THEY_ARE
        text = F.col(RAW).cast("binary") if as_they_are else F.col(RAW)
        for row in kept.select(text).toLocalIterator():
            yield bytes(row[0]) + b"\n" if as_they_are else f"{row[0]}\n".encode(encoding)
