//! What is told of a run: while it goes on, on stderr; at its end, on stdout.

pub mod console;
pub mod discovery;
pub mod json;
pub mod lines;
pub mod progress;
#[cfg(test)]
mod sample;
pub mod text;

use std::io::{self, ErrorKind, IsTerminal, Write};

use indicatif::MultiProgress;

use crate::cli::Output;
use crate::event::{Failure, Reporter, RunResult};
use crate::words::counted;

/// Who follows the run: a bar on a terminal, lines elsewhere or where they are wished for; when
/// `quiet`, only of huts that failed.
#[must_use]
pub fn reporter(bars: &MultiProgress, no_progress: bool, quiet: bool) -> Box<dyn Reporter> {
    if quiet || no_progress || !io::stderr().is_terminal() {
        Box::new(lines::Lines::new(quiet))
    } else {
        Box::new(progress::Progress::new(bars.clone()))
    }
}

/// Prints the report on stdout. A reader who has seen enough (`| head`) is no error.
pub fn print(run: &RunResult, output: Output) -> io::Result<()> {
    let text = match output {
        Output::Text => text::format(run),
        Output::Json => json::format(run),
    };
    print_text(&text)
}

/// Prints on stdout.
pub fn print_text(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Says a line on stderr. One that cannot be written (a full disk, a reader that is gone) does not
/// end the run.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A line for a site that was left: so many of its huts were skipped, and why.
fn left(organization: &str, skipped: usize, why: &Failure) -> String {
    format!("{organization}: {} skipped: {why}", counted(skipped, "hut"))
}
