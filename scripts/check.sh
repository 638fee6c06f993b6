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
many="$bin/python -m pytest -q -n 4 tests/hardware"
few="$bin/python -m pytest -q -n 2 --ignore=tests/hardware --ignore=tests/simulation"
few="$few --ignore=tests/torture --ignore=tests/fuzz tests"
# The gate of faults: a thousand worlds, real processes that are killed and cut off, and a hundred
# thousand broken inputs. They are the same code again and again, and counting its lines would
# double their time.
worlds="$bin/python -m pytest -q -n 2 --dist worksteal tests/simulation tests/fuzz"
torture="$bin/python -m pytest -q -n 2 --dist worksteal tests/torture"
if [ "$1" = fast ]; then
    $many -m "not slow and not browser"
    $few -m "not slow and not browser"
    $worlds -m "not slow and not browser"
    exit 0
fi
$many --cov --cov-report=
$few --cov --cov-append --cov-report=
$worlds
$torture
# The parts that open doors and keep the books straight have no untested branch.
"$bin/coverage" report --skip-covered --fail-under=100 \
    --include='edge/domain/*,edge/kernel/*,firmware_bridge/*,cloud_sync/station/uplink*.py'
