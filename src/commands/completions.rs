//! `hut-availability completions`: prints the completions of a shell.

use clap::CommandFactory;
use clap_complete::generate;

use crate::cli::app::HutAvailabilityCli;
use crate::cli::completions::{CompletionsArgs, Program};
use crate::cli::update::UpdateCli;
use crate::runtime::console::print_raw;

/// Prints the script that completes the commands and flags of a program.
pub fn run(args: &CompletionsArgs) -> anyhow::Result<()> {
    let mut command = match args.program {
        Program::HutAvailability => HutAvailabilityCli::command(),
        Program::UpdateAvailability => UpdateCli::command(),
    };
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    generate(args.shell, &mut command, name, &mut script);
    print_raw(&String::from_utf8(script)?)?;
    Ok(())
}
