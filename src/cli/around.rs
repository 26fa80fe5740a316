//! The command line of `hut-availability`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::CommonArgs;

const EXAMPLES: &str = "\
Examples:
  hut-availability huts import huts.csv             add huts, or update them by slug
  hut-availability huts list
  hut-availability migrate                          bring a PostgreSQL database up to date
  hut-availability simulate --port 8081             a booking site on this machine, to try things on

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
    /// A booking site on this machine, in the words of hut-reservation.org and huetten-holiday.com
    Simulate(crate::command::simulate::SimulateArgs),
}

/// What is to be done about huts.
#[derive(Debug, Subcommand)]
pub enum HutsCommand {
    /// Add huts from a CSV file, or update them by slug
    ///
    /// Columns: slug, name, organization, source_hut_id, country, latitude, longitude, elevation,
    /// hut_type_open, hut_type_closed, capacity_open, capacity_closed. The first four are required.
    /// All lines are imported or none.
    Import {
        /// The file; - is stdin
        file: PathBuf,
    },
    /// Show the huts as a table
    List,
}
