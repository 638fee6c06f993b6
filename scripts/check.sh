#!/bin/sh
# Run the checks: `fast` for every change, `all` before anything lands.
set -eu
bin=${BIN:-.venv/bin}

"$bin/ruff" format --check --quiet . || {
    echo "Not formatted. Run: $bin/ruff format ." >&2
    exit 1
}
"$bin/ruff" check --quiet .
"$bin/mypy"
"$bin/lint-imports" --no-cache

NODE_PATH=${NODE_PATH:-$(dirname "$bin")/foreign/node_modules}
export NODE_PATH
rm -f .coverage .coverage.*
# Tests of devices mostly wait for time-outs: more of them at once than there are processors.
few="$bin/python -m pytest -q -n 2 --ignore=tests/hardware --ignore=tests/simulation tests"
# A thousand worlds are the same code again and again: counting its lines would double their time.
worlds="$bin/python -m pytest -q -n 2 tests/simulation"
many="$bin/python -m pytest -q -n 4 tests/hardware"
if [ "$1" = fast ]; then
    $many -m "not slow and not browser"
    $few -m "not slow and not browser"
    $worlds -m "not slow and not browser"
    exit 0
fi
$many --cov --cov-report=
$few --cov --cov-append --cov-report=
$worlds
# The parts that open doors and keep the books straight have no untested branch.
"$bin/coverage" report --skip-covered --fail-under=100 \
    --include='edge/domain/*,edge/kernel/*,firmware_bridge/*,cloud_sync/station/uplink*.py'
