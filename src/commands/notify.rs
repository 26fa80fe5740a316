//! `hut-availability notify`: matches the watches, and sends what is pending.

use serde::Serialize;
use tokio::sync::watch;

use super::channels::{ChannelCourier, channels_file, require_channels};
use super::config;
use crate::cli::watches::NotifyArgs;
use crate::db::open::{Access, open_existing};
use crate::db::resilient::ResilientDb;
use crate::db::watch::delivery;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::delivery::SentByChannel;
use crate::domain::exit_status::ExitStatus;
use crate::domain::signal::Signal;
use crate::runtime::console::print;
use crate::runtime::shutdown::stopped;
use crate::runtime::timing::Meter;
use crate::terminal::data::to_json;
use crate::text::format::Printout;
use crate::text::humanize::pluralize;
use crate::watch::match_all::match_all;
use crate::watch::matching::Moment;
use crate::watch::sender::Sender;
use crate::watch::tally::Tally;

/// What the command did.
#[derive(Debug, Serialize)]
struct Report {
    /// Arrivals that opened and closed since the last match.
    opened: usize,
    closed: usize,
    channels: SentByChannel,
    /// Messages that are still to be sent.
    pending: usize,
}

impl Printout for Report {
    fn text(&self) -> String {
        let mut text = String::new();
        for (channel, sent) in &self.channels {
            let failed =
                if sent.failed == 0 { String::new() } else { format!(", {} failed", sent.failed) };
            let later = if sent.delayed == 0 {
                String::new()
            } else {
                format!(", {} delayed", sent.delayed)
            };
            text += &format!("{channel}: {} sent{later}{failed}\n", sent.sent);
        }
        if self.channels.is_empty() {
            text += "nothing is due to be sent\n";
        }
        if self.pending > 0 {
            text += &format!(
                "{} to be sent later: after a failure, or once its watch is resumed\n",
                pluralize(self.pending, "message")
            );
        }
        text
    }

    fn json(&self) -> String {
        to_json(self)
    }
}

/// Matches all watches and sends what is pending.
pub async fn run(
    url: &DatabaseUrl,
    args: &NotifyArgs,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let courier = match channels_file(&args.channels) {
        Some(path) => ChannelCourier::read(&path)?,
        None => return require_channels(&args.channels).map(|_| ExitStatus::NothingDone),
    };
    let clock = config::clock(&args.day);
    let moment = Moment { now: clock.now(), today: clock.today(args.day.timezone) };
    let opened = open_existing(url, Access::ReadWrite)?;
    let meter = Meter::default();
    let db = ResilientDb::take_over(
        opened.db,
        Some(url.clone()),
        Access::ReadWrite,
        stop.clone(),
        &meter,
    );
    let db = db.holding(opened.file);
    let matched = match_all(&db, moment).await?.found;
    let tally = Tally::default();
    let sender = Sender::new(db.clone(), courier, moment.today);
    let sending = sender.send_due(&tally);
    tokio::select! {
        sent = sending => sent?,
        // What is in hand is sent again by another sender, with the same ID.
        () = stopped(stop.clone()) => {}
    }
    let pending = db.run(|db, _| delivery::pending(db)).await?;
    let channels = tally.total().map(|notified| notified.sent).unwrap_or_default();
    let report = Report { opened: matched.opened, closed: matched.closed, channels, pending };
    print(&report, args.output)?;
    Ok(match *stop.borrow() {
        Some(signal) => ExitStatus::Stopped(signal),
        None if report.channels.values().any(|sent| sent.delayed + sent.failed > 0) => {
            ExitStatus::SomeFailed
        }
        None => ExitStatus::Done,
    })
}
