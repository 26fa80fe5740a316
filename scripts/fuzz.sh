#!/usr/bin/env bash
# Looks for bytes that a parser does not bear: `scripts/fuzz.sh [SECONDS [PARSER…]]` runs each parser, or those
# that are named, for so long (60 s). What it finds is kept in target/fuzz/found, and the corpus in
# target/fuzz/corpus, so that the next time it goes on from there.
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
# What is fuzzed is what is shipped: the same versions of everything.
cp Cargo.lock tests/fuzz/Cargo.lock
# No sanitizer: there is no unsafe code here that one would watch, and without it is twice as quick.
fuzz=(--fuzz-dir tests/fuzz --sanitizer none --target-dir target/fuzz)
cargo +nightly fuzz build "${fuzz[@]}"

failed=0
for parser in "${parsers[@]}"; do
  step "$parser, $seconds s"
  corpus=target/fuzz/corpus/$parser found=target/fuzz/found/$parser
  mkdir -p "$corpus" "$found"
  # Answers of a site may be larger than the fuzzer's default; what takes seconds is found, too.
  cargo +nightly fuzz run "${fuzz[@]}" "$parser" "$corpus" "tests/fuzz/seeds/$parser" -- \
    -max_total_time="$seconds" -max_len=16384 -timeout=10 -artifact_prefix="$found/" \
    -print_final_stats=1 -verbosity=0 || failed=1
done
exit $failed
