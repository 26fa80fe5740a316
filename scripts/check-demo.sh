#!/usr/bin/env bash
# Builds the demo and runs it twice. The second run must find changed bookings.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cargo build --release --locked
cd "$directory"
for run in first second; do
  "${CARGO_TARGET_DIR:-$root/target}/release/update-availability" --demo --no-progress >"$run"
done
grep -q changed second || {
  cat first second >&2
  exit 1
}
