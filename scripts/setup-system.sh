#!/bin/sh
# Install the Debian packages $2... where root or sudo is there; else say what is missing and what
# that costs ($1). A service that comes with one of them is neither started nor started at boot.
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

# Debian asks this file before it starts a service. Whatever stood there comes back.
policy=/usr/sbin/policy-rc.d
put_back() {
    if [ -e "$policy.before-cunyi" ]; then
        $as_root mv "$policy.before-cunyi" "$policy"
    else
        $as_root rm -f "$policy"
    fi
}
if [ -e "$policy" ] && [ ! -e "$policy.before-cunyi" ]; then # else it lies there from a killed run
    $as_root mv "$policy" "$policy.before-cunyi"
fi
trap put_back EXIT
trap 'exit 130' INT TERM
printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
$as_root chmod 755 "$policy"

echo "Installing Debian packages:$missing ..."
for try in 1 2 3; do
    $as_root apt-get update -qq || true
    if DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq \
        --no-install-recommends $missing >/dev/null; then
        for package in $missing; do
            $as_root systemctl disable "$package" >/dev/null 2>&1 || true
        done
        exit 0
    fi
    echo "apt-get failed (try $try of 3)" >&2
done
echo "Could not install:$missing. $without" >&2
