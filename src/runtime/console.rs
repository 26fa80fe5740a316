//! Prints to stdout, and to stderr without breaking a progress bar.

use std::io::{self, Write};
use std::sync::OnceLock;

use indicatif::MultiProgress;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::text::format::LogFormat;

/// Global, like the `tracing` subscriber that it configures.
static LOG_FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// The format of everything on stderr.
#[must_use]
pub fn log_format() -> LogFormat {
    LOG_FORMAT.get().copied().unwrap_or(LogFormat::Text)
}

/// Sets up logging, and returns the handle with which progress bars are drawn.
#[must_use]
pub fn init(verbose: bool, quiet: bool, format: LogFormat) -> MultiProgress {
    let bars = MultiProgress::new();
    let level = match (verbose, quiet, format) {
        (true, ..) => LevelFilter::DEBUG,
        (_, true, _) => LevelFilter::ERROR,
        (.., LogFormat::Text) => LevelFilter::WARN,
        // In text, these messages are printed as plain lines instead.
        (.., LogFormat::Json) => LevelFilter::INFO,
    };
    let messages = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_target(false)
        .log_internal_errors(false)
        .with_writer(Console(bars.clone()));
    let _ = LOG_FORMAT.set(format);
    match format {
        LogFormat::Text => {
            let is_terminal = io::IsTerminal::is_terminal(&io::stderr());
            set_subscriber(messages.without_time().with_ansi(is_terminal).finish());
        }
        LogFormat::Json => {
            let json = messages.json().flatten_event(true);
            set_subscriber(json.with_current_span(false).with_span_list(false).finish());
            std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
        }
    }
    bars
}

fn set_subscriber(subscriber: impl Subscriber + Send + Sync) {
    // An error means that an earlier call in this process has set a subscriber already.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Prints to stdout. It is an error if the reader has closed the pipe before the end, because a part of the output
/// must not pass for all of it.
pub fn print_text(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let printed = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    printed
        .map_err(|error| io::Error::new(error.kind(), format!("cannot write to stdout: {error}")))
}

/// Prints a line to stderr. A line that cannot be written (full disk, closed pipe) does not end the run. With
/// the JSON log format, the line becomes a log message.
pub fn say(line: &str) {
    match log_format() {
        LogFormat::Text => write_line(line),
        LogFormat::Json => tracing::info!("{line}"),
    }
}

/// Prints a line about a failure to stderr. `--quiet` does not suppress it.
pub fn say_failure(line: &str) {
    match log_format() {
        LogFormat::Text => write_line(line),
        LogFormat::Json => tracing::error!("{line}"),
    }
}

fn write_line(line: &str) {
    // One write call, because other threads may write at the same time, and the program may exit.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Writes to stderr while the progress bars are hidden.
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
