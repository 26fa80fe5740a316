#!/usr/bin/env bash
# What cargo runs instead of rustc for this crate in scripts/test.sh: clippy's driver compiles and lints in one
# pass. `cargo clippy` would check all dependencies first, which are then compiled once more for the tests.
set -eu
flags=(-D warnings)
# The tests start thousands of programs. A program at a fixed address has nothing to relocate, so that it starts in
# two thirds of the time. macOS forbids such programs on ARM.
if [[ $OSTYPE == linux* ]]; then flags+=(-C relocation-model=static); fi
exec clippy-driver "$@" "${flags[@]}"
