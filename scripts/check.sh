#!/bin/sh
# Run the checks: `fast` for every change, `all` before anything lands.
set -eu
bin=${BIN:-.venv/bin}
packages="edge firmware_bridge cloud_sync hardware"

"$bin/ruff" format --check --quiet . || {
    echo "Not formatted. Run: $bin/ruff format ." >&2
    exit 1
}
"$bin/ruff" check --quiet .
"$bin/mypy"
"$bin/lint-imports" --no-cache

rm -f .coverage .coverage.*
if [ "$1" = fast ]; then
    "$bin/python" -m pytest -q -n 2 -m "not slow and not browser"
    exit 0
fi
"$bin/python" -m pytest -q -n 2 --cov --cov-report=
# The parts that open doors and keep the books straight have no untested branch.
"$bin/coverage" report --skip-covered --fail-under=100 \
    --include='edge/domain/*,edge/kernel/*,firmware_bridge/*,cloud_sync/station/uplink.py'
