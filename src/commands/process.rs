//! The process around a command: its threads, the signals that stop it, and its exit status.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Arc, Barrier};
use std::thread::{self, available_parallelism};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::db::postgres::explained;
use crate::db::probe::is_working;
use crate::db::resilient::OUTAGE_TIMEOUT;
use crate::db::silence::Watch;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::runtime::console::{say, say_failure};
use crate::runtime::panic::panic_message;

/// Converts the result of a command. An error that ends a command is printed here, and nowhere else.
#[must_use]
pub fn exit_code(result: anyhow::Result<ExitStatus>) -> ExitCode {
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            print_error(&error);
            ExitStatus::NothingDone.into()
        }
    }
}

fn print_error(error: &anyhow::Error) {
    say_failure(&format!("error: {}", explained(error)));
}

/// After the first signal, a command has this long to exit by itself. The process must be gone within 5
/// seconds, whatever the sites and the database do.
const SHUTDOWN_DEADLINE: Duration = Duration::from_millis(4_700);

/// How long writing the last message may take.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

// The contract: a command ends within 5 seconds after the first signal.
const _: () = assert!(SHUTDOWN_DEADLINE.as_millis() + 2 * FLUSH_TIMEOUT.as_millis() < 5_000);

/// A second signal that comes sooner belongs to the first one: `timeout` of GNU signals its child, and then the group
/// of processes to which the child belongs.
const SAME_SIGNAL: Duration = Duration::from_secs(1);

/// How a command ends after a signal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AfterSignal {
    /// The process exits. The database rolls back what is not committed.
    ExitAtOnce,
    /// The command exits by itself, or is forced to exit after some seconds.
    ExitSoon,
    /// The command exits by itself, however long that takes.
    ExitWhenDone,
}

/// Runs a command to its end. The first SIGINT or SIGTERM is sent to the command; the second one ends the
/// process at once. If a database that the command opens on this thread is silent, `at_silence` is called, and the process
/// ends, too.
pub fn run_to_end<F>(
    after_signal: AfterSignal,
    at_silence: impl FnOnce() + Send + 'static,
    command: impl FnOnce(watch::Receiver<Option<Signal>>) -> F,
) -> anyhow::Result<ExitStatus>
where
    F: Future<Output = anyhow::Result<ExitStatus>>,
{
    let runtime = runtime()?;
    let (sender, stop) = watch::channel(None);
    let signal = stop.clone();
    if after_signal != AfterSignal::ExitWhenDone {
        Watch::start(OUTAGE_TIMEOUT, is_working, |reason| {
            say_failure(&format!("error: {reason}"));
            at_silence();
            std::process::exit(ExitStatus::NothingDone.code().into());
        });
    }
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

/// The variable by which tokio's users choose the number of threads.
const WORKER_THREADS: &str = "TOKIO_WORKER_THREADS";

/// The runtime of a command.
///
/// # Errors
/// The number of threads is not valid, or the threads cannot be started. tokio itself would panic.
fn runtime() -> anyhow::Result<Runtime> {
    let workers = match std::env::var(WORKER_THREADS) {
        Err(_) => available_parallelism().map_or(1, usize::from),
        Ok(number) => match number.parse() {
            Ok(number @ 1..=1024) => number,
            _ => bail!(
                "expected {WORKER_THREADS} to be a whole number from 1 to 1024, got {number:?}"
            ),
        },
    };
    let cannot_start = "cannot start threads; raise the limit of processes and threads (`ulimit -u`, or pids.max of \
         the container)";
    // More than the workers, for blocking work and signals.
    try_threads(workers + 4).context(cannot_start)?;
    let build = || Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    match catch_unwind(AssertUnwindSafe(build)) {
        Ok(runtime) => runtime.context("cannot start the runtime"),
        Err(panic) => bail!("{cannot_start}: {}", panic_message(&*panic)),
    }
}

/// Starts this many threads at the same time, and ends them.
fn try_threads(count: usize) -> std::io::Result<()> {
    let all_started = Arc::new(Barrier::new(count + 1));
    let mut threads = Vec::new();
    for _ in 0..count {
        let all_started = Arc::clone(&all_started);
        // The threads that did start are left waiting. The process ends soon.
        threads.push(thread::Builder::new().spawn(move || all_started.wait())?);
    }
    all_started.wait();
    for thread in threads {
        let _ = thread.join();
    }
    Ok(())
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
        let first_at = Instant::now();
        if after_signal == AfterSignal::ExitAtOnce {
            exit(first);
        }
        if after_signal == AfterSignal::ExitSoon {
            // A thread of its own, because all others may hang: in a connection without an answer, in a write
            // to a disk, or in a message to a pipe that nobody reads.
            let deadline = thread::Builder::new().spawn(move || {
                thread::sleep(SHUTDOWN_DEADLINE);
                let _ = thread::Builder::new()
                    .spawn(|| say("forced exit: an operation hung; stored data is consistent"));
                thread::sleep(FLUSH_TIMEOUT);
                exit(first)
            });
            if deadline.is_err() {
                // Without a thread to spare nothing would end a command that hangs.
                exit(first);
            }
        }
        let message = tokio::task::spawn_blocking(|| {
            say("finishing requests in flight; press Ctrl-C again to quit now");
        });
        // Printed before the command ends, unless nobody reads stderr.
        let _ = tokio::time::timeout(FLUSH_TIMEOUT, message).await;
        sender.send_replace(Some(first));
        loop {
            let signal = next().await;
            if first_at.elapsed() >= SAME_SIGNAL {
                exit(signal);
            }
        }
    })
}

fn exit(signal: Signal) -> ! {
    std::process::exit(ExitStatus::Stopped(signal).code().into())
}
