//! Renders watches: a table of all, or one with its messages.

use chrono_tz::Tz;

use super::screen::{Narrowing, Screen};
use crate::query::watch_fields::{DeliveryFields, WatchFields};
use crate::text::humanize::{day, instant, pluralize};
use crate::text::visible::visible;

/// The most open arrivals that are listed.
const MAX_OPEN: usize = 30;

/// The table of all watches.
#[must_use]
pub fn list_text(watches: &[WatchFields], screen: Screen) -> String {
    let mut table = screen.table();
    table.set_header(["NAME", "STATE", "WAITS FOR", "ARRIVALS", "PEOPLE", "OPEN", "CHANNELS"]);
    for watch in watches {
        table.add_row([
            visible(&watch.name),
            watch.state.to_string(),
            visible(&goal(watch)),
            arrivals(watch),
            watch.places.to_string(),
            watch.open.len().to_string(),
            visible(&watch.notify.join(", ")),
        ]);
    }
    let count = pluralize(watches.len(), "watch");
    if watches.is_empty() {
        format!("{count}\n")
    } else {
        // Without the number of people and the channels.
        let narrowing = Narrowing { drop: &[4, 6], shorten: &[0, 2, 3, 6] };
        format!("{}\n{count}\n", screen.fit(table, &narrowing))
    }
}

/// `2 nights in konkordiahuette`, or the stages of a tour.
fn goal(watch: &WatchFields) -> String {
    match watch.nights {
        Some(nights) => {
            let nights = pluralize(nights.into(), "night");
            format!("{nights} in {}", watch.hut.join(" or "))
        }
        None => watch.stage.join(" → "),
    }
}

fn arrivals(watch: &WatchFields) -> String {
    let weekdays =
        if watch.weekday.is_empty() { String::new() } else { format!(" ({})", watch.weekday) };
    format!("{} to {}{weekdays}", watch.from, watch.to)
}

/// One watch with its last messages.
#[must_use]
pub fn show_text(
    watch: &WatchFields,
    messages: &[DeliveryFields],
    timezone: Tz,
    screen: Screen,
) -> String {
    let cooldown = humantime::format_duration(std::time::Duration::from_secs(
        watch.cooldown_seconds.unsigned_abs(),
    ));
    let mut text = format!(
        "{} ({})\nwaits for  {}\narrivals   {}\npeople     {}\nchannels   {}\ncooldown   {cooldown}\n",
        visible(&watch.name),
        watch.state,
        visible(&goal(watch)),
        arrivals(watch),
        watch.places,
        visible(&watch.notify.join(", ")),
    );
    let flags = [(watch.quiet_start, "quiet start"), (watch.closings, "closings")];
    let flags: Vec<&str> =
        flags.iter().filter_map(|(is_set, name)| is_set.then_some(*name)).collect();
    if !flags.is_empty() {
        text += &format!("options    {}\n", flags.join(", "));
    }
    if let Some(file) = &watch.file {
        text += &format!("file       {}\n", visible(file));
    }
    text += &format!("\n{} open\n", pluralize(watch.open.len(), "arrival"));
    for arrival in watch.open.iter().take(MAX_OPEN) {
        let hut = arrival.hut.as_deref().unwrap_or_default();
        text += &format!("  {}  {}\n", day(arrival.arrival), visible(hut));
    }
    if watch.open.len() > MAX_OPEN {
        text += &format!("  and {} more\n", watch.open.len() - MAX_OPEN);
    }
    text += "\nlast messages\n";
    if messages.is_empty() {
        return text + "  none yet\n";
    }
    let mut table = screen.table();
    table.set_header(["MADE", "CHANNEL", "STATE", "ATTEMPTS", "ERROR"]);
    for message in messages {
        table.add_row([
            instant(message.created_at, timezone),
            visible(&message.channel),
            message.state.clone(),
            message.attempts.to_string(),
            visible(message.last_error.as_deref().unwrap_or_default()),
        ]);
    }
    text + &screen.fit(table, &Narrowing { drop: &[3], shorten: &[1, 4] }) + "\n"
}
