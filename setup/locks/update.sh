#!/bin/sh
# Resolves every *.in here into its *.lock, for all supported Pythons and platforms, with a hash for each file.
# Needs uv on the PATH (pip install uv).
set -eu
cd "$(dirname "$0")"
resolve() {
  uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header "$@"
}

for name in build java python; do
  resolve --python-version 3.9 --override overrides.in "$name.in" --output-file "$name.lock"
done
# Its own words are "3.10 or newer": see ../postpone_annotations.py.
grep '^ministack==' python.in | cut -d ' ' -f 1 | resolve --python-version 3.10 --no-deps - --output-file ministack.lock
