#!/usr/bin/env bash
# Works requirements/*.lock out again from pyproject.toml, for Python 3.11 and newer. No registry's name gets into them.
# run.lock is made under dev.lock, so that both hold the same versions. Give packages to move as arguments: lock.sh -P django
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
[ -x "$uv" ] || uv=$(command -v uv) || { echo "lock: needs uv. Install it:  .venv/bin/python -m pip install uv" >&2; exit 1; }
common=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q --extra postgres)
"$uv" pip compile "${common[@]}" "$@" --group dev pyproject.toml -o requirements/dev.lock
"$uv" pip compile "${common[@]}" --group build -c requirements/dev.lock pyproject.toml -o requirements/run.lock
