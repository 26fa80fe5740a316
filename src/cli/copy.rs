//! The command line of `hut-availability copy`.

use clap::Args;

use super::secret::Secret;
use super::values::{REPORT, formats};
use crate::domain::database_url::DatabaseUrl;
use crate::text::format::Format;

pub const EXAMPLES: &str = "\
Examples:
  hut-availability migrate --database-url postgres://db.example.org/huts
  hut-availability copy --from hut-availability.db --to postgres://db.example.org/huts
  hut-availability copy --from hut-availability.db --to backup.db      runs may continue meanwhile

Start the same command again to resume a copy that was stopped or killed, or to bring a complete copy up to
date. If the target holds data that is not an earlier copy, the command refuses to write to it. Leave the
password out of the URL: it is then read from PGPASSWORD or ~/.pgpass, and the process list does not show it.

Exit status:
  0    the copy is complete, and every row was compared
  1    another program wrote to the copy meanwhile
  2    nothing was done: usage error, database error, or the target holds other data
  130  stopped by SIGINT between two huts (143: by SIGTERM)";

/// `copy`
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// Database to copy, in its state at the start; it is only read
    #[arg(long, value_name = "URL", value_parser = Secret::<DatabaseUrl>::default())]
    pub from: DatabaseUrl,

    /// Database to write: empty, or an earlier copy; a SQLite file is created, PostgreSQL must be migrated
    #[arg(long, value_name = "URL", value_parser = Secret::<DatabaseUrl>::default())]
    pub to: DatabaseUrl,

    /// Format of the report on stdout; everything else goes to stderr
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,

    /// Print a line per hut instead of a progress bar (the default if stderr is not a terminal)
    #[arg(long)]
    pub no_progress: bool,
}
