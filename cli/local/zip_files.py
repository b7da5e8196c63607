"""Writes a zip: `zip_files.py TARGET`; standard input has a JSON object of paths inside the zip and the files they come from."""

from __future__ import annotations

import json
import sys
import zipfile

# Zip's own first day: two runs write the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def main(target: str) -> None:
    files: dict[str, str] = json.load(sys.stdin)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            with open(files[path], "rb") as source:
                archive.writestr(zipfile.ZipInfo(path, EPOCH), source.read(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main(sys.argv[1])
