//! `hut-availability copy`: copies the whole database to another one.

use anyhow::{Context, bail};
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::cli::copy::CopyArgs;
use crate::db::open::{Access, Opened, open_file};
use crate::db::snapshot::{is_same, open_snapshot};
use crate::db::sqlite::file::HeldFile;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::ops::copy::{Copied, Databases, End, Follower, copy};
use crate::report::copy::{CopyReport, Progress};
use crate::runtime::console::print;

/// Copies the database, and prints the report.
pub fn run(
    args: CopyArgs,
    quiet: bool,
    bars: &MultiProgress,
    stop: &watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let CopyArgs { from, to, output, no_progress } = args;
    let mut progress = Progress::new(bars, no_progress, quiet);
    let (mut databases, target) = open_both(&from, &to)?;
    let copied = copy(
        &mut databases,
        &mut Follower {
            on_event: &mut |event| progress.on_event(event),
            is_stopped: &|| stop.borrow().is_some(),
        },
    );
    progress.finish();
    let copied = copied.with_context(|| format!("cannot copy {from} to {to}"))?;
    target.ensure_in_place()?;
    print(&CopyReport { from: &from, to: &to, copied: &copied }, output)?;
    Ok(status(&copied, *stop.borrow()))
}

/// Opens both databases, and returns the file of the target.
fn open_both(from: &DatabaseUrl, to: &DatabaseUrl) -> anyhow::Result<(Databases, HeldFile)> {
    let original = open_snapshot(from)?;
    let Opened { db: target, file } = open_file(to, Access::ReadWrite)?;
    let mut databases = Databases { from: original, to: target };
    if is_same(&mut databases.from, &mut databases.to, [from, to])? {
        bail!("{from} and {to} are the same database: --to must name another one");
    }
    Ok((databases, file))
}

fn status(copied: &Copied, stopped_by: Option<Signal>) -> ExitStatus {
    match (&copied.end, stopped_by) {
        (End::Same(_), _) => ExitStatus::Done,
        (End::Stopped, Some(signal)) => ExitStatus::Stopped(signal),
        (End::Differs(_) | End::Stopped, _) => ExitStatus::SomeFailed,
    }
}
