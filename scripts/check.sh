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
# Doors, journal, sync, who may do what, and clocks have no untested branch. What only carries bytes
# to a broker is not on the list: its threads end by chance in one place or another.
no_branch_untested='
    edge/domain/* edge/kernel/* firmware_bridge/*
    edge/daemon/station.py edge/daemon/store_thread.py edge/daemon/recovery.py
    edge/daemon/chance.py edge/daemon/front.py edge/daemon/watchdog.py
    edge/daemon/devices/actuate.py edge/daemon/devices/pumps.py edge/daemon/devices/scans.py
    edge/daemon/clock.py edge/daemon/county/timekeeper.py
    edge/store/* edge/wire_map.py edge/guard/* edge/daemon/keepers.py
    edge/daemon/county/county_word.py edge/daemon/county/grants.py edge/daemon/county/handover.py
    edge/daemon/county/journal_source.py edge/daemon/county/membership.py
    edge/daemon/county/remote_desk.py edge/daemon/county/snapshots.py
    cloud_sync/station/* cloud_sync/wire/bodies/* cloud_sync/wire/framing/* cloud_sync/wire/trust/*
    cloud_sync/wire/envelope.py cloud_sync/wire/grant.py cloud_sync/wire/live.py
    cloud_sync/wire/messages.py cloud_sync/wire/snapshot.py
    cloud_sync/county/commands/* cloud_sync/county/durability/* cloud_sync/county/histories/*
    cloud_sync/county/identity/* cloud_sync/county/questions/* cloud_sync/county/stream/*
    cloud_sync/county/ingest/conversation.py cloud_sync/county/ingest/ingest.py
    cloud_sync/county/ingest/ledger.py cloud_sync/county/ingest/pacing.py
    cloud_sync/county/ingest/projections.py cloud_sync/county/ingest/reading.py
    cloud_sync/county/ingest/reception.py cloud_sync/county/ingest/rows.py
    cloud_sync/county/ingest/worker.py
    cloud_sync/county/database.py cloud_sync/county/presence.py
'
include=$(set -f; set -- $no_branch_untested; IFS=,; echo "$*")
"$bin/coverage" report --skip-covered --fail-under=100 --include="$include"
