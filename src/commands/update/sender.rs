//! Sends the messages of watches between the runs of `update-availability --every`.

use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use crate::commands::channels::ChannelCourier;
use crate::commands::config::UpdateConfig;
use crate::db::open::{Access, open_existing};
use crate::db::resilient::ResilientDb;
use crate::db::watch::delivery;
use crate::domain::signal::Signal;
use crate::runtime::timing::Meter;
use crate::watch::sender::Sender;
use crate::watch::tally::Tally;

/// How often the program looks for messages that others have made, such as `watches add`.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// A message that another sender has in hand is not worth a look before this time.
const MIN_WAIT: Duration = Duration::from_secs(1);

/// Sends each message when its time has come, until it is aborted. Without channels, nothing is sent. A run that sends at
/// the same time takes other messages.
pub async fn run(config: UpdateConfig, stop: watch::Receiver<Option<Signal>>) {
    let mut wait = MIN_WAIT;
    loop {
        tokio::time::sleep(wait).await;
        wait = match send_due(&config, stop.clone()).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!("cannot send the messages of watches: {error:#}");
                MAX_WAIT
            }
        };
    }
}

/// Sends what is due, and returns how long the next message waits.
async fn send_due(
    config: &UpdateConfig,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<Duration> {
    let Some(channels) = &config.channels else { return Ok(MAX_WAIT) };
    // Read each time, because people may have mended it.
    let courier = ChannelCourier::read(channels)?;
    let url = config.database_url.clone();
    let opened = spawn_blocking(move || open_existing(&url, Access::ReadWrite)).await??;
    let url = Some(config.database_url.clone());
    let db = ResilientDb::take_over(opened.db, url, Access::ReadWrite, stop, &Meter::default());
    let db = db.holding(opened.file);
    let sender = Sender::new(db.clone(), courier, config.clock.today(config.timezone));
    sender.send_due(&Tally::default()).await?;
    let wait = db.run(|db, _| delivery::next_attempt(db)).await;
    let wait = wait.context("cannot read when the next message is due")?;
    Ok(wait.map_or(MAX_WAIT, |wait| wait.clamp(MIN_WAIT, MAX_WAIT)))
}
