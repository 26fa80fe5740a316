//! The command line of `completions`.

use clap::{Args, ValueEnum};
use clap_complete::Shell;

pub const EXAMPLES: &str = "\
Examples:
  hut-availability completions bash > ~/.local/share/bash-completion/completions/hut-availability
  hut-availability completions zsh > ~/.zfunc/_hut-availability     with ~/.zfunc in fpath
  hut-availability completions fish > ~/.config/fish/completions/hut-availability.fish
  hut-availability completions bash --program update-availability \\
      > ~/.local/share/bash-completion/completions/update-availability

They work in the next shell that you start.";

/// `completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,

    /// The program whose commands and flags are completed
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Program::HutAvailability)]
    pub program: Program,
}

/// A program of this package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Program {
    HutAvailability,
    UpdateAvailability,
}
