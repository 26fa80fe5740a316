#!/usr/bin/env bash
# Searches for bytes that violate a property of a parser. `scripts/fuzz.sh [SECONDS [PARSER…]]` runs each
# parser, or the named ones, for that time (60 s). Failing inputs are kept in target/fuzz/found, and the
# corpus in target/fuzz/corpus, with which the next search continues.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

seconds=${1:-60}
parsers=("${@:2}")
if [[ ${#parsers[@]} -eq 0 ]]; then
  for seeds in tests/fuzz/seeds/*; do parsers+=("$(basename "$seeds")"); done
fi
install_tool cargo-fuzz 0.13.2
PATH=$PWD/target/tools/bin:$PATH
# The fuzzed program uses the same versions of its dependencies as the released one.
cp Cargo.lock tests/fuzz/Cargo.lock
# No sanitizer: this crate has no unsafe code to watch, and the search is twice as fast without it.
fuzz=(--fuzz-dir tests/fuzz --sanitizer none --target-dir target/fuzz)
cargo +nightly fuzz build "${fuzz[@]}"

failed=0
for parser in "${parsers[@]}"; do
  step "$parser, $seconds s"
  corpus=target/fuzz/corpus/$parser found=target/fuzz/found/$parser
  mkdir -p "$corpus" "$found"
  # A site's answers may be larger than the fuzzer's default of 4 KiB. An input that takes longer than 10 s
  # counts as a failure.
  cargo +nightly fuzz run "${fuzz[@]}" "$parser" "$corpus" "tests/fuzz/seeds/$parser" -- \
    -max_total_time="$seconds" -max_len=16384 -timeout=10 -artifact_prefix="$found/" \
    -print_final_stats=1 -verbosity=0 || failed=1
done
exit $failed
