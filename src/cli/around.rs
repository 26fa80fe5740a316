//! The command line of `hut-availability`.

use clap::{Parser, Subcommand};

use super::CommonArgs;
use super::huts::HutsCommand;

const EXAMPLES: &str = "\
Examples:
  hut-availability huts discover                    every hut of the booking sites
  hut-availability huts import huts.csv             your own, by a file
  hut-availability huts list --country CH
  hut-availability migrate                          bring a PostgreSQL database up to date
  hut-availability serve                            what is stored, on http://127.0.0.1:8080
  hut-availability simulate --port 8081             booking sites on this machine, to try things on

The job itself is `update-availability`.";

/// Huts and the database around `update-availability`
#[derive(Debug, Parser)]
#[command(name = "hut-availability", version, after_help = EXAMPLES)]
pub struct HutAvailabilityCli {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub common: CommonArgs,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring the database up to date, and say what was done
    Migrate,
    /// Which huts there are
    #[command(subcommand)]
    Huts(HutsCommand),
    /// Serve what is stored, to read: JSON for programs, pages for people
    Serve(crate::command::serve::ServeArgs),
    /// Booking sites on this machine, in the words of the real ones
    Simulate(crate::command::simulate::SimulateArgs),
}
