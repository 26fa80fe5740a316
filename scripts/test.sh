#!/usr/bin/env bash
# What must pass before a change lands. Sets up what is missing (as root on Debian; elsewhere it says what to
# install), and runs formatting, lints and every test: on both databases, with TLS, in a real browser, against
# the fake booking sites.
#
#   scripts/test.sh         minutes; a few faults of each kind are injected
#   scripts/test.sh full    also documentation, the generated schema, licences, what is distributed and how it
#                           is linked, the default build, Kubernetes manifests, alerts; the API against its
#                           document by schemathesis; kills by the hundred and soaks
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

mode=${1:-gate}
if [[ $# -gt 1 || ! $mode =~ ^(gate|full)$ ]]; then
  echo "usage: scripts/test.sh [full]" >&2
  exit 2
fi
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
# The tests must not be skipped in silence.
export HUT_TEST_TOOLS=required
if [[ $mode == full ]]; then export HUT_FAULTS=full; fi

step() {
  printf '\n== %s (after %d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60))
}

# OpenSSL is linked from the system here: to compile it takes longer than all the rest.
need libssl libssl-dev
export OPENSSL_NO_VENDOR=1
features=(--features tls)

# Downloads, while the compiler is at work.
mkdir -p target
set_up() {
  install_test_tools
  if [[ $mode == full ]]; then install_full_tools; fi
}
(set_up) >target/set-up.log 2>&1 </dev/null &
set_up=$!
trap 'kill "$set_up" 2>/dev/null || true' EXIT

step "formatting"
cargo fmt --check
step "lints"
cargo clippy --locked --all-targets "${features[@]}" -- -D warnings
step "compiling the tests"
cargo test --locked "${features[@]}" --no-run

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
# More threads than cores: many tests wait for a pause, a lease or a time-out.
cargo test --locked "${features[@]}" -- --test-threads=$(($(nproc) * 3))
if [[ $mode == gate ]]; then exit; fi

step "the generated schema"
scripts/schema.sh --check
step "licences and duplicates of the dependencies"
install_tool cargo-deny 0.20.2
# Without the advisories, which are fetched from a repository of their own.
target/tools/bin/cargo-deny --log-level error check licenses bans sources
step "Kubernetes manifests"
scripts/check-k8s.sh
step "alerts"
scripts/check-alerts.sh
step "the default build, without TLS"
cargo test --locked --test it -- tls::
step "what a newcomer runs"
scripts/check-demo.sh
step "what is distributed"
# With the OpenSSL that is compiled in.
OPENSSL_NO_VENDOR=0 cargo build --profile dist --features tls --locked
scripts/check-linking.sh
step "all passed"
