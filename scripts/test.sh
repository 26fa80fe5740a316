#!/usr/bin/env bash
# The checks that must pass before a change is merged: formatting, lints and all tests, on both databases, with
# TLS, in a real browser, against the fake booking sites. Missing tools are installed (as root on Debian;
# elsewhere the script names them).
#
#   scripts/test.sh         takes minutes; injects a few faults of each kind
#   scripts/test.sh full    also checks documentation, the generated schema, licences, Kubernetes manifests,
#                           alerts, the default build, the demo, and the programs for distribution and the
#                           libraries that they link; tests the API against its document with schemathesis;
#                           kills hundreds of runs, and runs the long soaks
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

mode=${1:-gate}
if [[ $# -gt 1 || ! $mode =~ ^(gate|full)$ ]]; then
  echo "usage: scripts/test.sh [full]" >&2
  exit 2
fi
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
# Tests whose tools are missing fail, instead of being skipped.
export HUT_TEST_TOOLS=required
if [[ $mode == full ]]; then export HUT_FAULTS=full; fi

step() {
  printf '\n== %s (after %d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60))
}

# The message of a panic names its line without debug information, too. Writing that takes a seventh of the time to
# compile this crate.
export CARGO_PROFILE_DEV_DEBUG=false

# Links the system's OpenSSL, because compiling OpenSSL takes longer than everything else.
need libssl libssl-dev
export OPENSSL_NO_VENDOR=1
features=(--features tls)

TMPDIR=$(temporary_directory)
export TMPDIR

# Installs the tools of the tests while the compiler works.
mkdir -p target
set_up() {
  install_test_tools
  if [[ $mode == full ]]; then install_full_tools; fi
}
(set_up) >target/set-up.log 2>&1 </dev/null &
set_up=$!
trap 'kill "$set_up" 2>/dev/null || true; remove_temporary_directory "$TMPDIR"' EXIT

step "formatting"
cargo fmt --check
step "lints, and compiling the tests"
# For all commands that use what is compiled here; others would compile it anew.
linting=(env RUSTC_WORKSPACE_WRAPPER="$PWD/scripts/lint-and-compile.sh")
"${linting[@]}" cargo test --locked --all-targets "${features[@]}" --no-run

if [[ $mode == full ]]; then
  step "documentation"
  RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps "${features[@]}"
fi

step "tools of the tests"
wait "$set_up" || {
  cat target/set-up.log >&2
  exit 1
}
cat target/set-up.log

step "tests"
# More threads than cores, because many tests wait for a pause, a lease or a timeout.
"${linting[@]}" cargo test --locked "${features[@]}" -- --test-threads=$(($(nproc) * 4))
if [[ $mode == gate ]]; then exit; fi

step "the generated schema"
scripts/schema.sh --check
step "the base map"
scripts/map-data.sh --check
step "licences and duplicates of the dependencies"
install_tool cargo-deny 0.20.2
# Without the check of advisories, which downloads a repository of its own.
target/tools/bin/cargo-deny --log-level error check licenses bans sources
step "Kubernetes manifests"
scripts/check-k8s.sh
step "alerts"
scripts/check-alerts.sh
step "the default build, without TLS"
cargo test --locked --test it -- tls::
step "the demo"
scripts/check-demo.sh
step "the programs for distribution"
# With OpenSSL compiled in.
OPENSSL_NO_VENDOR=0 cargo build --profile dist --features tls --locked
scripts/check-linking.sh
step "all passed"
