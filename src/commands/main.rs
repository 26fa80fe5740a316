//! What both binaries do around their commands: messages, the runtime, signals, the exit status.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::app::{Command, HutAvailabilityCli};
use crate::cli::huts::HutsCommand;
use crate::cli::update::UpdateCli;
use crate::commands;
use crate::commands::config::{DiscoverConfig, UpdateConfig, database_url};
use crate::domain::database_url::{DEFAULT, DatabaseUrl};
use crate::domain::exit_status::ExitStatus;
use crate::domain::field::Field;
use crate::domain::signal::Signal;
use crate::runtime::console::{self, say, say_failure};
use crate::sites::registry::Registry;
use crate::terminal::screen::Screen;

/// The whole of `update-availability`.
#[must_use]
pub fn update_availability() -> ExitCode {
    let cli = UpdateCli::parse();
    let bars = console::init(cli.common.verbose, cli.common.quiet, cli.common.log_format);
    let config = UpdateConfig::new(cli, Registry::default());
    exit_code(config.and_then(|config| {
        block_on(Ends::Soon, async move |stop| commands::update::run(config, &bars, stop).await)
    }))
}

/// The whole of `hut-availability`.
#[must_use]
pub fn hut_availability() -> ExitCode {
    let cli = HutAvailabilityCli::parse();
    let bars = console::init(cli.common.verbose, cli.common.quiet, cli.common.log_format);
    let url = database_url(&cli.common, DEFAULT);
    let done = match cli.command {
        Command::Migrate => commands::migrate::run(&url, &Registry::default().organizations()),
        Command::Copy(args) => {
            let quiet = cli.common.quiet;
            return exit_code(block_on(Ends::Soon, async move |stop| {
                commands::copy::run(args, quiet, &bars, stop).await
            }));
        }
        Command::Huts(HutsCommand::Discover(args)) => {
            let config = DiscoverConfig::new(args, &cli.common, Registry::default());
            return exit_code(config.and_then(|config| {
                block_on(Ends::Soon, async move |stop| {
                    commands::huts_discover::run(config, &bars, stop).await
                })
            }));
        }
        Command::Huts(command) => huts(&url, command),
        Command::Map(args) => commands::map::run(&url, &args, Screen::of_stdout()),
        Command::Hut(args) => commands::hut::run(&url, &args, Screen::of_stdout()),
        Command::Trend(args) => commands::trend::run(&url, &args, Screen::of_stdout()),
        Command::Status(args) => commands::status::run(&url, &args, Screen::of_stdout()),
        Command::Verify(args) => return exit_code(commands::verify::run(&url, &args, &bars)),
        Command::Prune(args) => {
            return exit_code(block_on(Ends::Soon, async move |stop| {
                commands::prune::run(args, url, &bars, stop).await
            }));
        }
        Command::Serve(args) => {
            return exit_code(block_on(Ends::ByItself, async move |stop| {
                commands::serve::run(args, url, stop).await
            }));
        }
        Command::Simulate(args) => {
            return exit_code(block_on(Ends::ByItself, async move |stop| {
                commands::simulate::run(args, stop).await
            }));
        }
    };
    exit_code(done.map(|()| ExitStatus::Done))
}

fn huts(url: &DatabaseUrl, command: HutsCommand) -> anyhow::Result<()> {
    let organizations = &Registry::default().organizations();
    match command {
        HutsCommand::Discover(_) => unreachable!("it is asynchronous"),
        HutsCommand::Import { file, by_hand } => {
            commands::huts_import::run(url, &file, by_hand, organizations)
        }
        HutsCommand::Export { output } => commands::huts_list::export(url, output, organizations),
        HutsCommand::List(args) => commands::huts_list::run(url, &args, organizations),
        HutsCommand::Show { slug, output } => commands::huts_show::run(url, &slug, output),
        HutsCommand::Set { slug, assignments } => {
            commands::huts_set::set(url, &[slug], &assignments, organizations)
        }
        HutsCommand::Unset { slug, fields } => commands::huts_set::unset(url, slug, &fields),
        HutsCommand::Activate { slugs } => commands::huts_set::set(
            url,
            &slugs,
            &[(Field::IsActive, true.to_string())],
            organizations,
        ),
        HutsCommand::Deactivate { slugs } => commands::huts_set::set(
            url,
            &slugs,
            &[(Field::IsActive, false.to_string())],
            organizations,
        ),
        HutsCommand::Link { slug, organization, source_hut_id, replace } => {
            commands::huts_link::run(
                url,
                &slug,
                &organization,
                &source_hut_id,
                replace,
                organizations,
            )
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
const SHUTDOWN_DEADLINE: Duration = Duration::from_millis(4_700);

/// How long the last words may take to be written.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

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
                std::thread::sleep(SHUTDOWN_DEADLINE);
                std::thread::spawn(|| {
                    say("stopped in the middle, since something hangs; what is stored is whole");
                });
                std::thread::sleep(FLUSH_TIMEOUT);
                exit(first)
            });
        }
        let words = tokio::task::spawn_blocking(|| {
            say("stopping: what is under way is finished; again to stop at once");
        });
        // Before the command ends, unless nobody reads.
        let _ = tokio::time::timeout(FLUSH_TIMEOUT, words).await;
        sender.send_replace(Some(first));
        exit(next().await)
    })
}

fn exit(signal: Signal) -> ! {
    std::process::exit(ExitStatus::Stopped(signal).code().into())
}
