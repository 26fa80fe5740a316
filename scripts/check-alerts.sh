#!/usr/bin/env bash
# Checks docs/alerts.yaml with Prometheus' own tool: the rules are valid, and each alert fires when it
# should.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

unpack_program promtool prometheus
target/tools/bin/promtool check rules docs/alerts.yaml
target/tools/bin/promtool test rules docs/alerts.test.yaml
