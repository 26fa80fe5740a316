#!/usr/bin/env bash
# The release binaries must need no library that a plain Linux lacks: libpq, OpenSSL and SQLite are compiled
# in.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in update-availability hut-availability; do
  libraries=$(ldd "target/release/$program" | awk '{ print $1 }')
  foreign=$(grep -vE '^(linux-vdso|libc|libm|libgcc_s|libdl|libpthread|librt)\.so|ld-linux' <<<"$libraries" || true)
  if [[ -n $foreign ]]; then
    echo "$program links $foreign" >&2
    exit 1
  fi
  echo "$program: $(stat -c %s "target/release/$program") bytes, links $(paste -sd' ' <<<"$libraries")"
done
