//! Runs the commands of both binaries: sets up logging, the runtime and signals, and chooses the exit status.

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

/// Runs `update-availability`.
#[must_use]
pub fn update_availability() -> ExitCode {
    let cli = UpdateCli::parse();
    let bars = console::init(cli.common.verbose, cli.common.quiet, cli.common.log_format);
    let config = UpdateConfig::new(cli, Registry::default());
    exit_code(config.and_then(|config| {
        block_on(AfterSignal::ExitSoon, async move |stop| {
            commands::update::run(config, &bars, stop).await
        })
    }))
}

/// Runs `hut-availability`.
#[must_use]
pub fn hut_availability() -> ExitCode {
    let cli = HutAvailabilityCli::parse();
    let bars = console::init(cli.common.verbose, cli.common.quiet, cli.common.log_format);
    let url = database_url(&cli.common, DEFAULT);
    let result = match cli.command {
        Command::Migrate => commands::migrate::run(&url, &Registry::default().organizations()),
        Command::Copy(args) => {
            let quiet = cli.common.quiet;
            return exit_code(block_on(AfterSignal::ExitSoon, async move |stop| {
                commands::copy::run(args, quiet, &bars, stop).await
            }));
        }
        Command::Huts(HutsCommand::Discover(args)) => {
            let config = DiscoverConfig::new(args, &cli.common, Registry::default());
            return exit_code(config.and_then(|config| {
                block_on(AfterSignal::ExitSoon, async move |stop| {
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
        Command::Repair(args) => return exit_code(commands::repair::run(&url, &args, &bars)),
        Command::Prune(args) => {
            return exit_code(block_on(AfterSignal::ExitSoon, async move |stop| {
                commands::prune::run(args, url, &bars, stop).await
            }));
        }
        Command::Serve(args) => {
            return exit_code(block_on(AfterSignal::ExitWhenDone, async move |stop| {
                commands::serve::run(args, url, stop).await
            }));
        }
        Command::Simulate(args) => {
            return exit_code(block_on(AfterSignal::ExitWhenDone, async move |stop| {
                commands::simulate::run(args, stop).await
            }));
        }
    };
    exit_code(result.map(|()| ExitStatus::Done))
}

fn huts(url: &DatabaseUrl, command: HutsCommand) -> anyhow::Result<()> {
    let organizations = &Registry::default().organizations();
    match command {
        HutsCommand::Discover(_) => {
            unreachable!("hut_availability() runs it, because it is asynchronous")
        }
        HutsCommand::Import { file, by_hand: pin } => {
            commands::huts_import::run(url, &file, pin, organizations)
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

/// Converts the result of a command. An error that ends a command is printed here, and nowhere else.
fn exit_code(result: anyhow::Result<ExitStatus>) -> ExitCode {
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            print_error(&error);
            ExitStatus::NothingDone.into()
        }
    }
}

fn print_error(error: &anyhow::Error) {
    say_failure(&format!("error: {error:#}"));
}

/// After the first signal, a command has this long to exit by itself. The process must be gone within 5
/// seconds, whatever the sites and the database do.
const SHUTDOWN_DEADLINE: Duration = Duration::from_millis(4_700);

/// How long writing the last message may take.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

// The contract: a command ends within 5 seconds after the first signal.
const _: () = assert!(SHUTDOWN_DEADLINE.as_millis() + 2 * FLUSH_TIMEOUT.as_millis() < 5_000);

/// How a command ends after a signal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AfterSignal {
    /// The command exits by itself, or is forced to exit after [`SHUTDOWN_DEADLINE`].
    ExitSoon,
    /// The command exits by itself, however long that takes.
    ExitWhenDone,
}

/// Runs a command to its end. The first SIGINT or SIGTERM is sent to the command; the second one ends the
/// process at once.
fn block_on<F>(
    after_signal: AfterSignal,
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
    let result = runtime.block_on(async {
        let signals = listen(sender, after_signal).context("cannot listen for signals")?;
        tokio::spawn(signals);
        command(stop).await
    });
    // A thread that waits for a slow name server must not delay the exit.
    runtime.shutdown_timeout(Duration::ZERO);
    match (result, *signal.borrow()) {
        // After a signal, the exit status is that of the signal, even if the command failed.
        (Err(error), Some(signal)) => {
            print_error(&error);
            Ok(ExitStatus::Stopped(signal))
        }
        (result, _) => result,
    }
}

fn listen(
    sender: watch::Sender<Option<Signal>>,
    after_signal: AfterSignal,
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
        if after_signal == AfterSignal::ExitSoon {
            // A thread of its own, because all others may hang: in a connection without an answer, in a write
            // to a disk, or in a message to a pipe that nobody reads.
            std::thread::spawn(move || {
                std::thread::sleep(SHUTDOWN_DEADLINE);
                std::thread::spawn(|| {
                    say("forced exit: an operation hung; stored data is consistent");
                });
                std::thread::sleep(FLUSH_TIMEOUT);
                exit(first)
            });
        }
        let message = tokio::task::spawn_blocking(|| {
            say("finishing requests in flight; press Ctrl-C again to quit now");
        });
        // Printed before the command ends, unless nobody reads stderr.
        let _ = tokio::time::timeout(FLUSH_TIMEOUT, message).await;
        sender.send_replace(Some(first));
        exit(next().await)
    })
}

fn exit(signal: Signal) -> ! {
    std::process::exit(ExitStatus::Stopped(signal).code().into())
}
