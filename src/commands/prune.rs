//! `hut-availability prune`

use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::NaiveDate;
use diesel::QueryResult;
use indicatif::{HumanBytes, MultiProgress, ProgressBar};
use serde::Serialize;
use tokio::sync::watch;

use super::config;
use crate::cli::keeping::PruneArgs;
use crate::db::connection::Db;
use crate::db::open::{Access, open_existing};
use crate::db::status;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::ops::prune::database;
use crate::ops::prune::{LongPast, Rows, pause};
use crate::report::progress::of_huts;
use crate::runtime::console::print_text;
use crate::terminal::data::to_json;
use crate::text::format::Output;

/// What was done, or would be.
#[derive(Serialize)]
struct Report {
    database: String,
    keep_days: u32,
    /// Dates before this one went.
    before: NaiveDate,
    dry_run: bool,
    interrupted: bool,
    #[serde(flatten)]
    rows: Rows,
    /// What the database takes on disk.
    size_bytes_before: i64,
    size_bytes_after: i64,
    /// Of that, what the next rows fill before it grows; PostgreSQL does not tell.
    reusable_bytes: Option<i64>,
}

/// Removes what is long past, until a signal comes.
pub async fn run(
    args: PruneArgs,
    url: DatabaseUrl,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let bars = bars.clone();
    tokio::task::spawn_blocking(move || prune(&args, &url, &bars, &stop)).await?
}

fn prune(
    args: &PruneArgs,
    url: &DatabaseUrl,
    bars: &MultiProgress,
    stop: &watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let access = if args.dry_run { Access::ReadOnly } else { Access::ReadWrite };
    let mut db = open_existing(url, access)?;
    let today = config::clock(&args.day).today(args.day.timezone);
    let past = LongPast::new(today, args.keep_days, args.day.timezone);
    let size_bytes_before = status::size_bytes(&mut db)?;
    let huts = database::huts(&mut db)?;
    let mut work = Work {
        past,
        stop,
        bar: of_huts(bars, huts.len() as u64),
        rows: Rows::default(),
        longest_step: Duration::ZERO,
    };
    let done = if args.dry_run { work.count(&mut db, &huts) } else { work.remove(&mut db, &huts) };
    work.bar.finish_and_clear();
    let Work { rows, longest_step, .. } = work;
    done.with_context(|| match access {
        Access::ReadOnly => format!("cannot read {url}"),
        Access::ReadWrite => format!(
            "{} are removed, the rest goes the next time: cannot go on in {url}",
            describe(rows)
        ),
    })?;
    let stopped_by = *stop.borrow();
    if args.vacuum && stopped_by.is_none() {
        database::vacuum(&mut db)
            .with_context(|| format!("{} are removed, but VACUUM failed", describe(rows)))?;
    }
    tracing::debug!("the longest step took {longest_step:?}");
    let report = Report {
        database: url.to_string(),
        keep_days: args.keep_days,
        before: past.before,
        dry_run: args.dry_run,
        interrupted: stopped_by.is_some(),
        rows,
        size_bytes_before,
        size_bytes_after: status::size_bytes(&mut db)?,
        reusable_bytes: database::reusable_bytes(&mut db)?,
    };
    print_text(&match args.output {
        Output::Text => text(&report),
        Output::Json => to_json(&report),
    })?;
    Ok(stopped_by.map_or(ExitStatus::Done, ExitStatus::Stopped))
}

/// The way through the huts and the runs.
struct Work<'a> {
    past: LongPast,
    stop: &'a watch::Receiver<Option<Signal>>,
    bar: ProgressBar,
    rows: Rows,
    /// For how long others may have had to wait.
    longest_step: Duration,
}

impl Work<'_> {
    fn count(&mut self, db: &mut Db, huts: &[i32]) -> QueryResult<()> {
        for hut_id in huts {
            if self.is_stopped() {
                return Ok(());
            }
            self.rows += database::count_hut(db, *hut_id, self.past)?;
            self.bar.inc(1);
        }
        self.rows += database::count_runs(db, self.past)?;
        Ok(())
    }

    fn remove(&mut self, db: &mut Db, huts: &[i32]) -> QueryResult<()> {
        for hut_id in huts {
            self.in_steps(|past| database::step_of_hut(db, *hut_id, past))?;
            self.bar.inc(1);
        }
        self.in_steps(|past| database::step_of_runs(db, past))
    }

    /// Goes on until a step removes nothing, or a signal comes.
    fn in_steps(&mut self, mut step: impl FnMut(LongPast) -> QueryResult<Rows>) -> QueryResult<()> {
        while !self.is_stopped() {
            let begin = Instant::now();
            let removed = step(self.past)?;
            if removed == Rows::default() {
                break;
            }
            self.rows += removed;
            self.longest_step = self.longest_step.max(begin.elapsed());
            std::thread::sleep(pause(begin.elapsed()));
        }
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        self.stop.borrow().is_some()
    }
}

fn describe(Rows { dates, entries, runs }: Rows) -> String {
    format!("{dates} dates with {entries} entries of their history, and {runs} runs")
}

fn text(report: &Report) -> String {
    let Report { before, size_bytes_before, size_bytes_after, .. } = report;
    let rows = describe(report.rows);
    let bytes = |bytes: i64| HumanBytes(bytes.unsigned_abs());
    let (size, before_size) = (bytes(*size_bytes_after), bytes(*size_bytes_before));
    if report.dry_run {
        return format!(
            "before {before}: {rows} would be removed; nothing is written\nthe database takes {size}\n"
        );
    }
    let room = match report.reusable_bytes {
        Some(free) => format!("{} of it are free for new rows", bytes(free)),
        None => "PostgreSQL fills the room of removed rows again after its autovacuum".into(),
    };
    let stopped =
        if report.interrupted { "; stopped, what is left goes the next time" } else { "" };
    format!(
        "before {before}: {rows} are removed{stopped}\nthe database takes {size} (before: {before_size}); {room}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            database: "sqlite://huts.db".into(),
            keep_days: 730,
            before: NaiveDate::from_ymd_opt(2024, 11, 22).unwrap(),
            dry_run: false,
            interrupted: false,
            rows: Rows { dates: 12_000, entries: 99_000, runs: 17_520 },
            size_bytes_before: 50 << 20,
            size_bytes_after: 50 << 20,
            reusable_bytes: Some(9 << 20),
        }
    }

    #[test]
    fn people_are_told_what_went_and_what_room_it_leaves() {
        insta::assert_snapshot!(text(&report()), @r"
        before 2024-11-22: 12000 dates with 99000 entries of their history, and 17520 runs are removed
        the database takes 50.00 MiB (before: 50.00 MiB); 9.00 MiB of it are free for new rows
        ");
        let stopped = Report { interrupted: true, reusable_bytes: None, ..report() };
        insta::assert_snapshot!(text(&stopped), @r"
        before 2024-11-22: 12000 dates with 99000 entries of their history, and 17520 runs are removed; stopped, what is left goes the next time
        the database takes 50.00 MiB (before: 50.00 MiB); PostgreSQL fills the room of removed rows again after its autovacuum
        ");
        insta::assert_snapshot!(text(&Report { dry_run: true, ..report() }), @r"
        before 2024-11-22: 12000 dates with 99000 entries of their history, and 17520 runs would be removed; nothing is written
        the database takes 50.00 MiB
        ");
    }

    #[test]
    fn programs_get_one_object() {
        insta::assert_snapshot!(to_json(&report()), @r#"{"database":"sqlite://huts.db","keep_days":730,"before":"2024-11-22","dry_run":false,"interrupted":false,"dates":12000,"entries":99000,"runs":17520,"size_bytes_before":52428800,"size_bytes_after":52428800,"reusable_bytes":9437184}"#);
    }
}
