#!/bin/sh
# A PostgreSQL server for a test. It listens on the port $1, in a directory of its own, with the programs in
# the directory $2. Prints "ready" and its directory when it has started. When its standard input closes, that
# is when the program that started it has ended in any way, it stops and deletes its directory.
#
# Until then it executes the commands on its standard input, one word a line, and prints "done" after each:
# kill (SIGKILL to all of its processes), stop (as for a restart), pause and resume (all of its processes),
# start.
set -eu
port=$1
PATH=$2:$PATH
directory=$(mktemp -d)
finish() {
    signal CONT || true
    pg_ctl -D "$directory/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$directory"
}
# Signals the first process before the others, so that it creates no further ones.
signal() {
    [ -e "$directory/data/postmaster.pid" ] || return 0
    first=$(head -n 1 "$directory/data/postmaster.pid")
    kill -s "$1" "$first" 2>/dev/null || return 0
    pgrep -P "$first" | xargs -r kill -s "$1" 2>/dev/null || true
}
# The tests do not depend on durability: a lost test server is created again, and one that is killed keeps
# its files. Autovacuum is off so that plans and sizes are repeatable; the soaks have it on (HUT_FAULTS=full).
# The default of 100 connections is too few for a machine with many cores, which runs many tests at once.
# The benchmarks measure a server as it is installed (DEFAULT_SETTINGS=on).
settings='-c fsync=off -c max_connections=500'
if [ "${HUT_FAULTS:-}" != full ]; then settings="$settings -c autovacuum=off -c jit=off"; fi
if [ "${DEFAULT_SETTINGS:-off}" = on ]; then settings=; fi
start() {
    pg_ctl -D "$directory/data" -l "$directory/log" -w -t 60 \
        -o "-c listen_addresses=127.0.0.1 -p $port -k $directory -c ssl=${TLS:-off} $settings" \
        start >/dev/null 2>&1 \
        || { cat "$directory/log" >&2; exit 1; }
}
trap finish EXIT
trap 'exit 1' INT TERM
# REPLICA_OF=PORT: as a replica of the server on that port. PRISTINE=DIRECTORY: with a copy of new data of another
# server, because creating them takes ten times as long.
if [ -n "${REPLICA_OF:-}" ]; then
    pg_basebackup -D "$directory/data" -R -c fast -h 127.0.0.1 -p "$REPLICA_OF" -U postgres >"$directory/log" 2>&1
elif [ -n "${PRISTINE:-}" ]; then
    cp -R "$PRISTINE" "$directory/data" 2>"$directory/log"
else
    initdb -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$directory/log" 2>&1 &&
        cp -R "$directory/data" "$directory/pristine" 2>>"$directory/log"
fi || { cat "$directory/log" >&2; exit 1; }
# TLS=on: with a certificate that the server has signed itself, for 127.0.0.1.
if [ "${TLS:-off}" = on ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$directory/data/server.key" \
        -out "$directory/data/server.crt" 2>"$directory/log" || { cat "$directory/log" >&2; exit 1; }
    chmod 600 "$directory/data/server.key"
fi
start
echo "ready $directory"
while read -r word; do
    case $word in
        kill)
            # Find the child processes before the first process has ended, since they lose their parent
            # then.
            first=$(head -n 1 "$directory/data/postmaster.pid")
            others=$(pgrep -P "$first" || true)
            kill -s KILL "$first" $others 2>/dev/null || true
            while kill -0 "$first" 2>/dev/null; do sleep 0.05; done
            ;;
        stop) pg_ctl -D "$directory/data" -m fast -w stop >/dev/null ;;
        pause) signal STOP ;;
        resume) signal CONT ;;
        start) start ;;
    esac
    echo done
done
