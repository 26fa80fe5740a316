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
  case $1 in
    initdb) postgres_programs >/dev/null ;;
    # Debian parts it: a python3 may be there without what makes an environment.
    python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
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

# install_test_tools: what tests ask for beside PostgreSQL: a browser and its driver, and from PyPI, once
# for each content of scripts/requirements.txt, what goes into target/test-tools.
install_test_tools() {
  local directory=target/test-tools
  need chromium chromium
  need chromedriver chromium-driver
  if cmp -s scripts/requirements.txt "$directory/installed.txt"; then return; fi
  need python3-venv python3-venv
  echo "installing scripts/requirements.txt into $directory"
  python3 -m venv --clear "$directory"
  "$directory/bin/pip" install --quiet --disable-pip-version-check --no-deps -r scripts/requirements.txt
  cp "$directory"/lib/python3*/site-packages/axe_playwright_python/axe.min.js "$directory"
  cp scripts/requirements.txt "$directory/installed.txt"
}

# unpack_program PROGRAM PACKAGE: a program out of Debian's package, into target/tools/bin, without what the
# package brings along and without the service that it would start.
unpack_program() {
  local directory
  if [[ -x target/tools/bin/$1 ]]; then return; fi
  mkdir -p target/tools/bin
  if command -v "$1" >/dev/null; then
    ln -sf "$(command -v "$1")" "target/tools/bin/$1"
    return
  fi
  echo "unpacking $1 of the package $2"
  directory=$(mktemp -d -p target/tools)
  if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then apt-get update -qq; fi
  # apt's own user cannot write here, which it says, and then root does it.
  if ! (cd "$directory" && apt-get download -qq "$2" 2>/dev/null && dpkg-deb -x "$2"_*.deb .); then
    echo "$1 is missing: please install it (in Debian, the package $2)" >&2
    exit 1
  fi
  mv "$directory/usr/bin/$1" "target/tools/bin/$1"
  rm -r "$directory"
}
