#!/usr/bin/env bash
# Checks the rules of docs/alerts.yaml by Prometheus' own tool: that they are rules, and that each is told
# of when it should be.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

unpack_program promtool prometheus
target/tools/bin/promtool check rules docs/alerts.yaml
target/tools/bin/promtool test rules docs/alerts.test.yaml
