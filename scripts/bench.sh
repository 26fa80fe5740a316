#!/usr/bin/env bash
# Measures whole runs of the programs as they are distributed, with a PostgreSQL server of its own and the fake
# booking site, and prints tables. docs/performance.md explains the tables, with the figures of one machine.
#
#   scripts/bench.sh                        all tables except growth: some minutes
#   scripts/bench.sh modes --huts 150       one table
#   scripts/bench.sh growth --huts 2500     three years of history: minutes, and 5 GB for each database
#   scripts/bench.sh --help
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need initdb postgresql
port=$((20000 + RANDOM % 12000))
as_postgres=()
if [[ $EUID -eq 0 ]]; then as_postgres=(runuser -u postgres --); fi
# Commits are written to the disk, as in production. The server stops when its standard input closes.
coproc SERVER {
  exec env DEFAULT_SETTINGS=on "${as_postgres[@]}" sh -c "$(cat scripts/postgres.sh)" postgres.sh "$port" "$(postgres_programs)"
}
read -r word _ <&"${SERVER[0]}"
[[ $word == ready ]]

export BENCH_POSTGRES=postgres://postgres@127.0.0.1:$port
cargo bench --locked --features tls --bench runs -- "$@"
