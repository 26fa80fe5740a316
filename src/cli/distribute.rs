//! The command line of `hut-availability distribute`.

use clap::Args;

use super::values::whole;

pub const EXAMPLES: &str = "\
Examples:
  hut-availability distribute --dry-run                   which statements would run?
  hut-availability distribute --shards 32                 over the servers of a Citus cluster
  hut-availability distribute --undo                      everything on the coordinator again

Works on an empty and on a filled database, in one transaction: a command that is stopped changes nothing, and can be
started again. Stop all runs and commands first; the service answers 503 until it ends. Make a backup first.
docs/scaling.md says what Citus is for, and docs/databases.md how to set it up.

Exit status:
  0    done, or nothing is to do
  2    nothing was done: usage or database error, or no Citus";

/// `distribute`
#[derive(Clone, Copy, Debug, Args)]
pub struct DistributeArgs {
    /// Number of shards, which are spread evenly over the servers; a multiple of the number of servers that the
    /// cluster may grow to
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = whole::<i32>(1..=32_000))]
    pub shards: i32,

    /// Bring all tables back to the coordinator
    #[arg(long, conflicts_with = "shards")]
    pub undo: bool,

    /// Print the SQL that would run, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}
