//! Prints to stdout, and to stderr without breaking a progress bar.

use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::OnceLock;

use indicatif::MultiProgress;
use rustix::termios::tcgetwinsize;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::text::fold::fold;
use crate::text::format::{Format, LogFormat, Printout};
use crate::text::visible::visible_lines;

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
        .with_writer(Console { bars: bars.clone(), format });
    let _ = LOG_FORMAT.set(format);
    match format {
        LogFormat::Text => {
            let is_terminal = io::stderr().is_terminal();
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

/// Characters in a line, if the output is a terminal.
#[must_use]
pub fn width_of(output: &(impl AsFd + IsTerminal)) -> Option<u16> {
    if !output.is_terminal() {
        return None;
    }
    // Some terminals do not know the number of their rows, so that crates that need both say nothing.
    tcgetwinsize(output).ok().map(|size| size.ws_col).filter(|width| *width > 0)
}

/// Prints text for people to stdout. Lines that are longer than those of the terminal are folded.
pub fn print_text(text: &str) -> io::Result<()> {
    print_raw(&fitted(text, width_of(&io::stdout())))
}

/// Prints the output of a command to stdout. A program gets everything unchanged. On a terminal, text is folded, and
/// the control characters of CSV are made visible.
pub fn print(output: &impl Printout, format: Format) -> io::Result<()> {
    let text = output.in_format(format);
    match format {
        Format::Text | Format::Table => print_text(&text),
        Format::Csv if io::stdout().is_terminal() => print_raw(&visible_lines(&text)),
        Format::Csv | Format::Json => print_raw(&text),
    }
}

fn fitted(text: &str, width: Option<u16>) -> String {
    width.map_or_else(|| text.to_owned(), |width| fold(text, width))
}

/// A message as it is printed to stderr: folded on a terminal.
#[must_use]
pub fn fitted_to_stderr(text: &str) -> String {
    fitted(text, width_of(&io::stderr()))
}

/// Prints to stdout, unchanged. It is an error if the reader has closed the pipe before the end, because a part of the
/// output must not pass for all of it.
pub fn print_raw(text: &str) -> io::Result<()> {
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
    let line = fitted_to_stderr(line);
    // One write call, because other threads may write at the same time, and the program may exit.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Writes to stderr while the progress bars are hidden.
struct Console {
    bars: MultiProgress,
    format: LogFormat,
}

impl<'a> MakeWriter<'a> for Console {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(self)
    }
}

struct Line<'a>(&'a Console);

impl Write for Line<'_> {
    /// Each call has a whole message.
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let Console { bars, format } = self.0;
        let text = match (format, std::str::from_utf8(buffer)) {
            (LogFormat::Text, Ok(text)) => fitted_to_stderr(text),
            _ => return bars.suspend(|| io::stderr().write(buffer)),
        };
        bars.suspend(|| io::stderr().write_all(text.as_bytes())).map(|()| buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
