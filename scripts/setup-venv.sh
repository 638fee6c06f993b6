#!/bin/sh
# Make the virtual environment at $1 from the hash-locked requirements $2.
set -eu
venv=$1
locked=$2
python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "cunyi needs python3 (3.11 or newer): apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "cunyi needs Python 3.11 or newer; $python is $("$python" -V 2>&1). Set PYTHON=python3.x" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    echo "The venv module is missing: apt-get install python3-venv" >&2
    exit 1
fi

echo "Setting up $venv (one to three minutes the first time) ..."
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$locked"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation --editable .
