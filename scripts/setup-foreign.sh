#!/bin/sh
# Other people's programs that the tests compare ours with, into folder $1: npm's receiptline, a second
# encoder of receipts. Without node and npm its kept bytes must do (tests/golden/receiptline_slip.hex).
set -eu
folder=$1
receiptline=receiptline@4.0.4
stamp="$folder/$receiptline"
[ ! -e "$stamp" ] || exit 0
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || {
    echo "No node with npm: the live comparison with receiptline is left out." >&2
    exit 0
}
for try in 1 2 3; do
    if npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent \
        "$receiptline" >/dev/null; then
        : > "$stamp"
        exit 0
    fi
    echo "npm failed (try $try of 3)" >&2
done
echo "The live comparison with receiptline is left out." >&2
