#!/usr/bin/env bash
# Generates src/db/schema.rs from the PostgreSQL migrations, as diesel.toml says. With --check, it changes
# nothing, and fails if the file is not up to date. Starts a server of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need initdb postgresql
# Where libpq is installed, linking it is quicker than building it.
libpq=postgres-bundled
if command -v pg_config >/dev/null; then libpq=postgres; fi
install_tool diesel_cli 2.3.14 --no-default-features --features "$libpq"

as_ordinary_user=()
if [[ $EUID -eq 0 ]]; then as_ordinary_user=(runuser -u postgres --); fi
port=$((20000 + RANDOM % 12000))
coproc SERVER {
  cd / && "${as_ordinary_user[@]}" sh -c "$(cat "$OLDPWD/scripts/postgres.sh")" postgres.sh "$port" "$(postgres_programs)"
}
read -r ready _ <&"${SERVER[0]}" && [[ $ready == ready ]]

locked=()
if [[ ${1:-} == --check ]]; then locked=(--locked-schema); fi
url=postgres://postgres@127.0.0.1:$port/schema
diesel=target/tools/bin/diesel
"$diesel" setup --database-url "$url" --no-default-migration "${locked[@]}" >/dev/null
"$diesel" migration run --database-url "$url" "${locked[@]}" >/dev/null
# Each migration can be reverted.
"$diesel" migration redo --all --database-url "$url" --locked-schema >/dev/null
echo "src/db/schema.rs agrees with the migrations"
