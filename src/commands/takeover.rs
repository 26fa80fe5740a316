//! `hut-availability takeover`: takes over the database of the Wodore backend.

use anyhow::{Context, bail};
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::cli::takeover::TakeoverArgs;
use crate::db::open::{Access, OpenedForRun, open_existing, open_for_run};
use crate::db::takeover;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::organization::Organizations;
use crate::domain::signal::Signal;
use crate::ops::takeover::{Follower, Theirs, take_over};
use crate::report::takeover::{FinishReport, Progress, TakeoverReport};
use crate::runtime::console::print;
use crate::text::format::Format;
use crate::text::humanize::pluralize;

/// Takes over a database, or finishes the takeover, and prints the report.
pub fn run(
    args: TakeoverArgs,
    url: &DatabaseUrl,
    known: &Organizations,
    quiet: bool,
    bars: &MultiProgress,
    stop: &watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let TakeoverArgs { from, dry_run, output, no_progress, .. } = args;
    let Some(from) = from else { return finish(url, output) };
    let mut theirs = Theirs::open(&from)?;
    let OpenedForRun { mut db, file, .. } = open_for_run(url, dry_run)?;
    let mut progress = Progress::new(bars, no_progress, quiet);
    let taken = take_over(
        &mut theirs,
        &mut db,
        known,
        dry_run,
        &mut Follower {
            on_event: &mut |event| progress.on_event(event),
            is_stopped: &|| stop.borrow().is_some(),
        },
    );
    progress.finish();
    let taken = taken.with_context(|| format!("cannot take over {from} into {url}"))?;
    file.ensure_in_place()?;
    let report = TakeoverReport { from: &from, to: url, dry_run, taken: &taken };
    print(&report, output)?;
    Ok(match *stop.borrow() {
        Some(signal) if taken.is_stopped => ExitStatus::Stopped(signal),
        _ => ExitStatus::Done,
    })
}

/// Finishes the takeover.
fn finish(url: &DatabaseUrl, output: Format) -> anyhow::Result<ExitStatus> {
    let mut opened = open_existing(url, Access::ReadWrite)?;
    let pending = takeover::finish(&mut opened.db)?;
    if let Some(pending) = pending.filter(|pending| pending.incomplete > 0) {
        bail!(
            "the nights of {} of {} are not taken yet: run `hut-availability takeover --from URL` again until it is \
             complete, then finish",
            pending.incomplete,
            pluralize(pending.huts, "hut")
        );
    }
    opened.file.ensure_in_place()?;
    let report =
        FinishReport { database: url, finished: pending.map_or(0, |pending| pending.huts) };
    print(&report, output)?;
    Ok(ExitStatus::Done)
}
