//! `hut-availability verify`: checks the stored data against the rules.

use std::io;

use indicatif::{MultiProgress, ProgressBar};
use serde::Serialize;

use crate::cli::keeping::VerifyArgs;
use crate::db::open::{Access, Opened, open_existing};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::ops::verify::database::{VerifyEvent, verify};
use crate::ops::verify::{Counts, Violation};
use crate::report::progress::hut_bar;
use crate::runtime::console::{print, print_text};
use crate::terminal::data::to_json;
use crate::text::format::{Format, Printout};
use crate::text::humanize::pluralize;
use crate::text::visible::visible;

/// Maximum number of violations in a JSON report. If there are more, they usually share one cause.
const MAX_IN_JSON: usize = 1000;

/// The JSON report.
#[derive(Serialize)]
struct Report {
    database: String,
    #[serde(flatten)]
    counts: Counts,
    violations_found: u64,
    /// The first [`MAX_IN_JSON`] violations.
    violations: Vec<Violation>,
}

/// Checks the stored data against the rules, and prints each violation as it is found.
pub fn run(
    url: &DatabaseUrl,
    args: &VerifyArgs,
    bars: &MultiProgress,
) -> anyhow::Result<ExitStatus> {
    let Opened { mut db, .. } = open_existing(url, Access::ReadOnly)?;
    let mut bar = ProgressBar::hidden();
    let mut report = Report {
        database: url.to_string(),
        counts: Counts::default(),
        violations_found: 0,
        violations: Vec::new(),
    };
    let mut printed: io::Result<()> = Ok(());
    let verified = verify(&mut db, &mut |event| match event {
        VerifyEvent::Huts(huts) => bar = hut_bar(bars, huts),
        VerifyEvent::Hut => bar.inc(1),
        VerifyEvent::Violation(violation) => {
            report.violations_found += 1;
            match args.output {
                Format::Text if printed.is_ok() => {
                    let line = format!("{}\n", visible(&violation.to_string()));
                    printed = bars.suspend(|| print_text(&line));
                }
                Format::Json if report.violations.len() < MAX_IN_JSON => {
                    report.violations.push(violation);
                }
                _ => {}
            }
        }
    });
    bar.finish_and_clear();
    // If reading fails midway, the violations found until then are still reported.
    let failed = match verified {
        Ok(counts) => {
            report.counts = counts;
            None
        }
        Err(error) => {
            Some(anyhow::Error::new(error).context(format!("cannot read all data of {url}")))
        }
    };
    printed?;
    if failed.is_none() || args.output == Format::Json {
        print(&report, args.output)?;
    }
    match failed {
        Some(error) => Err(error),
        None if report.violations_found == 0 => Ok(ExitStatus::Done),
        None => Ok(ExitStatus::SomeFailed),
    }
}

fn summary(Report { counts, violations_found, .. }: &Report) -> String {
    let Counts { huts, dates, entries, runs } = counts;
    let count = |count: &u64, noun| pluralize(usize::try_from(*count).unwrap_or(usize::MAX), noun);
    let found = match violations_found {
        0 => "every rule holds".to_owned(),
        found => count(found, "violation"),
    };
    let (huts, dates) = (count(huts, "hut"), count(dates, "date"));
    let (entries, runs) = (count(entries, "history entry"), count(runs, "run"));
    format!("{huts}, {dates}, {entries}, {runs}: {found}\n")
}

impl Printout for Report {
    fn text(&self) -> String {
        summary(self)
    }

    fn json(&self) -> String {
        to_json(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::verify::Rule;

    fn report(violations: Vec<Violation>) -> Report {
        Report {
            database: "sqlite://huts.db".into(),
            counts: Counts { huts: 2, dates: 730, entries: 1204, runs: 12 },
            violations_found: violations.len() as u64,
            violations,
        }
    }

    fn violation() -> Violation {
        Violation {
            rule: Rule::EqualNeighbours,
            hut: Some("watzmannhaus".into()),
            hut_id: Some(7),
            date: Some("2026-07-01".into()),
            what: "the entries from … are equal".into(),
        }
    }

    #[test]
    fn the_text_report_has_a_line_per_violation_and_a_summary() {
        insta::assert_snapshot!(violation(), @"watzmannhaus (7), 2026-07-01: equal_neighbours: the entries from … are equal");
        insta::assert_snapshot!(summary(&report(vec![violation()])), @"2 huts, 730 dates, 1204 history entries, 12 runs: 1 violation");
        insta::assert_snapshot!(summary(&report(Vec::new())), @"2 huts, 730 dates, 1204 history entries, 12 runs: every rule holds");
    }

    #[test]
    fn the_json_report_is_one_object() {
        insta::assert_snapshot!(to_json(&report(vec![violation()])), @r#"{"database":"sqlite://huts.db","huts":2,"dates":730,"entries":1204,"runs":12,"violations_found":1,"violations":[{"rule":"equal_neighbours","hut":"watzmannhaus","hut_id":7,"date":"2026-07-01","what":"the entries from … are equal"}]}"#);
    }
}
