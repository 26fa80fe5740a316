//! Draws how a night filled up: a step chart of free places over time, as SVG. Pure functions.

use std::fmt::Write;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::query::views::Entry;

/// The size of the drawing and its margins for labels, in SVG units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 30.0;

/// Parts of the time axis; it has one label more.
const TIMES: i32 = 4;

/// A chart of steps.
#[derive(Clone, Debug, PartialEq, Template)]
#[template(path = "chart.html")]
pub struct Chart {
    /// The accessible name of the chart.
    label: String,
    path: String,
    places: Vec<Tick>,
    times: Vec<Tick>,
}

impl HtmlSafe for Chart {}

/// A label of an axis, and its position in SVG units.
#[derive(Clone, Debug, PartialEq)]
struct Tick {
    at: f64,
    label: String,
}

impl Chart {
    /// Draws the entries, which are the newest first; none if there are no entries.
    #[must_use]
    pub fn new(label: String, entries: &[&Entry], timezone: Tz) -> Option<Self> {
        let (newest, oldest) = (entries.first()?, entries.last()?);
        let start = oldest.first_checked;
        // At least an hour, because a state that only one check has found has no length.
        let end = newest.last_checked.max(start + TimeDelta::hours(1));
        let max_places = entries.iter().map(|entry| entry.state.total).max()?.max(1);
        let x = |at: DateTime<Utc>| {
            let share = (at - start).as_seconds_f64() / (end - start).as_seconds_f64();
            LEFT + share * (WIDTH - LEFT - RIGHT)
        };
        let y = |places: f64| {
            HEIGHT - BOTTOM - places / f64::from(max_places) * (HEIGHT - TOP - BOTTOM)
        };
        let mut path = String::new();
        for (index, entry) in entries.iter().rev().enumerate() {
            let (from, free) = (x(entry.first_checked), y(entry.state.free.into()));
            // Writing to a String cannot fail.
            let _ = match index {
                0 => write!(path, "M{from:.1} {free:.1}"),
                _ => write!(path, "H{from:.1}V{free:.1}"),
            };
        }
        let _ = write!(path, "H{:.1}", x(end));
        let middle = f64::from(max_places) / 2.0;
        let places = [0.0, middle.floor(), f64::from(max_places)];
        let times = (0..=TIMES).map(|part| start + (end - start) * part / TIMES);
        let is_short = end - start < TimeDelta::days(i64::from(TIMES));
        let format = if is_short { "%-d %b %H:%M" } else { "%-d %b %Y" };
        Some(Self {
            label,
            path,
            places: places.map(|places| Tick { at: y(places), label: places.to_string() }).into(),
            times: times
                .map(|at| Tick {
                    at: x(at),
                    label: at.with_timezone(&timezone).format(format).to_string(),
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::availability::{ReservationStatus, State};
    use crate::domain::hut::HutType;

    fn entry(from: &str, to: &str, free: i16) -> Entry {
        let state = State {
            free,
            total: 40,
            hut_type: HutType::Hut,
            reservation_status: ReservationStatus::Possible,
        };
        let at = |time: &str| format!("2026-06-{time}:00Z").parse().unwrap();
        Entry { state, first_checked: at(from), last_checked: at(to) }
    }

    fn chart(entries: &[Entry]) -> Option<Chart> {
        Chart::new("Free places".into(), &entries.iter().collect::<Vec<_>>(), Tz::UTC)
    }

    #[test]
    fn each_state_is_a_step() {
        let entries = [entry("20T00:00", "30T00:00", 0), entry("10T00:00", "20T00:00", 40)];
        let chart = chart(&entries).unwrap();
        assert_eq!(chart.path, "M40.0 12.0H375.0V230.0H710.0");
        let labels = |ticks: &[Tick]| {
            ticks.iter().map(|tick| tick.label.clone()).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(labels(&chart.places), "0, 20, 40");
        assert_eq!(
            labels(&chart.times),
            "10 Jun 2026, 15 Jun 2026, 20 Jun 2026, 25 Jun 2026, 30 Jun 2026"
        );
    }

    #[test]
    fn a_single_check_is_a_horizontal_line() {
        let chart = chart(&[entry("10T00:00", "10T00:00", 20)]).unwrap();
        assert_eq!(chart.path, "M40.0 121.0H710.0");
        assert_eq!(chart.times[4].label, "10 Jun 01:00");
    }

    #[test]
    fn without_entries_there_is_no_chart() {
        assert_eq!(chart(&[]), None);
    }
}
