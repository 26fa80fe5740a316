//! `hut-availability copy`

use anyhow::{Context, bail};
use clap::Args;
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::cli::Output;
use crate::cli::secret::Secret;
use crate::copy::{Copied, Databases, End, Follower, copy};
use crate::db::open::{Access, open};
use crate::db::snapshot::{is_same, open_snapshot};
use crate::db::url::DatabaseUrl;
use crate::exit::ExitStatus;
use crate::report::copy::{Progress, json, text};
use crate::report::print_text;
use crate::signal::Signal;

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

/// Copies, and says what was copied.
pub async fn run(
    args: CopyArgs,
    quiet: bool,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let CopyArgs { from, to, output, no_progress } = args;
    let mut progress = Progress::new(bars, no_progress, quiet);
    let stopped_by = stop.clone();
    let (words, copied) = tokio::task::spawn_blocking(move || {
        let mut databases = open_both(&from, &to)?;
        let copied = copy(
            &mut databases,
            &mut Follower {
                told: &mut |event| progress.told(event),
                is_stopped: &|| stop.borrow().is_some(),
            },
        );
        progress.finish();
        let copied = copied.with_context(|| format!("cannot copy {from} to {to}"))?;
        let words = match output {
            Output::Text => text(&from, &to, &copied),
            Output::Json => json(&from, &to, &copied),
        };
        Ok::<_, anyhow::Error>((words, copied))
    })
    .await??;
    print_text(&words).context("cannot write the report to stdout")?;
    Ok(status(&copied, *stopped_by.borrow()))
}

fn open_both(from: &DatabaseUrl, to: &DatabaseUrl) -> anyhow::Result<Databases> {
    let mut databases = Databases { from: open_snapshot(from)?, to: open(to, Access::ReadWrite)? };
    if is_same(&mut databases.from, &mut databases.to, [from, to])? {
        bail!("{from} and {to} are the same database: name another one to copy to");
    }
    Ok(databases)
}

fn status(copied: &Copied, stopped_by: Option<Signal>) -> ExitStatus {
    match (&copied.end, stopped_by) {
        (End::Same(_), _) => ExitStatus::Done,
        (End::Stopped, Some(signal)) => ExitStatus::Stopped(signal),
        (End::Differs(_) | End::Stopped, _) => ExitStatus::SomeFailed,
    }
}
