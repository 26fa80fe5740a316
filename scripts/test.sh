#!/usr/bin/env bash
# Sets up what the tests need, and runs all of them: formatting, lints, docs, schema, dependencies,
# the release build, the Kubernetes manifests, the alerts, and last the tests themselves.
#
# `scripts/test.sh quick` leaves out what needs further tools: it runs formatting, lints and tests, and
# of these skips, with a word, those in a browser, of the API's document and of the metrics where their
# tools are absent.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}

need initdb postgresql
need sqlite3 sqlite3
step "formatting"
cargo fmt --check
step "lints"
cargo clippy --locked --all-targets -- -D warnings

if [[ ${1:-} != quick ]]; then
  step "documentation"
  RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
  step "the generated schema"
  scripts/schema.sh --check
  step "licences and duplicates of the dependencies"
  install_tool cargo-deny 0.20.2
  # Without the advisories, which are fetched from a repository of their own.
  target/tools/bin/cargo-deny --log-level error check licenses bans sources
  step "release build"
  cargo build --release --locked
  scripts/check-linking.sh
  step "Kubernetes manifests"
  scripts/check-k8s.sh
  step "alerts"
  scripts/check-alerts.sh
  unpack_program prometheus-pushgateway prometheus-pushgateway
  step "a browser and what tests the API"
  install_test_tools
  export HUT_TEST_TOOLS=required
fi

step "tests"
cargo test --locked

if [[ ${1:-} != quick ]]; then
  step "kills: 200 of the run, 30 of the server"
  HUT_FAULTS=full cargo test --locked --test it -- keeps_working::killed keeps_working::server_gone
fi
