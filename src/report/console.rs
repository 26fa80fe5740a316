//! Messages on stderr, which do not tear a progress bar that is drawn there.

use std::io::{self, Write};

use indicatif::MultiProgress;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::cli::CommonArgs;

/// Sets up the messages of the program, and returns what bars are drawn with.
#[must_use]
pub fn init(common: &CommonArgs) -> MultiProgress {
    let bars = MultiProgress::new();
    let level = match (common.verbose, common.quiet) {
        (true, _) => LevelFilter::DEBUG,
        (_, true) => LevelFilter::ERROR,
        _ => LevelFilter::WARN,
    };
    // An error means that a subscriber is set already, as by an earlier call in one process.
    let _ = tracing::subscriber::set_global_default(
        tracing_subscriber::fmt()
            .with_max_level(level)
            .with_target(false)
            .without_time()
            .log_internal_errors(false)
            .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
            .with_writer(Console(bars.clone()))
            .finish(),
    );
    bars
}

/// Writes to stderr while the bars are out of the way.
struct Console(MultiProgress);

impl<'a> MakeWriter<'a> for Console {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(&self.0)
    }
}

struct Line<'a>(&'a MultiProgress);

impl Write for Line<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stderr().write(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
