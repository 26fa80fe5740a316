#!/usr/bin/env bash
# What cargo runs instead of rustc for this crate in scripts/test.sh: clippy's driver compiles and lints in one
# pass. `cargo clippy` would check all dependencies first, which are then compiled once more for the tests.
exec clippy-driver "$@" -D warnings
