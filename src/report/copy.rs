//! Reports a copy: its progress on stderr, its result on stdout.

use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::domain::database_url::DatabaseUrl;
use crate::ops::copy::{Copied, CopyEvent, End, Phase};
use crate::runtime::console::{self, say};
use crate::text::format::{LogFormat, Printout};
use crate::text::humanize::pluralize;

/// Differences that the text report lists.
const DIFFERENCES_SHOWN: usize = 20;

/// Shows the progress of a copy: a bar on a terminal, lines elsewhere.
pub struct Progress {
    bars: Option<MultiProgress>,
    quiet: bool,
    bar: ProgressBar,
    phase: Phase,
    done: usize,
    huts: usize,
}

impl Progress {
    #[must_use]
    pub fn new(bars: &MultiProgress, no_progress: bool, quiet: bool) -> Self {
        let is_text = console::log_format() == LogFormat::Text;
        let is_drawn = is_text && !quiet && !no_progress && stderr().is_terminal();
        Self {
            bars: is_drawn.then(|| bars.clone()),
            quiet,
            bar: ProgressBar::hidden(),
            phase: Phase::Comparing,
            done: 0,
            huts: 0,
        }
    }

    /// Handles one event.
    pub fn on_event(&mut self, event: CopyEvent<'_>) {
        match event {
            CopyEvent::Began { phase, huts } => self.begin(phase, huts),
            CopyEvent::Done { hut, rows } => {
                self.done += 1;
                self.bar.inc(1);
                if self.phase == Phase::Copying && self.has_lines() {
                    let rows = pluralize(rows, "row");
                    say(&format!("[{}/{}] {hut}: {rows}", self.done, self.huts));
                }
            }
        }
    }

    fn begin(&mut self, phase: Phase, huts: usize) {
        (self.phase, self.huts, self.done) = (phase, huts, 0);
        if let Some(bars) = &self.bars {
            self.bar.finish_and_clear();
            let template =
                "{msg:10} {wide_bar} {pos:>5}/{len} huts  {elapsed} elapsed, {eta} remaining";
            let style = ProgressStyle::with_template(template).expect("a valid constant");
            self.bar = bars.add(ProgressBar::new(huts as u64).with_style(style));
            self.bar.set_message(phase.to_string());
            self.bar.enable_steady_tick(std::time::Duration::from_millis(500));
        } else if self.has_lines() {
            say(&format!("{phase} {}", pluralize(huts, "hut")));
        }
    }

    fn has_lines(&self) -> bool {
        self.bars.is_none() && !self.quiet
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Formats a copy for people.
fn text(from: &DatabaseUrl, to: &DatabaseUrl, copied: &Copied) -> String {
    let huts = format!("{} of {} copied", copied.copied, pluralize(copied.huts, "hut"));
    match &copied.end {
        End::Same(rows) => {
            let rows: String =
                rows.iter().map(|(table, rows)| format!("  {table:<22} {rows:>9}\n")).collect();
            format!("{huts}; every row of {from} is in {to}:\n{rows}")
        }
        End::Stopped => format!("{huts}, then stopped; run the same command again to continue\n"),
        End::Differs(differences) => {
            let mut lines = String::new();
            for difference in differences.iter().take(DIFFERENCES_SHOWN) {
                lines += &format!("  {difference}\n");
            }
            if differences.len() > DIFFERENCES_SHOWN {
                lines += &format!("  and {} more\n", differences.len() - DIFFERENCES_SHOWN);
            }
            format!(
                "{huts}; {to} differs, because another program writes to it. Stop that program, and copy to an empty database:\n{lines}"
            )
        }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    from: String,
    to: String,
    interrupted: bool,
    huts: Huts,
    /// Number of equal rows per table; none before the comparison.
    rows: Option<&'a BTreeMap<&'static str, usize>>,
    differences: &'a [String],
}

#[derive(Serialize)]
struct Huts {
    all: usize,
    copied: usize,
}

/// The result of a copy from one database to another.
pub struct CopyReport<'a> {
    pub from: &'a DatabaseUrl,
    pub to: &'a DatabaseUrl,
    pub copied: &'a Copied,
}

impl Printout for CopyReport<'_> {
    fn text(&self) -> String {
        text(self.from, self.to, self.copied)
    }

    fn json(&self) -> String {
        json(self.from, self.to, self.copied)
    }
}

/// Formats a copy as one line of JSON.
fn json(from: &DatabaseUrl, to: &DatabaseUrl, copied: &Copied) -> String {
    let (rows, differences) = match &copied.end {
        End::Same(rows) => (Some(rows), &[][..]),
        End::Stopped => (None, &[][..]),
        End::Differs(differences) => (None, &differences[..]),
    };
    let report = Report {
        from: from.to_string(),
        to: to.to_string(),
        interrupted: copied.end == End::Stopped,
        huts: Huts { all: copied.huts, copied: copied.copied },
        rows,
        differences,
    };
    let json = serde_json::to_string(&report).expect("plain values have JSON");
    format!("{json}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(end: End) -> (String, String) {
        let copied = Copied { huts: 24, copied: 12, end };
        let from = "huts.db".parse().unwrap();
        let to = "postgres://me:hunter2@db/huts".parse().unwrap();
        (text(&from, &to, &copied), json(&from, &to, &copied))
    }

    #[test]
    fn a_complete_copy_lists_the_rows_of_each_table() {
        let (text, json) = reports(End::Same([("availability", 8760), ("hut", 24)].into()));
        insta::assert_snapshot!(text, @r"
        12 of 24 huts copied; every row of sqlite://huts.db is in postgres://db/huts:
          availability                8760
          hut                           24
        ");
        insta::assert_snapshot!(json, @r#"{"from":"sqlite://huts.db","to":"postgres://db/huts","interrupted":false,"huts":{"all":24,"copied":12},"rows":{"availability":8760,"hut":24},"differences":[]}"#);
    }

    #[test]
    fn a_stopped_copy_says_how_to_continue() {
        let (text, json) = reports(End::Stopped);
        insta::assert_snapshot!(text, @"12 of 24 huts copied, then stopped; run the same command again to continue");
        insta::assert_snapshot!(json, @r#"{"from":"sqlite://huts.db","to":"postgres://db/huts","interrupted":true,"huts":{"all":24,"copied":12},"rows":null,"differences":[]}"#);
    }

    #[test]
    fn a_copy_that_differs_lists_the_differences() {
        let (text, json) = reports(End::Differs(vec!["hut \"watzmannhaus\"".into()]));
        insta::assert_snapshot!(text, @r#"
        12 of 24 huts copied; postgres://db/huts differs, because another program writes to it. Stop that program, and copy to an empty database:
          hut "watzmannhaus"
        "#);
        insta::assert_snapshot!(json, @r#"{"from":"sqlite://huts.db","to":"postgres://db/huts","interrupted":false,"huts":{"all":24,"copied":12},"rows":null,"differences":["hut \"watzmannhaus\""]}"#);
    }
}
