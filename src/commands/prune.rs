//! `hut-availability prune`: deletes past dates, and the log of runs, that are older than a limit.

use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::NaiveDate;
use diesel::QueryResult;
use indicatif::{HumanBytes, MultiProgress, ProgressBar};
use serde::Serialize;
use tokio::sync::watch;

use super::{clock, config};
use crate::cli::keeping::PruneArgs;
use crate::db::connection::Db;
use crate::db::open::{Access, Opened, open_existing};
use crate::db::status;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::ops::prune::{LongPast, Rows, database, pause};
use crate::report::progress::hut_bar;
use crate::runtime::console::print;
use crate::terminal::data::to_json;
use crate::text::format::Printout;
use crate::text::humanize::pluralize;

/// The report: what was deleted, or would be.
#[derive(Serialize)]
struct Report {
    database: String,
    keep_days: u32,
    /// Dates before this one are deleted.
    before: NaiveDate,
    dry_run: bool,
    interrupted: bool,
    #[serde(flatten)]
    rows: Rows,
    /// Size of the database on disk.
    size_bytes_before: i64,
    size_bytes_after: i64,
    /// Free space inside the file, which new rows fill before the file grows; none for PostgreSQL.
    reusable_bytes: Option<i64>,
}

/// Deletes what is older than the limit, until done or until a signal arrives.
pub fn run(
    args: &PruneArgs,
    url: &DatabaseUrl,
    bars: &MultiProgress,
    stop: &watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let consequence = "nights that are still to come would be deleted";
    clock::refuse_future(config::clock(&args.day), args.allow_future || args.dry_run, consequence)?;
    let access = if args.dry_run { Access::ReadOnly } else { Access::ReadWrite };
    let Opened { mut db, file } = open_existing(url, access)?;
    let today = config::clock(&args.day).today(args.day.timezone);
    let past = LongPast::new(today, args.keep_days, args.day.timezone);
    let size_bytes_before = status::size_bytes(&mut db)?;
    let huts = database::huts(&mut db)?;
    let mut work = Work {
        past,
        stop,
        bar: hut_bar(bars, huts.len() as u64),
        rows: Rows::default(),
        longest_step: Duration::ZERO,
    };
    let done = if args.dry_run { work.count(&mut db, &huts) } else { work.delete(&mut db, &huts) };
    work.bar.finish_and_clear();
    let Work { rows, longest_step, .. } = work;
    done.with_context(|| match access {
        Access::ReadOnly => format!("cannot read {url}"),
        Access::ReadWrite => format!(
            "cannot continue in {url} after deleting {}; the next `prune` continues",
            describe(rows)
        ),
    })?;
    let stopped_by = *stop.borrow();
    if args.vacuum && stopped_by.is_none() {
        database::vacuum(&mut db)
            .with_context(|| format!("deleted {}, but VACUUM failed", describe(rows)))?;
    }
    file.ensure_in_place()?;
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
    print(&report, args.output)?;
    Ok(stopped_by.map_or(ExitStatus::Done, ExitStatus::Stopped))
}

/// The state of a prune: it visits all huts, then the run log.
struct Work<'a> {
    past: LongPast,
    stop: &'a watch::Receiver<Option<Signal>>,
    bar: ProgressBar,
    rows: Rows,
    /// The longest time for which other writers may have had to wait.
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
        self.rows += database::count_watches(db, self.past)?;
        self.rows += database::count_runs(db, self.past)?;
        Ok(())
    }

    fn delete(&mut self, db: &mut Db, huts: &[i32]) -> QueryResult<()> {
        for hut_id in huts {
            self.delete_in_steps(|past| database::step_of_hut(db, *hut_id, past))?;
            self.bar.inc(1);
        }
        if !self.is_stopped() {
            self.rows += database::remove_watches(db, self.past)?;
        }
        self.delete_in_steps(|past| database::step_of_runs(db, past))
    }

    /// Repeats the step until it deletes nothing, or a signal arrives.
    fn delete_in_steps(
        &mut self,
        mut step: impl FnMut(LongPast) -> QueryResult<Rows>,
    ) -> QueryResult<()> {
        while !self.is_stopped() {
            let begin = Instant::now();
            let deleted = step(self.past)?;
            if deleted == Rows::default() {
                break;
            }
            self.rows += deleted;
            self.longest_step = self.longest_step.max(begin.elapsed());
            std::thread::sleep(pause(begin.elapsed()));
        }
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        self.stop.borrow().is_some()
    }
}

fn describe(Rows { dates, entries, runs, watches }: Rows) -> String {
    let count = |count: u64, noun| pluralize(usize::try_from(count).unwrap_or(usize::MAX), noun);
    let (dates, entries) = (count(dates, "date"), count(entries, "history entry"));
    let runs = count(runs, "run");
    match watches {
        0 => format!("{dates} with {entries} and {runs}"),
        watches => format!("{dates} with {entries}, {runs} and {}", count(watches, "ended watch")),
    }
}

fn text(report: &Report) -> String {
    let Report { before, size_bytes_before, size_bytes_after, .. } = report;
    let rows = describe(report.rows);
    let bytes = |bytes: i64| HumanBytes(bytes.unsigned_abs());
    let (size, before_size) = (bytes(*size_bytes_after), bytes(*size_bytes_before));
    if report.dry_run {
        return format!(
            "would delete {rows}, all before {before}; nothing was written\ndatabase size: {size}\n"
        );
    }
    let space = match report.reusable_bytes {
        Some(free) => format!("{} of it are free for new rows", bytes(free)),
        None => "PostgreSQL reuses the space of deleted rows after its next autovacuum".into(),
    };
    let stopped = if report.interrupted { "; stopped, the next `prune` continues" } else { "" };
    format!(
        "deleted {rows}, all before {before}{stopped}\ndatabase size: {size} (before: {before_size}); {space}\n"
    )
}

impl Printout for Report {
    fn text(&self) -> String {
        text(self)
    }

    fn json(&self) -> String {
        to_json(self)
    }
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
            rows: Rows { dates: 12_000, entries: 99_000, runs: 17_520, watches: 0 },
            size_bytes_before: 50 << 20,
            size_bytes_after: 50 << 20,
            reusable_bytes: Some(9 << 20),
        }
    }

    #[test]
    fn the_text_report_has_deleted_rows_and_database_size() {
        insta::assert_snapshot!(text(&report()), @r"
        deleted 12000 dates with 99000 history entries and 17520 runs, all before 2024-11-22
        database size: 50.00 MiB (before: 50.00 MiB); 9.00 MiB of it are free for new rows
        ");
        let stopped = Report { interrupted: true, reusable_bytes: None, ..report() };
        insta::assert_snapshot!(text(&stopped), @r"
        deleted 12000 dates with 99000 history entries and 17520 runs, all before 2024-11-22; stopped, the next `prune` continues
        database size: 50.00 MiB (before: 50.00 MiB); PostgreSQL reuses the space of deleted rows after its next autovacuum
        ");
        insta::assert_snapshot!(text(&Report { dry_run: true, ..report() }), @r"
        would delete 12000 dates with 99000 history entries and 17520 runs, all before 2024-11-22; nothing was written
        database size: 50.00 MiB
        ");
    }

    #[test]
    fn the_json_report_is_one_object() {
        insta::assert_snapshot!(to_json(&report()), @r#"{"database":"sqlite://huts.db","keep_days":730,"before":"2024-11-22","dry_run":false,"interrupted":false,"dates":12000,"entries":99000,"runs":17520,"watches":0,"size_bytes_before":52428800,"size_bytes_after":52428800,"reusable_bytes":9437184}"#);
    }
}
