#!/usr/bin/env bash
# Checks that the distributed programs link only libraries that every Linux has: libpq, OpenSSL and SQLite are
# compiled in.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in update-availability hut-availability; do
  file=target/dist/$program
  libraries=$(ldd "$file" | awk '{ print $1 }')
  foreign=$(grep -vE '^(linux-vdso|libc|libm|libgcc_s|libdl|libpthread|librt)\.so|ld-linux' <<<"$libraries" || true)
  if [[ -n $foreign ]]; then
    echo "$program links $foreign" >&2
    exit 1
  fi
  echo "$program: $(stat -c %s "$file") bytes, links $(paste -sd' ' <<<"$libraries")"
done
