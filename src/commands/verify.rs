//! `hut-availability verify`

use std::io;

use indicatif::{MultiProgress, ProgressBar};
use serde::Serialize;

use crate::cli::keeping::VerifyArgs;
use crate::db::open::{Access, open_existing};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::exit_status::ExitStatus;
use crate::ops::verify::database::{VerifyEvent, verify};
use crate::ops::verify::{Counts, Violation};
use crate::report::progress::of_huts;
use crate::runtime::console::print_text;
use crate::terminal::data::to_json;
use crate::text::format::Output;
use crate::text::humanize::pluralize;
use crate::text::visible::visible;

/// Violations that a report in JSON holds: where there are more, one cause has many.
const MAX_IN_JSON: usize = 1000;

/// What was found, for programs.
#[derive(Serialize)]
struct Report {
    database: String,
    #[serde(flatten)]
    counts: Counts,
    violations_found: u64,
    /// The first of them.
    violations: Vec<Violation>,
}

/// Holds what is stored against the rules, and prints each violation as it is found.
pub fn run(
    url: &DatabaseUrl,
    args: &VerifyArgs,
    bars: &MultiProgress,
) -> anyhow::Result<ExitStatus> {
    let mut db = open_existing(url, Access::ReadOnly)?;
    let mut bar = ProgressBar::hidden();
    let mut report = Report {
        database: url.to_string(),
        counts: Counts::default(),
        violations_found: 0,
        violations: Vec::new(),
    };
    let mut printed: io::Result<()> = Ok(());
    let verified = verify(&mut db, &mut |told| match told {
        VerifyEvent::Huts(huts) => bar = of_huts(bars, huts),
        VerifyEvent::Hut => bar.inc(1),
        VerifyEvent::Violation(violation) => {
            report.violations_found += 1;
            match args.output {
                Output::Text if printed.is_ok() => {
                    let line = format!("{}\n", visible(&violation.to_string()));
                    printed = bars.suspend(|| print_text(&line));
                }
                Output::Json if report.violations.len() < MAX_IN_JSON => {
                    report.violations.push(violation);
                }
                Output::Text | Output::Json => {}
            }
        }
    });
    bar.finish_and_clear();
    // What was found until something could not be read is told all the same.
    let failed = match verified {
        Ok(counts) => {
            report.counts = counts;
            None
        }
        Err(error) => Some(anyhow::Error::new(error).context(format!("cannot read all of {url}"))),
    };
    printed?;
    match args.output {
        Output::Text if failed.is_some() => {}
        Output::Text => print_text(&summary(&report))?,
        Output::Json => print_text(&to_json(&report))?,
    }
    match failed {
        Some(error) => Err(error),
        None if report.violations_found == 0 => Ok(ExitStatus::Done),
        None => Ok(ExitStatus::SomeFailed),
    }
}

fn summary(Report { counts, violations_found, .. }: &Report) -> String {
    let Counts { huts, dates, entries, runs } = counts;
    let found = match violations_found {
        0 => "every rule holds".to_owned(),
        1 => "1 violation".to_owned(),
        more => format!("{more} violations"),
    };
    let huts = pluralize(usize::try_from(*huts).unwrap_or(usize::MAX), "hut");
    format!("{huts}, {dates} dates, {entries} entries of their history, {runs} runs: {found}\n")
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
    fn people_get_a_line_for_each_and_a_summary() {
        insta::assert_snapshot!(violation(), @"watzmannhaus (7), 2026-07-01: equal_neighbours: the entries from … are equal");
        insta::assert_snapshot!(summary(&report(vec![violation()])), @"2 huts, 730 dates, 1204 entries of their history, 12 runs: 1 violation");
        insta::assert_snapshot!(summary(&report(Vec::new())), @"2 huts, 730 dates, 1204 entries of their history, 12 runs: every rule holds");
    }

    #[test]
    fn programs_get_one_object() {
        insta::assert_snapshot!(to_json(&report(vec![violation()])), @r#"{"database":"sqlite://huts.db","huts":2,"dates":730,"entries":1204,"runs":12,"violations_found":1,"violations":[{"rule":"equal_neighbours","hut":"watzmannhaus","hut_id":7,"date":"2026-07-01","what":"the entries from … are equal"}]}"#);
    }
}
