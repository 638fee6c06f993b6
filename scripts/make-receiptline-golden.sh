#!/bin/sh
# Makes tests/golden/receiptline_slip.hex anew: the same slip by another encoder of receipts.
# Needs node 18 or newer and npm; run it when the slip or the version in setup-foreign.sh changes.
set -eu
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sh scripts/setup-foreign.sh "$folder"
version=$(ls "$folder" | sed -n 's/^receiptline@//p')
{
    echo "# A pickup slip in Chinese as another encoder of receipts sends it: 58 and 80 mm paper, two dialects of ESC/POS."
    echo "# Source: receiptline $version (npm, Apache-2.0), made by scripts/make-receiptline-golden.sh from receiptline_slip.receipt."
    echo
    NODE_PATH="$folder/node_modules" node tests/golden/receiptline_slip.cjs
} > "$folder/receiptline_slip.hex"
mv "$folder/receiptline_slip.hex" tests/golden/receiptline_slip.hex
