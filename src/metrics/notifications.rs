//! The metrics of the messages of watches, as the database has them at the end of a run.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode_registry;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

use crate::query::status::{ChannelCounts, Notifications};

/// The prefix of the names: unlike the others, these do not describe one run.
const PREFIX: &str = "hut_availability";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChannelLabels {
    channel: String,
    outcome: &'static str,
}

/// The metrics of all messages, as text.
#[must_use]
pub fn format(notifications: &Notifications) -> String {
    let mut text = String::new();
    encode_registry(&mut text, &registry(notifications)).expect("writing to a String cannot fail");
    // Outside OpenMetrics, the description of a counter has its whole name.
    let described = |line: &str| {
        let is_counter = line.starts_with('#') && line.contains(" hut_availability_notifications ");
        let whole = || line.replacen("_notifications ", "_notifications_total ", 1);
        if is_counter { whole() + "\n" } else { format!("{line}\n") }
    };
    text.lines().map(described).collect()
}

fn registry(notifications: &Notifications) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    let totals = Family::<ChannelLabels, Counter>::default();
    // Without a message there is one series, too.
    let none = ChannelCounts::default();
    for channel in notifications.channels.iter().chain([&none]) {
        for (outcome, count) in [("sent", channel.sent), ("failed", channel.failed)] {
            let labels = ChannelLabels { channel: channel.name.clone(), outcome };
            totals.get_or_create(&labels).inc_by(count);
        }
    }
    registry.register("notifications", "Messages of watches that were sent or given up", totals);
    let pending: u64 = notifications.channels.iter().map(|channel| channel.pending).sum();
    let pending = i64::try_from(pending).unwrap_or(i64::MAX);
    registry.register(
        "notifications_pending",
        "Messages of watches that are to be sent",
        ConstGauge::new(pending),
    );
    registry.register_with_unit(
        "notification_age",
        "Age of the oldest message that is to be sent, 0 if there is none",
        Unit::Seconds,
        ConstGauge::new(notifications.oldest_age.map_or(0, |age| age.num_seconds())),
    );
    registry
}
