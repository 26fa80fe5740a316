//! What both binaries do around their commands: messages, the runtime, signals, the exit status.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::UpdateCli;
use crate::cli::around::{Command, HutAvailabilityCli};
use crate::cli::huts::HutsCommand;
use crate::command;
use crate::config::{DiscoverConfig, UpdateConfig, database_url};
use crate::db::url::{DEFAULT, DatabaseUrl};
use crate::event::Signal;
use crate::exit::ExitStatus;
use crate::field::Field;
use crate::report::{console, say, say_failure};
use crate::terminal::screen::Screen;

/// The whole of `update-availability`.
#[must_use]
pub fn update_availability() -> ExitCode {
    let cli = UpdateCli::parse();
    let bars = console::init(&cli.common);
    let config = UpdateConfig::new(cli);
    exit_code(block_on(Ends::Soon, async move |stop| {
        command::update::run(config, &bars, stop).await
    }))
}

/// The whole of `hut-availability`.
#[must_use]
pub fn hut_availability() -> ExitCode {
    let cli = HutAvailabilityCli::parse();
    let bars = console::init(&cli.common);
    let url = database_url(&cli.common, DEFAULT);
    let done = match cli.command {
        Command::Migrate => command::migrate::run(&url),
        Command::Copy(args) => {
            let quiet = cli.common.quiet;
            return exit_code(block_on(Ends::Soon, async move |stop| {
                command::copy::run(args, quiet, &bars, stop).await
            }));
        }
        Command::Huts(HutsCommand::Discover(args)) => {
            let config = DiscoverConfig::new(args, &cli.common);
            return exit_code(block_on(Ends::Soon, async move |stop| {
                command::huts_discover::run(config, &bars, stop).await
            }));
        }
        Command::Huts(command) => huts(&url, command),
        Command::Map(args) => command::map::run(&url, &args, Screen::of_stdout()),
        Command::Hut(args) => command::hut::run(&url, &args, Screen::of_stdout()),
        Command::Trend(args) => command::trend::run(&url, &args, Screen::of_stdout()),
        Command::Status(args) => command::status::run(&url, &args, Screen::of_stdout()),
        Command::Verify(args) => return exit_code(command::verify::run(&url, &args, &bars)),
        Command::Prune(args) => {
            return exit_code(block_on(Ends::Soon, async move |stop| {
                command::prune::run(args, url, &bars, stop).await
            }));
        }
        Command::Serve(args) => {
            return exit_code(block_on(Ends::ByItself, async move |stop| {
                command::serve::run(args, url, stop).await
            }));
        }
        Command::Simulate(args) => {
            return exit_code(block_on(Ends::ByItself, async move |stop| {
                command::simulate::run(args, stop).await
            }));
        }
    };
    exit_code(done.map(|()| ExitStatus::Done))
}

fn huts(url: &DatabaseUrl, command: HutsCommand) -> anyhow::Result<()> {
    match command {
        HutsCommand::Discover(_) => unreachable!("it is asynchronous"),
        HutsCommand::Import { file, by_hand } => command::huts_import::run(url, &file, by_hand),
        HutsCommand::Export { output } => command::huts_list::export(url, output),
        HutsCommand::List(args) => command::huts_list::run(url, &args),
        HutsCommand::Show { slug, output } => command::huts_show::run(url, &slug, output),
        HutsCommand::Set { slug, assignments } => {
            command::huts_set::set(url, &[slug], &assignments)
        }
        HutsCommand::Unset { slug, fields } => command::huts_set::unset(url, slug, &fields),
        HutsCommand::Activate { slugs } => {
            command::huts_set::set(url, &slugs, &[(Field::IsActive, true.to_string())])
        }
        HutsCommand::Deactivate { slugs } => {
            command::huts_set::set(url, &slugs, &[(Field::IsActive, false.to_string())])
        }
        HutsCommand::Link { slug, organization, source_hut_id, replace } => {
            command::huts_link::run(url, &slug, organization, &source_hut_id, replace)
        }
    }
}

/// Every error that ends a command is told here, once.
fn exit_code(done: anyhow::Result<ExitStatus>) -> ExitCode {
    match done {
        Ok(status) => status.into(),
        Err(error) => {
            tell(&error);
            ExitStatus::NothingDone.into()
        }
    }
}

fn tell(error: &anyhow::Error) {
    say_failure(&format!("error: {error:#}"));
}

/// How long after the first signal a command that is to end soon may take for it: within 5 seconds the
/// process is gone, whatever the sites and the database do.
const LAST_MOMENT: Duration = Duration::from_millis(4_700);

/// How long the last words may take to be written.
const LAST_WORDS: Duration = Duration::from_millis(100);

const _: () = assert!(LAST_MOMENT.as_millis() + 2 * LAST_WORDS.as_millis() < 5_000);

/// When a command ends after a signal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// By itself, or else at the last moment.
    Soon,
    ByItself,
}

/// Runs a command that says by itself when it has stopped; it is told of the first SIGINT or
/// SIGTERM, and ended by the second.
fn block_on<F>(
    ends: Ends,
    command: impl FnOnce(watch::Receiver<Option<Signal>>) -> F,
) -> anyhow::Result<ExitStatus>
where
    F: Future<Output = anyhow::Result<ExitStatus>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let (sender, stop) = watch::channel(None);
    let signal = stop.clone();
    let done = runtime.block_on(async {
        let signals = listen(sender, ends).context("cannot listen for signals")?;
        tokio::spawn(signals);
        command(stop).await
    });
    // A name server that does not answer must not keep the process.
    runtime.shutdown_timeout(Duration::ZERO);
    match (done, *signal.borrow()) {
        // To have been stopped is the news.
        (Err(error), Some(signal)) => {
            tell(&error);
            Ok(ExitStatus::Stopped(signal))
        }
        (done, _) => done,
    }
}

fn listen(
    sender: watch::Sender<Option<Signal>>,
    ends: Ends,
) -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        let mut next = async || {
            tokio::select! {
                _ = interrupt.recv() => Signal::Interrupt,
                _ = terminate.recv() => Signal::Terminate,
            }
        };
        let first = next().await;
        if ends == Ends::Soon {
            // A thread of its own, since all others may hang: in a connection that is not answered, a
            // write to a disk, a message to a reader that reads no more.
            std::thread::spawn(move || {
                std::thread::sleep(LAST_MOMENT);
                std::thread::spawn(|| {
                    say("stopped in the middle, since something hangs; what is stored is whole");
                });
                std::thread::sleep(LAST_WORDS);
                exit(first)
            });
        }
        let words = tokio::task::spawn_blocking(|| {
            say("stopping: what is under way is finished; again to stop at once");
        });
        // Before the command ends, unless nobody reads.
        let _ = tokio::time::timeout(LAST_WORDS, words).await;
        sender.send_replace(Some(first));
        exit(next().await)
    })
}

fn exit(signal: Signal) -> ! {
    std::process::exit(ExitStatus::Stopped(signal).code().into())
}
