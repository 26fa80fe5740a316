//! `hut-availability huts show`: shows everything that is stored about a hut.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use serde::Serialize;
use strum::VariantArray;

use crate::cli::day::DayArgs;
use crate::cli::update::PriorityArgs;
use crate::commands::config::{clock, schedule};
use crate::db::check::{self, HutCheck};
use crate::db::connection::Db;
use crate::db::open::open_to_read;
use crate::db::schedule::candidates;
use crate::db::{current, history, register, takeover};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::day::Now;
use crate::domain::field::Field;
use crate::domain::hut::HutType;
use crate::domain::register::{Hut, Source};
use crate::domain::schedule::{DueState, Reason, due_states};
use crate::runtime::console::print;
use crate::terminal::data::to_json;
use crate::text::format::{Format, Printout};
use crate::text::humanize::{age, duration};
use crate::text::visible::visible;

/// Everything that is stored about a hut.
struct View {
    id: i32,
    hut: Hut,
    check: HutCheck,
    /// When the database that the hut is being taken over from was read. Until the takeover is finished, the hut is not
    /// polled.
    taken_over: Option<DateTime<Utc>>,
    counts: Counts,
    /// The slugs of huts that took over an ID of this hut, by their database ID.
    moved_to: BTreeMap<i32, String>,
    now: DateTime<Utc>,
    /// When the hut is polled next; none for a hut that is not followed.
    due: Option<DueState>,
}

#[derive(Serialize)]
struct Counts {
    /// Dates with a stored state.
    dates: i64,
    /// Dates that the last successful check listed.
    listed: i64,
    history_entries: i64,
}

/// Prints the hut with this slug.
pub fn run(
    url: &DatabaseUrl,
    slug: &str,
    output: Format,
    priorities: &PriorityArgs,
    day: &DayArgs,
) -> anyhow::Result<()> {
    let now = Now::new(clock(day).now(), day.timezone);
    let view = load(&mut open_to_read(url)?, slug, priorities, &now)?;
    print(&view, output)?;
    Ok(())
}

fn load(db: &mut Db, slug: &str, priorities: &PriorityArgs, now: &Now) -> anyhow::Result<View> {
    let (id, hut) = super::find_hut::find_to_read(db, slug)?;
    let counts = Counts {
        dates: current::count(db, id)?,
        listed: current::count_listed(db, id)?,
        history_entries: history::count(db, id)?,
    };
    let moved_to: Vec<i32> = hut.sources.values().filter_map(|source| source.moved_to).collect();
    let moved_to = register::load_some(db, &moved_to)?;
    let moved_to = moved_to.into_iter().map(|(id, hut)| (id, hut.fields.slug)).collect();
    // The interval of one hut depends on all of them, where they share a budget.
    let candidates = candidates(db, now.today, priorities.window.next_days.into())?;
    let schedule = schedule(&priorities.intervals, false);
    let due = due_states(candidates, &schedule).find(|hut| hut.hut_id == id);
    Ok(View {
        id,
        hut,
        check: check::load(db, id)?,
        taken_over: takeover::of_hut(db, id)?,
        counts,
        moved_to,
        now: now.at,
        due,
    })
}

impl View {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        let mut line = |name: &str, value: &str| writeln!(out, "{name:<17} {}", visible(value));
        line("id", &self.id.to_string())?;
        for field in Field::VARIANTS {
            let value = field.text(&self.hut.fields);
            let value = if value.is_empty() { "-" } else { &value };
            let pinned = if self.hut.set_by_hand.contains(field) { "  (pinned)" } else { "" };
            line(&field.to_string(), &format!("{value}{pinned}"))?;
        }
        for (organization, source) in &self.hut.sources {
            line("source", &self.describe(organization, source))?;
        }
        if let Some(read_at) = self.taken_over {
            let read_at = rfc3339(read_at);
            line(
                "takeover",
                &format!(
                    "read at {read_at}; not polled until `hut-availability takeover --finish`"
                ),
            )?;
        }
        let check = &self.check;
        let instant = |at: Option<_>| at.map_or("never".into(), |at| rfc3339(DateTime::from(at)));
        line("last_checked", &instant(check.last_checked))?;
        line("last_success", &instant(check.last_success))?;
        if let Some(error) = &check.last_error {
            line(
                "failures",
                &format!("{} in a row, the last one: {error}", check.consecutive_failures),
            )?;
        }
        if let Some(due) = &self.due {
            let rate = due.last_check.rate.per_day();
            line("rate", &format!("{rate:.1} changed nights a day"))?;
            line("due", &describe_due(due, self.now))?;
        }
        line(
            "dates",
            &format!(
                "{}, of which the last check listed {}",
                self.counts.dates, self.counts.listed
            ),
        )?;
        line("history_entries", &self.counts.history_entries.to_string())
    }

    fn describe(&self, organization: &str, source: &Source) -> String {
        let mut text = format!("{organization} {}", source.source_hut_id);
        if let Some(link) = &source.link {
            text += &format!("  {link}");
        }
        if let Some(at) = source.last_listed {
            text += &format!("  last listed {}", rfc3339(at));
        }
        if let Some(hut_id) = source.moved_to {
            text += &format!("  (this ID now belongs to {})", self.moved_to[&hut_id]);
        }
        text
    }
}

/// `since 2 hours ago (adaptive, every 5 hours)`
fn describe_due(due: &DueState, now: DateTime<Utc>) -> String {
    let when = match due.due_since {
        never if never == DateTime::<Utc>::MIN_UTC => "now".into(),
        since if since <= now => format!("since {}", age(since, now)),
        from => format!("in {}", duration(from - now)),
    };
    let every = match due.tier {
        Reason::New => String::new(),
        _ => format!(", every {}", duration(due.interval)),
    };
    let failures = due.last_check.consecutive_failures;
    let after = if failures > 0 { ", later after failures" } else { "" };
    format!("{when} ({}{every}{after})", due.reason())
}

impl Printout for View {
    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn json(&self) -> String {
        let fields = &self.hut.fields;
        let check = &self.check;
        let instant = |at: Option<_>| at.map(|at| rfc3339(DateTime::from(at)));
        let source = |(organization, source): (&'_ String, &'_ Source)| SourceJson {
            organization: organization.clone(),
            source_hut_id: source.source_hut_id.clone(),
            link: source.link.clone(),
            last_listed: source.last_listed.map(rfc3339),
            moved_to: source.moved_to.map(|id| self.moved_to[&id].clone()),
        };
        to_json(&HutJson {
            id: self.id,
            slug: &fields.slug,
            name: &fields.name,
            country: fields.country.as_deref(),
            latitude: fields.latitude,
            longitude: fields.longitude,
            elevation: fields.elevation,
            hut_type_open: fields.hut_type_open,
            hut_type_closed: fields.hut_type_closed,
            capacity_open: fields.capacity_open,
            capacity_closed: fields.capacity_closed,
            is_active: fields.is_active,
            is_public: fields.is_public,
            booking_ref: fields.booking_ref.as_deref(),
            set_by_hand: self.hut.set_by_hand.iter().map(ToString::to_string).collect(),
            sources: self.hut.sources.iter().map(source).collect(),
            taken_over_at: self.taken_over.map(rfc3339),
            last_check: CheckJson {
                last_checked: instant(check.last_checked),
                last_success: instant(check.last_success),
                has_data: check.has_data,
                consecutive_failures: check.consecutive_failures,
                last_error: check.last_error.as_deref(),
            },
            polling: self.due.as_ref().map(|due| PollingJson {
                reason: due.reason(),
                changes_per_day: due.last_check.rate.per_day(),
                interval_seconds: due.interval.num_seconds(),
                due: Some(due.due_since).filter(|due| *due > DateTime::<Utc>::MIN_UTC).map(rfc3339),
            }),
            counts: &self.counts,
        })
    }
}

/// The keys of the JSON object.
#[derive(Serialize)]
struct HutJson<'a> {
    id: i32,
    slug: &'a str,
    name: &'a str,
    country: Option<&'a str>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    elevation: Option<i16>,
    hut_type_open: Option<HutType>,
    hut_type_closed: Option<HutType>,
    capacity_open: Option<i16>,
    capacity_closed: Option<i16>,
    is_active: bool,
    is_public: bool,
    booking_ref: Option<&'a str>,
    set_by_hand: Vec<String>,
    sources: Vec<SourceJson>,
    /// Set while the hut is being taken over, and not polled.
    taken_over_at: Option<String>,
    last_check: CheckJson<'a>,
    /// Null for a hut that is not followed.
    polling: Option<PollingJson>,
    counts: &'a Counts,
}

#[derive(Serialize)]
struct SourceJson {
    organization: String,
    source_hut_id: String,
    link: Option<String>,
    last_listed: Option<String>,
    moved_to: Option<String>,
}

#[derive(Serialize)]
struct PollingJson {
    reason: Reason,
    changes_per_day: f64,
    interval_seconds: i64,
    /// Null if the hut was never polled: it is due now.
    due: Option<String>,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    last_checked: Option<String>,
    last_success: Option<String>,
    has_data: bool,
    consecutive_failures: i32,
    last_error: Option<&'a str>,
}

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
