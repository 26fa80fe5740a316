# Functions that the scripts share. Load it with `.` from the top of the repository.

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
    # In Debian, python3 may be installed without the package for virtual environments.
    python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    # Debian's directory of programs for administrators is not on the PATH of users.
    pgbouncer) [[ -x /usr/sbin/pgbouncer ]] || command -v pgbouncer >/dev/null ;;
    # An extension of PostgreSQL has no program.
    postgis) compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null ;;
    # This is a library, which pkg-config finds.
    libssl) pkg-config --exists libssl 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# Whether this script may install packages: as root on Debian.
may_install() {
  [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null
}

# apt-get downloads its lists of packages once, before the first installation.
apt_lists_are_new=
apt_install() {
  if [[ -z $apt_lists_are_new ]]; then
    apt-get update -qq
    apt_lists_are_new=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

# need (PROGRAM PACKAGE)…: installs the Debian packages of missing programs if it may, or else fails and names
# the first one.
need() {
  local packages=() programs=("$@") i
  for ((i = 0; i < $#; i += 2)); do
    is_there "${programs[i]}" || packages+=("${programs[i + 1]}")
  done
  if [[ ${#packages[@]} -gt 0 ]] && may_install; then
    echo "installing ${packages[*]}"
    # The build finds a library to link with pkg-config.
    if [[ " ${packages[*]} " == *" libssl-dev "* ]]; then packages+=(pkg-config); fi
    apt_install "${packages[@]}"
  fi
  for ((i = 0; i < $#; i += 2)); do
    if ! is_there "${programs[i]}"; then
      echo "${programs[i]} is missing: please install it (in Debian, the package ${programs[i + 1]})" >&2
      exit 1
    fi
  done
}

# install_tool CRATE VERSION [FLAG…]: installs a development tool written in Rust into target/tools, if it is
# not there yet.
install_tool() {
  local crate=$1 version=$2
  shift 2
  cargo install --quiet --locked --debug --root target/tools --target-dir target/tools/build \
    --version "$version" "$@" "$crate"
}

# install_from_pypi FILE DIRECTORY: installs a file of requirements into a virtual environment, if the file has
# changed since the last installation.
install_from_pypi() {
  if cmp -s "$1" "$2/installed.txt"; then return; fi
  need python3-venv python3-venv
  echo "installing $1 into $2"
  python3 -m venv --clear "$2"
  "$2/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$1"
  cp "$1" "$2/installed.txt"
}

# install_test_tools: installs what the tests need besides the compiler: PostgreSQL with PostGIS, a connection
# pooler, wrong clocks, a browser with its driver, axe-core for accessibility problems, a mail server and Apprise
# (target/test-tools), a Pushgateway and promtool (target/tools/bin).
install_test_tools() {
  local directory=target/test-tools
  need initdb postgresql pgbouncer pgbouncer openssl openssl sqlite3 sqlite3 faketime faketime chromium chromium \
    chromedriver chromium-driver python3-venv python3-venv postgis postgresql-postgis
  install_from_pypi scripts/requirements-tests.txt $directory
  cp $directory/lib/python3*/site-packages/axe_playwright_python/axe.min.js $directory
  unpack_program prometheus-pushgateway prometheus-pushgateway
  unpack_program promtool prometheus
}

# Prints a new directory for temporary files that every user may write to: in memory if there is room enough, or else
# where TMPDIR says. The tests create thousands of files, most of them for databases.
temporary_directory() {
  local min_kib=$((4 * 1024 * 1024)) parent=${TMPDIR:-/tmp} directory
  if [[ -z ${TMPDIR:-} && $(free_kib_in_memory) -ge $min_kib ]]; then parent=/dev/shm; fi
  directory=$(mktemp -d "$parent/hut-tests.XXXXXX") || exit 1
  chmod 1777 "$directory"
  echo "$directory"
}

# What is free in /dev/shm, but at most half of the free memory, because the programs need some too.
free_kib_in_memory() {
  if [[ ! -w /dev/shm || ! -e /proc/meminfo ]]; then
    echo 0
    return
  fi
  {
    awk '/^MemAvailable:/ { print int($2 / 2) }' /proc/meminfo
    df -Pk /dev/shm | awk 'NR == 2 { print $4 }'
  } | sort -n | head -n 1
}

# Deletes a directory of temporary files once the PostgreSQL servers in it have stopped, which takes them a moment
# after the tests.
remove_temporary_directory() {
  for _ in {1..100}; do
    compgen -G "$1/tmp.*/data/postmaster.pid" >/dev/null || break
    sleep 0.1
  done
  # What a program still writes there may stay.
  rm -rf "$1" || true
}

# install_full_tools: installs what only `scripts/test.sh full` needs.
install_full_tools() {
  need kubectl kubernetes-client
  install_from_pypi scripts/requirements.txt target/schemathesis
}

# unpack_program PROGRAM PACKAGE: puts one program of a Debian package into target/tools/bin, without the
# package's dependencies, and without the service that the package would start.
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
  if may_install && [[ -z $apt_lists_are_new ]]; then
    apt-get update -qq
    apt_lists_are_new=1
  fi
  # The user `_apt` may not write to this directory: apt-get warns about it and downloads as root.
  if ! (cd "$directory" && apt-get download -qq "$2" 2>/dev/null && dpkg-deb -x "$2"_*.deb .); then
    echo "$1 is missing: please install it (in Debian, the package $2)" >&2
    exit 1
  fi
  mv "$directory/usr/bin/$1" "target/tools/bin/$1"
  rm -r "$directory"
}
