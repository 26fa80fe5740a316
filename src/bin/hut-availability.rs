//! Everything around the job: see `hut-availability --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hut_availability::commands::main::hut_availability()
}
