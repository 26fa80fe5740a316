//! Messages on stderr, which do not tear a progress bar that is drawn there.

use std::io::{self, Write};
use std::sync::OnceLock;

use indicatif::MultiProgress;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::cli::{CommonArgs, LogFormat};

/// The form of the messages: of the whole process, like those who take them.
static LOG_FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// The form in which everything on stderr is.
#[must_use]
pub fn log_format() -> LogFormat {
    LOG_FORMAT.get().copied().unwrap_or(LogFormat::Text)
}

/// Sets up the messages of the program, and returns what bars are drawn with.
#[must_use]
pub fn init(common: &CommonArgs) -> MultiProgress {
    let bars = MultiProgress::new();
    let level = match (common.verbose, common.quiet, common.log_format) {
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
    let _ = LOG_FORMAT.set(common.log_format);
    match common.log_format {
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
