//! What huts sold over some days, with the instant of each change.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::domain::state::State;

/// The nights that a site lists for a hut.
pub type Nights = BTreeMap<NaiveDate, State>;

/// A change of a night that happened at an unknown instant of a span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChangeSpan {
    pub after: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub date: NaiveDate,
    /// None: the site no longer lists the night.
    pub state: Option<State>,
    /// Whether the night was not listed before.
    pub is_new: bool,
}

/// What is known of a hut over some days.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub slug: String,
    pub begin: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// The nights at the beginning.
    pub nights: Nights,
    pub changes: Vec<ChangeSpan>,
}

impl Course {
    /// The course of captures, each of which shows the beginning of its day. None for less than two days.
    #[must_use]
    pub fn of_days(slug: &str, days: &BTreeMap<NaiveDate, Nights>) -> Option<Self> {
        let (first, nights) = days.first_key_value()?;
        let (last, _) = days.last_key_value().filter(|(last, _)| *last > first)?;
        let mut changes = Vec::new();
        for ((day, before), (next, after)) in days.iter().zip(days.iter().skip(1)) {
            let (begin, end) = (midnight(*day), midnight(*next));
            let changed = after.iter().filter(|(date, state)| before.get(date) != Some(state));
            changes.extend(changed.map(|(&date, &state)| {
                // A night that is listed for the first time is listed from the next day on.
                let is_new = !before.contains_key(&date);
                let after = if is_new { end } else { begin };
                ChangeSpan { after, until: end, date, state: Some(state), is_new }
            }));
            let gone = before.keys().filter(|date| **date >= *next && !after.contains_key(date));
            changes.extend(gone.map(|&date| ChangeSpan {
                after: end,
                until: end,
                date,
                state: None,
                is_new: false,
            }));
        }
        Some(Self {
            slug: slug.to_owned(),
            begin: midnight(*first),
            end: midnight(*last),
            nights: nights.clone(),
            changes,
        })
    }

    /// The course with an instant for each change, drawn by a random source.
    #[must_use]
    pub fn draw(&self, random: &mut fastrand::Rng) -> Drawn {
        let instant = |span: &ChangeSpan, random: &mut fastrand::Rng| {
            let length = (span.until - span.after).num_milliseconds();
            let passed = if length > 0 { random.i64(0..length) } else { 0 };
            span.after + TimeDelta::milliseconds(passed)
        };
        let mut changes: Vec<Change> = self
            .changes
            .iter()
            .map(|span| {
                let ChangeSpan { date, state, is_new, .. } = *span;
                Change { at: instant(span, random), date, state, is_new }
            })
            .collect();
        changes.sort_by_key(|change| (change.at, change.date));
        Drawn { begin: self.begin, end: self.end, nights: self.nights.clone(), changes }
    }
}

/// A change of a night at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    pub at: DateTime<Utc>,
    pub date: NaiveDate,
    pub state: Option<State>,
    pub is_new: bool,
}

/// A course with the instants of its changes, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    pub begin: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub nights: Nights,
    pub changes: Vec<Change>,
}

/// The beginning of a day of a replay.
#[must_use]
pub fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
