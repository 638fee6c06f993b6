#!/bin/sh
# Run the checks: `fast` for every change, `all` before anything lands, `gate` for faults alone.
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
unset PYTHONDONTWRITEBYTECODE # a thousand processes are started, and need not compile it all anew
rm -f .coverage .coverage.*
# Tests of devices, and stories with real processes and browsers, mostly wait for something: more of
# them at once than there are processors.
many="$bin/python -m pytest -q -n 4 tests/hardware"
few="$bin/python -m pytest -q -n 3 --dist worksteal --ignore=tests/hardware"
few="$few --ignore=tests/simulation --ignore=tests/torture --ignore=tests/fuzz tests"
# The gate of faults: worlds of hours and days, every fault of the catalogue, real processes that are
# killed, images of power cuts, and a hundred thousand broken inputs. It is the same code again and
# again, and counting its lines would double its time. The longest come first, one at a time to whoever
# is free, so that no processor rests at the end.
gate="$bin/python -m pytest -q -n 3 --dist load --maxschedchunk 1 tests/torture/test_kills.py"
gate="$gate tests/torture/test_power_images.py tests/simulation/test_gate.py"
gate="$gate $(echo tests/simulation/test_*_faults.py) tests/fuzz"
# What shows that the gate sees: planted bugs, judges and their worlds; then failing disks and lines.
worlds="$bin/python -m pytest -q -n 2 --dist worksteal --ignore=tests/simulation/test_gate.py"
worlds="$worlds --ignore-glob=*/simulation/test_*_faults.py --ignore=tests/torture/test_kills.py"
worlds="$worlds --ignore=tests/torture/test_power_images.py tests/simulation tests/torture"
if [ "$1" = gate ]; then
    exec $gate
fi
if [ "$1" = fast ]; then
    for part in "$many" "$few" "$gate" "$worlds"; do
        $part -m "not slow and not browser"
    done
    exit 0
fi
# Real time, real processes and browsers on a busy machine: what fails beside others is named and
# judged once more by itself. More than a few is no noise. The worlds are the same each time, and are
# never asked twice.
again() {
    "$bin/python" - <<'COUNT' && "$@" -n 0 --last-failed --last-failed-no-failures none
import json, pathlib, sys
failed = json.loads(pathlib.Path(".pytest_cache/v/cache/lastfailed").read_text())
print(f"{len(failed)} failed beside others:", *failed, sep="\n  ")
sys.exit(len(failed) > 8)
COUNT
}
rm -rf .pytest_cache
$many --cov --cov-report= || again $many --cov --cov-append --cov-report=
$few --cov --cov-append --cov-report= || again $few --cov --cov-append --cov-report=
$gate
$worlds
"$bin/coverage" report --skip-covered --fail-under=100
