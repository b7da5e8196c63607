#!/bin/sh
# Resolves every *.in here into its *.lock, for all supported Pythons and platforms, with a hash for each file.
# Needs uv on the PATH (pip install uv).
set -eu
cd "$(dirname "$0")"
for name in build java python; do
  uv pip compile --quiet --universal --python-version 3.9 --generate-hashes --no-annotate --no-header \
    --override overrides.in "$@" "$name.in" --output-file "$name.lock"
done
