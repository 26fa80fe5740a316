//! What is told of a run: while it goes on, on stderr; at its end, on stdout.

use std::io::{self, IsTerminal};

use indicatif::MultiProgress;

use super::{json, lines, log, progress, text, timings};
use crate::domain::run::RunResult;
use crate::runtime::console::{self, print_text};
use crate::text::format::{LogFormat, Output};
use crate::update::event::Reporter;

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
