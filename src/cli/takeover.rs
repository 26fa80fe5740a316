//! The command line of `hut-availability takeover`.

use clap::Args;

use super::secret::Secret;
use super::values::{REPORT, formats};
use crate::domain::database_url::DatabaseUrl;
use crate::text::format::Format;

pub const EXAMPLES: &str = "\
Examples:
  hut-availability takeover --from postgres://db.example.org/wodore --dry-run
  hut-availability takeover --from postgres://db.example.org/wodore --database-url postgres://db.example.org/huts
  hut-availability takeover --finish --database-url postgres://db.example.org/huts

The steps:
  1. `takeover --from URL` takes the huts and their whole history. Start it again to resume it if it was stopped or
     killed. The Wodore backend goes on polling meanwhile, and this program polls none of these huts.
  2. Stop the update_availability job of the Wodore backend.
  3. `takeover --from URL` once more catches up with what has changed since.
  4. `takeover --finish`: from then on `update-availability` polls the huts. No further takeover is possible.

The target is an empty database, or one that an earlier takeover filled; a SQLite file is created, PostgreSQL must be
migrated. The other database is only read, in its state at the start. Fields that `huts set` has pinned stay. Leave the
password out of the URL: it is then read from PGPASSWORD or ~/.pgpass, and the process list does not show it.

Exit status:
  0    everything is taken over, except what the report names
  2    a usage or database error, or the target has data of another origin; each hut is complete or as before
  130  stopped by SIGINT between two huts (143: by SIGTERM)";

/// `takeover`
#[derive(Debug, Args)]
pub struct TakeoverArgs {
    /// PostgreSQL database of the Wodore backend, of April or October 2026; it is only read
    #[arg(
        long, value_name = "URL", value_parser = Secret::<DatabaseUrl>::default(),
        required_unless_present = "finish", conflicts_with = "finish"
    )]
    pub from: Option<DatabaseUrl>,

    /// Finish the takeover: `update-availability` polls the huts from now on
    #[arg(long)]
    pub finish: bool,

    /// Read and repair everything, print the report, and write nothing
    #[arg(long, conflicts_with = "finish")]
    pub dry_run: bool,

    /// Format of the report on stdout; everything else goes to stderr
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,

    /// Print a line per hut instead of a progress bar (the default if stderr is not a terminal)
    #[arg(long)]
    pub no_progress: bool,
}
