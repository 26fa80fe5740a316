#!/bin/sh
# A PostgreSQL server for a test: started on the port $1 in a directory of its own, with the programs
# in the directory $2. Says "ready", and ends, directory and all, with its standard input, that is
# with whoever started it, however that ends.
set -eu
port=$1
PATH=$2:$PATH
directory=$(mktemp -d)
finish() {
    pg_ctl -D "$directory/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$directory"
}
trap finish EXIT
trap 'exit 1' INT TERM
initdb -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$directory/log" 2>&1 \
    || { cat "$directory/log" >&2; exit 1; }
# Durability is not what the tests are about; a test server that is lost is made anew.
pg_ctl -D "$directory/data" -l "$directory/log" -w -t 60 \
    -o "-c listen_addresses=127.0.0.1 -p $port -k $directory -c fsync=off" start >/dev/null \
    || { cat "$directory/log" >&2; exit 1; }
echo ready
cat >/dev/null
