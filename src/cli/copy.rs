//! `hut-availability copy`

use clap::Args;

use super::secret::Secret;
use crate::domain::database_url::DatabaseUrl;
use crate::text::format::Output;

pub const EXAMPLES: &str = "\
Examples:
  hut-availability migrate --database-url postgres://db.example.org/huts
  hut-availability copy --from hut-availability.db --to postgres://db.example.org/huts
  hut-availability copy --from hut-availability.db --to backup.db      runs may go on meanwhile

A copy that was stopped or killed goes on when it is started again, and one that is complete is brought up
to date. What is there and is no earlier copy is refused, and stays as it is. Leave the password out of the
URL, and it comes from PGPASSWORD or ~/.pgpass, where the list of processes does not show it.

Exit status:
  0    all is there, and every row was compared
  1    something else wrote to the copy meanwhile
  2    nothing could be done: usage, database, or the database holds something else already
  130  stopped by SIGINT between two huts (143: by SIGTERM)";

/// From where to where.
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// The database to copy, as it is at the start; it is only read
    #[arg(long, value_name = "URL", value_parser = Secret::<DatabaseUrl>::default())]
    pub from: DatabaseUrl,

    /// An empty database, or a copy to go on with; SQLite is made, PostgreSQL must have been migrated
    #[arg(long, value_name = "URL", value_parser = Secret::<DatabaseUrl>::default())]
    pub to: DatabaseUrl,

    /// The report on stdout; everything else goes to stderr
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Output::Text)]
    pub output: Output,

    /// A line for each hut instead of a progress bar (the default where stderr is no terminal)
    #[arg(long)]
    pub no_progress: bool,
}
