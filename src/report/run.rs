//! Reports a run: its progress on stderr, its result on stdout.

use std::io::{self, IsTerminal};

use indicatif::MultiProgress;

use super::{json, lines, log, progress, text, timings};
use crate::domain::run::RunResult;
use crate::runtime::console::{self, print_text};
use crate::text::format::{Format, LogFormat, Printout};
use crate::update::event::Reporter;

/// Chooses the reporter: the JSON log if that is the log format, bars on a terminal, lines elsewhere or with
/// `no_progress`. With `quiet`, only failed huts have a line.
#[must_use]
pub fn reporter(bars: &MultiProgress, no_progress: bool, quiet: bool) -> Box<dyn Reporter> {
    if console::log_format() == LogFormat::Json {
        Box::new(log::Log::default())
    } else if quiet || no_progress || !io::stderr().is_terminal() {
        Box::new(lines::Lines::new(quiet))
    } else {
        Box::new(progress::Progress::new(bars.clone()))
    }
}

/// Prints a run as one line of text to stdout, or as JSON.
pub fn print_line(run: &RunResult, format: Format) -> io::Result<()> {
    match format {
        Format::Json => print(run, format),
        _ => print_text(&text::line(run)),
    }
}

/// Prints the report to stdout.
pub fn print(run: &RunResult, format: Format) -> io::Result<()> {
    console::print(run, format)
}

impl Printout for RunResult {
    fn text(&self) -> String {
        text::format(self) + &timings::text(self)
    }

    fn json(&self) -> String {
        json::format(self)
    }
}
