//! The job: see `update-availability --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hut_availability::commands::main::update_availability()
}
