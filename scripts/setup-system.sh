#!/bin/sh
# Install the Debian packages $2... where root or sudo is there; else say what is missing and what
# that costs ($1).
set -eu
without=$1
shift
command -v dpkg-query >/dev/null 2>&1 || exit 0 # not a Debian: whoever runs it knows better
missing=""
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "Missing Debian packages:$missing. $without As root: apt-get install$missing" >&2
    exit 0
fi
echo "Installing Debian packages:$missing ..."
for try in 1 2 3; do
    $as_root apt-get update -qq || true
    if DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq \
        --no-install-recommends $missing >/dev/null; then
        exit 0
    fi
    echo "apt-get failed (try $try of 3)" >&2
done
echo "Could not install:$missing. $without" >&2
