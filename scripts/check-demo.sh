#!/usr/bin/env bash
# The first thing that a newcomer runs, twice: the second run finds that some bookings have changed.
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
