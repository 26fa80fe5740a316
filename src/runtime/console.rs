//! What the programs print: on stdout, and on stderr without tearing a progress bar.

use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use indicatif::MultiProgress;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::text::format::LogFormat;

/// The form of the messages: of the whole process, like those who take them.
static LOG_FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// The form in which everything on stderr is.
#[must_use]
pub fn log_format() -> LogFormat {
    LOG_FORMAT.get().copied().unwrap_or(LogFormat::Text)
}

/// Sets up the messages of the program, and returns what bars are drawn with.
#[must_use]
pub fn init(verbose: bool, quiet: bool, format: LogFormat) -> MultiProgress {
    let bars = MultiProgress::new();
    let level = match (verbose, quiet, format) {
        (true, ..) => LevelFilter::DEBUG,
        (_, true, _) => LevelFilter::ERROR,
        (.., LogFormat::Text) => LevelFilter::WARN,
        // What is lines of their own in text.
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
            take_messages(messages.without_time().with_ansi(is_terminal).finish());
        }
        LogFormat::Json => {
            let json = messages.json().flatten_event(true);
            take_messages(json.with_current_span(false).with_span_list(false).finish());
            std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
        }
    }
    bars
}

fn take_messages(subscriber: impl Subscriber + Send + Sync) {
    // An error means that there is one already, as by an earlier call in one process.
    let _ = tracing::subscriber::set_global_default(subscriber);
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
/// end the run. Where the log is JSON, the line is a message in it.
pub fn say(line: &str) {
    match log_format() {
        LogFormat::Text => write_line(line),
        LogFormat::Json => tracing::info!("{line}"),
    }
}

/// Says a line of what failed, which `--quiet` does not keep back.
pub fn say_failure(line: &str) {
    match log_format() {
        LogFormat::Text => write_line(line),
        LogFormat::Json => tracing::error!("{line}"),
    }
}

fn write_line(line: &str) {
    // In one piece: others may write, too, and the program may end.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
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
