//! Draws how a night filled up: a step chart of free places over time, as SVG. Pure functions.

use std::fmt::Write;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, TimeDelta, Utc};

use super::chart_area::{ChartArea, Tick};
use super::times::Times;
use crate::query::views::Entry;

const AREA: ChartArea = ChartArea { left: 40.0, top: 12.0 };

/// Parts of the time axis; it has one label more.
const TIMES: i32 = 4;

/// A chart of steps.
#[derive(Clone, Debug, PartialEq, Template)]
#[template(path = "chart.html")]
pub struct Chart {
    /// The accessible name of the chart.
    label: String,
    /// Whether the line has gaps: states without a number of free places.
    pub has_gaps: bool,
    path: String,
    places: Vec<Tick>,
    times: Vec<Tick>,
}

impl HtmlSafe for Chart {}

impl Chart {
    /// Draws the entries, which are the newest first; none if no entry has a number of free places. The line has
    /// a gap where the night was closed, or the number was not known.
    #[must_use]
    pub fn new(label: String, entries: &[&Entry], times: &Times) -> Option<Self> {
        let (newest, oldest) = (entries.first()?, entries.last()?);
        let start = oldest.first_checked;
        // At least an hour, because a state that only one check has found has no length.
        let end = newest.last_checked.max(start + TimeDelta::hours(1));
        let max_places = entries
            .iter()
            .filter(|entry| free(entry).is_some())
            .filter_map(|entry| entry.state.total.max(entry.state.free))
            .max()?
            .max(1);
        let x = |at: DateTime<Utc>| {
            AREA.x((at - start).as_seconds_f64() / (end - start).as_seconds_f64())
        };
        let y = |places: f64| AREA.y(places / f64::from(max_places));
        let mut path = String::new();
        let mut is_drawing = false;
        let ends = entries.iter().rev().skip(1).map(|next| next.first_checked).chain([end]);
        for (entry, until) in entries.iter().rev().zip(ends) {
            let Some(free) = free(entry) else {
                is_drawing = false;
                continue;
            };
            let (from, until, free) = (x(entry.first_checked), x(until), y(free.into()));
            // Writing to a String cannot fail.
            let _ = match is_drawing {
                true => write!(path, "V{free:.1}H{until:.1}"),
                false => write!(path, "M{from:.1} {free:.1}H{until:.1}"),
            };
            is_drawing = true;
        }
        let middle = f64::from(max_places) / 2.0;
        let places = [0.0, middle.floor(), f64::from(max_places)];
        let ticks = (0..=TIMES).map(|part| start + (end - start) * part / TIMES);
        let is_short = end - start < TimeDelta::days(i64::from(TIMES));
        let format = if is_short { "%-d %b %H:%M" } else { "%-d %b %Y" };
        Some(Self {
            label,
            has_gaps: entries.iter().any(|entry| free(entry).is_none()),
            path,
            places: places.map(|places| Tick { at: y(places), label: places.to_string() }).into(),
            times: ticks
                .map(|at| Tick {
                    at: x(at),
                    label: at
                        .with_timezone(&times.timezone)
                        .format_localized(format, times.t.language.locale())
                        .to_string(),
                })
                .collect(),
        })
    }
}

/// Free places of a state; none if it is closed, or the number of places is not known.
fn free(entry: &Entry) -> Option<i16> {
    entry.state.free.filter(|_| !entry.state.is_closed() && entry.state.total != Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::schedule::Intervals;
    use crate::domain::state::{ReservationStatus, State};
    use crate::query::freshness::AgeLimits;
    use crate::text::texts::Texts;

    fn entry(from: &str, to: &str, free: impl Into<Option<i16>>) -> Entry {
        let state = State {
            free: free.into(),
            total: Some(40),
            hut_type: HutType::Hut,
            reservation_status: ReservationStatus::Possible,
        };
        let at = |time: &str| format!("2026-06-{time}:00Z").parse().unwrap();
        Entry { state, first_checked: at(from), last_checked: at(to) }
    }

    fn chart(entries: &[Entry]) -> Option<Chart> {
        let times = Times {
            t: Texts::default(),
            limits: AgeLimits {
                now: DateTime::UNIX_EPOCH,
                today: "2026-06-30".parse().unwrap(),
                intervals: Intervals::default(),
            },
            timezone: chrono_tz::Tz::UTC,
        };
        Chart::new("Free places".into(), &entries.iter().collect::<Vec<_>>(), &times)
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
    fn the_line_has_a_gap_where_the_night_is_closed_or_the_number_unknown() {
        let mut closed = entry("14T00:00", "18T00:00", 5);
        closed.state.reservation_status = ReservationStatus::NotPossible;
        let entries = [
            entry("26T00:00", "30T00:00", 20),
            entry("22T00:00", "26T00:00", None),
            entry("18T00:00", "22T00:00", 0),
            closed,
            entry("10T00:00", "14T00:00", 40),
        ];
        let chart = chart(&entries).unwrap();
        assert_eq!(chart.path, "M40.0 12.0H174.0M308.0 230.0H442.0M576.0 121.0H710.0");
        assert!(chart.has_gaps);
    }

    #[test]
    fn without_a_number_there_is_no_chart() {
        assert_eq!(chart(&[]), None);
        assert_eq!(chart(&[entry("10T00:00", "10T00:00", None)]), None);
    }
}
