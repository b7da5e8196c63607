"""Files through Hadoop's FileSystem, so that s3:// and a local folder are one thing and no SDK is shipped."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Iterator

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

# A hint to newer S3 connectors for one conditional PUT; older ones look first and then write.
_CONDITIONAL = "fs.option.create.conditional.overwrite"


@dataclass(frozen=True)
class StoredFile:
    """One object: full path, length in bytes, time of writing in milliseconds since 1970."""

    path: str
    bytes: int
    modified: int


class Storage:
    """What jobs ask of a file system, besides what Spark reads and writes itself."""

    def __init__(self, spark: SparkSession) -> None:
        """Uses the session's Hadoop configuration, hence its endpoint and credentials."""
        self._jvm: Any = spark._jvm
        self._configuration: Any = spark.sparkContext._jsc.hadoopConfiguration()

    def folders(self, path: str) -> list[str]:
        """Names of the folders directly under a path, sorted; none where there is no such path."""
        statuses = self._list(path)
        return sorted(status.getPath().getName() for status in statuses if status.isDirectory())

    def names(self, path: str) -> list[str]:
        """Names of the files directly under a path, sorted; none where there is no such path."""
        return sorted(status.getPath().getName() for status in self._list(path) if status.isFile())

    def files(self, path: str) -> list[StoredFile]:
        """Every file at any depth under a path, by path; none where there is no such path."""
        return sorted(self._walk(path), key=lambda file: file.path)

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""
        location, system = self._open(path)
        return bool(system.exists(location))

    def status(self, path: str) -> StoredFile:
        """A file's size and time of writing."""
        location, system = self._open(path)
        status = system.getFileStatus(location)
        return StoredFile(path, status.getLen(), status.getModificationTime())

    def remove(self, path: str) -> None:
        """Removes a file, or a folder with all that is in it; nothing where there is none."""
        location, system = self._open(path)
        system.delete(location, True)

    def replace(self, source: str, target: str) -> None:
        """Puts a file in the place of another, which is there until the new one is; the source may stay or go."""
        here, system = self._open(source)
        there, to_system = self._open(target)
        # A copy appears whole on S3; on a disk a renaming does.
        if to_system.getScheme() == "file":
            _rename_over(here, there)
            return
        self._jvm.org.apache.hadoop.fs.FileUtil.copy(system, here, to_system, there, False, True, self._configuration)

    def write_over(self, path: str, parts: Iterable[bytes]) -> None:
        """Writes a file anew, compressed as its name says; the old one stands until the last byte is there."""
        location, system = self._open(path)
        codec = self._jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(self._configuration).getCodec(location)
        on_disk = system.getScheme() == "file"
        bare = system.create(location.suffix(".partial") if on_disk else location, True)
        stream = bare if codec is None else codec.createOutputStream(bare)
        for part in parts:
            stream.write(bytearray(part))
        stream.close()
        if on_disk:
            _rename_over(location.suffix(".partial"), location)

    def read_text(self, path: str) -> str:
        """A small file's content, as UTF-8."""
        location, system = self._open(path)
        stream = system.open(location)
        try:
            return str(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
        finally:
            stream.close()

    def head(self, path: str, size: int) -> bytes:
        """At most the first `size` bytes, uncompressed by the codec that Spark would use for the name's extension."""
        location, system = self._open(path)
        codecs = self._jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(self._configuration)
        codec = codecs.getCodec(location)
        stream = system.open(location)
        try:
            content = stream if codec is None else codec.createInputStream(stream)
            bounded = self._jvm.org.apache.commons.io.input.BoundedInputStream(content, size)
            return bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(bounded))
        finally:
            stream.close()

    def sha256(self, path: str, offset: int, length: int) -> bytes:
        """SHA-256 of a range of a file, computed in the JVM as it streams by."""
        location, system = self._open(path)
        digest = self._jvm.java.security.MessageDigest.getInstance("SHA-256")
        nowhere = self._jvm.java.io.OutputStream.nullOutputStream()
        stream = system.open(location)
        try:
            stream.seek(offset)
            target = self._jvm.java.security.DigestOutputStream(nowhere, digest)
            self._jvm.org.apache.commons.io.IOUtils.copyLarge(stream, target, 0, length)
        finally:
            stream.close()
        return bytes(digest.digest())

    def create(self, path: str, text: str) -> bool:
        """Writes a file that must not exist yet; False, and nothing written, where it does."""
        location, system = self._open(path)
        try:
            builder = system.createFile(location).create().overwrite(False).recursive().opt(_CONDITIONAL, "true")
            stream = builder.build()
            stream.write(bytearray(text, "utf-8"))
            stream.close()
        except Py4JJavaError as error:
            if "FileAlreadyExists" in error.java_exception.getClass().getName():
                return False
            raise
        return True

    def _open(self, path: str) -> tuple[Any, Any]:
        location = self._jvm.org.apache.hadoop.fs.Path(path)
        return location, location.getFileSystem(self._configuration)

    def _list(self, path: str) -> list[Any]:
        location, system = self._open(path)
        try:
            return list(system.listStatus(location))
        except Py4JJavaError as error:
            if is_missing(error):
                return []
            raise

    def _walk(self, path: str) -> Iterator[StoredFile]:
        location, system = self._open(path)
        try:
            found = system.listFiles(location, True)
            while found.hasNext():
                status = found.next()
                yield StoredFile(status.getPath().toString(), status.getLen(), status.getModificationTime())
        except Py4JJavaError as error:
            if not is_missing(error):
                raise


def _rename_over(here: Any, there: Any) -> None:
    """Hadoop renames nothing over what is there; the operating system does. A checksum of the old bytes goes first."""
    source, target = (Path(each.toUri().getPath()) for each in (here, there))
    target.with_name(f".{target.name}.crc").unlink(missing_ok=True)
    os.replace(source, target)
    source.with_name(f".{source.name}.crc").unlink(missing_ok=True)


def is_missing(error: Py4JJavaError) -> bool:
    """Whether a path does not exist; a bucket that does not exist is another thing, and an error."""
    return bool(error.java_exception.getClass().getName() == "java.io.FileNotFoundException")


def is_gone(error: Py4JJavaError) -> bool:
    """Whether a query failed because a file that it was to read is there no more."""
    return "FileNotFound" in root_cause(error).getClass().getName() or "FILE_NOT_EXIST" in str(error.java_exception)


def message_of(error: BaseException) -> str:
    """What a person needs of an error: of Java's, whose text is a stack trace, the cause."""
    if not isinstance(error, Py4JJavaError):
        return str(error)
    cause = root_cause(error)
    return f"{cause.getClass().getSimpleName()}: {cause.getMessage()}"


def root_cause(error: Py4JJavaError) -> Any:
    """The exception of Java's that all others follow from."""
    cause: Any = error.java_exception
    while cause.getCause() is not None:
        cause = cause.getCause()
    return cause
