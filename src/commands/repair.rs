//! `hut-availability repair`: mends what `verify` finds, wherever there is one right way.

use anyhow::Context;
use chrono::SecondsFormat;
use indicatif::MultiProgress;
use serde::Serialize;

use crate::cli::keeping::RepairArgs;
use crate::db::open::{Access, Opened, open_existing};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::ops::repair::Repaired;
use crate::ops::repair::database::{huts, mend_hut, mend_runs, now, plan_hut};
use crate::ops::verify::Violation;
use crate::ops::verify::database::{VerifyEvent, verify};
use crate::report::progress::hut_bar;
use crate::runtime::console::{print, say};
use crate::terminal::data::to_json;
use crate::text::format::{Format, Printout};
use crate::text::humanize::pluralize;
use crate::text::visible::visible;

/// Maximum number of violations in the report.
const MAX_SHOWN: usize = 100;

/// The report.
#[derive(Serialize)]
struct Report {
    database: String,
    dry_run: bool,
    #[serde(flatten)]
    repaired: Repaired,
    /// Huts whose rows cannot be read, so that nothing of them was mended.
    unreadable_huts: u64,
    /// Rules that are violated after the repair; in a dry run, before it.
    violations_left: u64,
    /// The first [`MAX_SHOWN`] of them.
    violations: Vec<Violation>,
}

/// Mends the stored data, and verifies what is left.
pub fn run(
    url: &DatabaseUrl,
    args: &RepairArgs,
    bars: &MultiProgress,
) -> anyhow::Result<ExitStatus> {
    let access = if args.dry_run { Access::ReadOnly } else { Access::ReadWrite };
    let Opened { mut db, file } = open_existing(url, access)?;
    let now = now(&mut db).context("cannot read the clock of the database")?;
    if !args.dry_run && args.output == Format::Text {
        let time = now.to_rfc3339_opts(SecondsFormat::Secs, true);
        say(&format!(
            "it is {time} by the database's clock: later instants are mended; a backup is the only way back (see \
             docs/backup.md), and --dry-run shows what would be mended"
        ));
    }
    let huts = huts(&mut db).with_context(|| format!("cannot read {url}"))?;
    let bar = hut_bar(bars, huts.len() as u64);
    let mut report = Report {
        database: url.to_string(),
        dry_run: args.dry_run,
        repaired: Repaired::default(),
        unreadable_huts: 0,
        violations_left: 0,
        violations: Vec::new(),
    };
    for hut_id in huts {
        let mended = match args.dry_run {
            true => plan_hut(&mut db, hut_id, now).map(|plan| plan.repaired),
            false => mend_hut(&mut db, hut_id, now),
        };
        match mended {
            Ok(repaired) => report.repaired += repaired,
            // A value of a wrong form. `verify` names it.
            Err(diesel::result::Error::DeserializationError(_)) => report.unreadable_huts += 1,
            Err(error) => {
                return Err(error).context(format!("cannot mend the hut with the ID {hut_id}"));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    report.repaired.run_times =
        mend_runs(&mut db, now, args.dry_run).context("cannot mend the log of runs")?;
    verify(&mut db, &mut |event| {
        if let VerifyEvent::Violation(violation) = event {
            report.violations_left += 1;
            if report.violations.len() < MAX_SHOWN {
                report.violations.push(violation);
            }
        }
    })
    .with_context(|| format!("cannot read all data of {url}"))?;
    file.ensure_in_place()?;
    print(&report, args.output)?;
    let is_whole = report.violations_left == 0;
    Ok(if is_whole { ExitStatus::Done } else { ExitStatus::SomeFailed })
}

impl Printout for Report {
    fn text(&self) -> String {
        let Repaired { huts, .. } = self.repaired;
        let count =
            |count: u64, noun| pluralize(usize::try_from(count).unwrap_or(usize::MAX), noun);
        let mut lines = vec![match (huts, self.dry_run) {
            (0, _) if self.repaired.run_times == 0 => "nothing to mend".to_owned(),
            (huts, true) => format!("{} would be mended; nothing was written", count(huts, "hut")),
            (huts, false) => format!("{} mended", count(huts, "hut")),
        }];
        let Repaired {
            future_instants, listed_dates, withdrawn_dates, summaries, run_times, ..
        } = self.repaired;
        for (number, noun, what) in [
            (
                future_instants,
                "instant",
                "in the future: set to the time of this repair, in their order",
            ),
            (
                listed_dates,
                "date",
                "marked as listed, but not asked for by the last check: no longer listed",
            ),
            (withdrawn_dates, "date", "with a wrong mark as withdrawn: corrected"),
            (summaries, "summary", "of a last check: removed, the next check computes it"),
            (run_times, "time", "of runs and requests in the future: set to now or removed"),
        ] {
            if number > 0 {
                lines.push(format!("  {} {what}", count(number, noun)));
            }
        }
        if self.unreadable_huts > 0 {
            lines.push(format!(
                "{} cannot be read, and stay as they are",
                count(self.unreadable_huts, "hut")
            ));
        }
        if self.violations_left > 0 {
            let left = count(self.violations_left, "violation");
            lines.push(match self.dry_run {
                true => format!(
                    "{left} found now; `repair` without --dry-run says which ones it cannot mend:"
                ),
                false => format!("{left} left, which have no single right way to be mended:"),
            });
            let violation =
                |violation: &Violation| format!("  {}", visible(&violation.to_string()));
            lines.extend(self.violations.iter().map(violation));
        } else if !self.dry_run {
            lines.push("every rule holds".into());
        }
        lines.join("\n") + "\n"
    }

    fn json(&self) -> String {
        to_json(self)
    }
}
