//! Draws how a night filled up beside how similar nights did: free places in percent by the days before the night, as
//! SVG. Pure functions.

use std::fmt::Write;

use askama::Template;
use askama::filters::HtmlSafe;

use super::chart_area::{ChartArea, Tick};
use crate::query::filling::{Band, Filling, MAX_DAYS_BEFORE};
use crate::text::texts::Texts;

const AREA: ChartArea = ChartArea { left: 70.0, top: 14.0 };

/// The fewest days that are drawn.
const MIN_DAYS: usize = 28;

/// While more places than this are free, in percent, nothing has happened yet.
const NEARLY_FREE: f64 = 95.0;

/// The steps between labels of days, and the most labels.
const STEPS: [usize; 5] = [7, 14, 28, 56, 84];
const MAX_LABELS: usize = 8;

/// A chart of days before a night.
#[derive(Clone, Debug, PartialEq, Template)]
#[template(path = "band_chart.html")]
pub struct BandChart {
    /// The accessible name of the chart.
    label: String,
    /// The outlines of the band.
    band: String,
    median: String,
    /// The night itself.
    line: String,
    percents: Vec<Tick>,
    days: Vec<Tick>,
}

impl HtmlSafe for BandChart {}

/// A point: the number of days before the night, and free places in percent.
type Point = (usize, f64);

impl BandChart {
    /// Draws the night and the band.
    #[must_use]
    pub fn new(t: Texts, label: String, night: &Filling, band: &Band) -> Self {
        let last = first_day_of_interest(night, band);
        let scale = Scale { days: last };
        let spreads = runs(last, |day| band.on(day));
        let percents = [0.0, 50.0, 100.0].map(|percent| Tick {
            at: scale.y(percent),
            label: t.with("percent", "percent", t.decimal(percent, 0)).to_string(),
        });
        let step = STEPS.into_iter().find(|step| last / step <= MAX_LABELS).unwrap_or(STEPS[4]);
        let days = (0..=last).step_by(step);
        Self {
            label,
            band: spreads.iter().map(|run| outline(&scale, run)).collect(),
            median: spreads
                .iter()
                .map(|run| {
                    let points = run.iter().map(|(day, spread)| (*day, spread.median));
                    line(&scale, &points.collect::<Vec<_>>())
                })
                .collect(),
            line: runs(last, |day| night.on(day)).iter().map(|run| steps(&scale, run)).collect(),
            percents: percents.into(),
            days: days.map(|day| Tick { at: scale.x(day), label: day.to_string() }).collect(),
        }
    }
}

/// The first day to draw: a week before the places began to go.
fn first_day_of_interest(night: &Filling, band: &Band) -> usize {
    let low = |day| [night.on(day), band.on(day).map(|spread| spread.low)];
    let known = |day: &usize| low(*day).iter().any(Option::is_some);
    let begun = |day: &usize| low(*day).into_iter().flatten().any(|free| free < NEARLY_FREE);
    let days = || (0..=MAX_DAYS_BEFORE).rev();
    let first = days().find(known).unwrap_or_default();
    let begin = days().find(begun).unwrap_or_default();
    (begin + 7).max(MIN_DAYS).min(first.max(1))
}

/// The days without a gap that have a value, from the earliest day on.
fn runs<T>(last: usize, value: impl Fn(usize) -> Option<T>) -> Vec<Vec<(usize, T)>> {
    let mut runs: Vec<Vec<(usize, T)>> = Vec::new();
    let mut has_gap = true;
    for day in (0..=last).rev() {
        let Some(value) = value(day) else {
            has_gap = true;
            continue;
        };
        if has_gap {
            runs.push(Vec::new());
            has_gap = false;
        }
        if let Some(run) = runs.last_mut() {
            run.push((day, value));
        }
    }
    runs
}

/// Where a day and a percentage lie in the drawing.
struct Scale {
    /// The days from the left edge to the night.
    days: usize,
}

impl Scale {
    fn x(&self, day: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "there are some hundred days")]
        let share = (self.days - day) as f64 / self.days as f64;
        AREA.x(share)
    }

    #[expect(clippy::unused_self, reason = "beside `x`")]
    fn y(&self, percent: f64) -> f64 {
        AREA.y(percent / 100.0)
    }

    /// A point of a path.
    fn at(&self, (day, percent): Point) -> String {
        format!("{:.1} {:.1}", self.x(day), self.y(percent))
    }
}

fn line(scale: &Scale, points: &[Point]) -> String {
    let points: Vec<String> = points.iter().map(|point| scale.at(*point)).collect();
    format!("M{}", points.join("L"))
}

/// A line that keeps its height until the next day.
fn steps(scale: &Scale, points: &[Point]) -> String {
    let mut path = String::new();
    for (index, (day, percent)) in points.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = match index {
            0 => write!(path, "M{}", scale.at((*day, *percent))),
            _ => write!(path, "H{:.1}V{:.1}", scale.x(*day), scale.y(*percent)),
        };
    }
    // A single day has no length.
    if let [(day, _)] = points {
        let _ = write!(path, "H{:.1}", scale.x(day.saturating_sub(1)));
    }
    path
}

/// The outline of a part of the band: there along its upper edge, and back along its lower edge.
fn outline(scale: &Scale, run: &[(usize, crate::query::filling::Spread)]) -> String {
    let upper = run.iter().map(|(day, spread)| (*day, spread.high));
    let lower = run.iter().rev().map(|(day, spread)| (*day, spread.low));
    line(scale, &upper.chain(lower).collect::<Vec<_>>()) + "Z"
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::{ReservationStatus, State};
    use crate::query::views::Entry;

    /// A night of 40 places that had all of them free, and half of them from some days before it on.
    fn filling(days: i64) -> Filling {
        let night: NaiveDate = "2026-07-18".parse().unwrap();
        let at = |before: i64| -> DateTime<Utc> {
            night.and_hms_opt(12, 0, 0).unwrap().and_utc() - TimeDelta::days(before)
        };
        let entry = |from: i64, until: i64, free: i16| Entry {
            state: State {
                free: Some(free),
                total: Some(40),
                hut_type: HutType::Hut,
                reservation_status: ReservationStatus::Possible,
            },
            first_checked: at(from),
            last_checked: at(until),
        };
        Filling::new(&[entry(300, days, 40), entry(days, 0, 20)], night, chrono_tz::Tz::UTC)
    }

    fn chart(night: &Filling) -> BandChart {
        let band = Band::new(&[10, 14, 21].map(filling)).unwrap();
        BandChart::new(Texts::default(), "Free places".into(), night, &band)
    }

    #[test]
    fn the_chart_begins_a_week_before_the_places_go() {
        let labels = |chart: BandChart| -> Vec<String> {
            chart.days.into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(chart(&filling(3))), ["0", "7", "14", "21", "28"]);
        assert_eq!(labels(chart(&filling(60))), ["0", "14", "28", "42", "56"]);
    }

    #[test]
    fn the_night_is_a_line_of_steps_and_the_band_a_closed_outline() {
        let chart = chart(&filling(14));
        assert!(chart.line.starts_with("M70.0 14.0H") && chart.line.ends_with("H710.0V122.0"));
        assert!(chart.band.starts_with("M70.0 14.0L") && chart.band.ends_with('Z'));
        assert!(chart.median.ends_with("L710.0 122.0"), "{}", chart.median);
        let html = chart.render().unwrap();
        assert!(html.contains("100 %") && html.contains("aria-label=\"Free places\""), "{html}");
    }

    #[test]
    fn days_without_a_value_are_gaps() {
        let runs = runs(5, |day| (day != 3).then_some(day));
        let days = |run: &Vec<(usize, usize)>| run.iter().map(|(day, _)| *day).collect::<Vec<_>>();
        assert_eq!(runs.iter().map(days).collect::<Vec<_>>(), [vec![5, 4], vec![2, 1, 0]]);
        let unknown = Filling::new(&[], "2026-07-18".parse().unwrap(), chrono_tz::Tz::UTC);
        assert_eq!(chart(&unknown).line, "");
    }
}
