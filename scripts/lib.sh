# Shared by the scripts; read with `.` from the top of the repository.

step() {
  printf '\n== %s\n' "$1"
}

# The directory of PostgreSQL's server programs, which Debian keeps off the PATH.
postgres_programs() {
  local directory
  for directory in ${PG_BIN:+"$PG_BIN"} ${PATH//:/ } $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
    if [[ -x $directory/initdb && -x $directory/pg_ctl ]]; then
      echo "$directory"
      return
    fi
  done
  return 1
}

is_there() {
  if [[ $1 == initdb ]]; then postgres_programs >/dev/null; else command -v "$1" >/dev/null; fi
}

# need PROGRAM PACKAGE: installs Debian's package where the program is missing and it may.
need() {
  if is_there "$1"; then return; fi
  if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
    echo "installing $2"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$2" >/dev/null
  fi
  if ! is_there "$1"; then
    echo "$1 is missing: please install it (in Debian, the package $2)" >&2
    exit 1
  fi
}

# install_tool CRATE VERSION [FLAG…]: a development tool of Rust, once, into target/tools.
install_tool() {
  local crate=$1 version=$2
  shift 2
  cargo install --quiet --locked --debug --root target/tools --version "$version" "$@" "$crate"
}
