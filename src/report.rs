//! What is told of a run: while it goes on, on stderr; at its end, on stdout.

pub mod copy;
pub mod discovery;
pub mod json;
pub mod lines;
pub mod log;
pub mod progress;
#[cfg(test)]
pub(crate) mod sample;
pub mod text;
pub mod timings;

use std::io::{self, IsTerminal};

use indicatif::MultiProgress;

use crate::console::{self, print_text};
use crate::event::RunResult;
use crate::failure::Failure;
use crate::format::{LogFormat, Output};
use crate::mass_change::MassChange;
use crate::update::event::Reporter;
use crate::words::counted;

/// Who follows the run: a bar on a terminal, lines elsewhere or where they are wished for; when
/// `quiet`, only of huts that failed. Where the log is JSON, everything is in the log.
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

/// Prints the report on stdout. A reader who has seen enough (`| head`) is no error.
pub fn print(run: &RunResult, output: Output) -> io::Result<()> {
    let text = match output {
        Output::Text => text::format(run) + &timings::text(run),
        Output::Json => json::format(run),
    };
    print_text(&text)
}

/// A line for a site of whose huts most of what was known has changed at once.
fn mass_change(organization: &str, MassChange { huts, share }: &MassChange) -> String {
    let (huts, percent) = (counted(*huts, "hut"), (share * 100.0).floor());
    format!("{organization}: mass change: {percent} % at once, at {huts}; look whether it is true")
}

/// A line for a site that was left: so many of its huts were skipped, and why.
fn left(organization: &str, skipped: usize, why: &Failure) -> String {
    format!("{organization}: {} skipped: {why}", counted(skipped, "hut"))
}
