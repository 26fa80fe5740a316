//! `update-availability --every`: the same run again and again, until a signal.

use std::time::Duration;

use indicatif::MultiProgress;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::sender;
use crate::commands::config::UpdateConfig;
use crate::commands::update;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::runtime::console::say_failure;
use crate::runtime::shutdown::stopped;

/// Runs the job at each multiple of `every` since the first run. A run that takes longer than that skips the next ones,
/// and does not delay them. A run that fails is reported, and the next one tries again. Between the runs, the messages of
/// watches are sent when their time has come.
///
/// # Errors
/// The first run could not do anything, so that it is likely that no later one can.
pub async fn run(
    config: UpdateConfig,
    every: Duration,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut is_first = true;
    // Dropping the set aborts its task. What is in hand is sent again, with the same ID.
    let mut sending = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = stopped(stop.clone()) => {}
            _ = ticks.tick() => {
                match update::run(config.clone(), bars, stop.clone()).await {
                    Ok(_) if is_first => {
                        sending.spawn(sender::run(config.clone(), stop.clone()));
                    }
                    Ok(_) => {}
                    Err(error) if is_first => return Err(error),
                    Err(error) => say_failure(&format!("error: {error:#}; the next run tries again")),
                }
                is_first = false;
            }
        }
        if let Some(signal) = *stop.borrow() {
            return Ok(ExitStatus::Stopped(signal));
        }
    }
}
