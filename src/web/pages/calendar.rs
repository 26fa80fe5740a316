//! A year of a hut as a calendar, month by month. Pure functions.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::format;
use super::occupancy::describe;
use super::times::{self, Times};
use crate::query::freshness::Freshness;
use crate::query::night::Night;
use crate::text::texts::Texts;

/// The number of months in the calendar: a year.
const MONTHS: u32 = 12;

const CLOSED: &str = "×";
const UNKNOWN: &str = "?";
/// Follows the sign that the night had.
const WITHDRAWN: &str = "†";

/// The signs that are not a number of places, with their meanings.
#[must_use]
pub fn signs(t: Texts) -> [(String, String); 5] {
    [
        (CLOSED.into(), t.get("night-closed")),
        (t.get("sign-ask"), t.get("meaning-ask")),
        (UNKNOWN.into(), t.get("meaning-unknown")),
        (WITHDRAWN.into(), t.get("meaning-withdrawn")),
        ("!".into(), t.get("meaning-old")),
    ]
}

/// The short and the full names of the weekdays, from Monday on.
#[must_use]
pub fn weekdays(t: Texts) -> Vec<(String, String)> {
    // A Monday.
    let monday = NaiveDate::default() - Days::new(3);
    let name =
        |day: NaiveDate, format| day.format_localized(format, t.language.locale()).to_string();
    monday.iter_days().take(7).map(|day| (name(day, "%a"), name(day, "%A"))).collect()
}

/// A month; its weeks go from Monday to Sunday.
pub struct Month {
    pub title: String,
    pub weeks: Vec<[Option<Cell>; 7]>,
}

/// A day of a month.
pub struct Cell {
    pub day: u32,
    pub url: String,
    /// The accessible name: the date and the state in words.
    pub name: String,
    /// The free places, or a sign of the legend; `–` if no state is stored.
    pub sign: String,
    /// The CSS class: the status, or `none` if no state is stored.
    pub class: String,
    pub is_today: bool,
}

/// The first day of the month of a date.
#[must_use]
pub fn first_of_month(date: NaiveDate) -> NaiveDate {
    date - Days::new(date.day0().into())
}

/// The day after a year that starts at `first`; none after the end of the calendar.
#[must_use]
pub fn end(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_add_months(Months::new(MONTHS))
}

/// The day a year before `first`; none before the start of the calendar.
#[must_use]
pub fn year_before(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_sub_months(Months::new(MONTHS))
}

/// The months of the year that starts at `first`, without those whose dates a URL cannot contain.
#[must_use]
pub fn months(
    slug: &str,
    first: NaiveDate,
    states: &BTreeMap<NaiveDate, Night>,
    times: &Times,
) -> Vec<Month> {
    let first_days = (0..MONTHS).map(|months| first.checked_add_months(Months::new(months)));
    let first_days = first_days.filter_map(format::linkable_date);
    first_days.map(|first| month(slug, first, states, times)).collect()
}

fn month(
    slug: &str,
    first: NaiveDate,
    states: &BTreeMap<NaiveDate, Night>,
    times: &Times,
) -> Month {
    let mut weeks: Vec<[Option<Cell>; 7]> = Vec::new();
    let days = first.iter_days().take_while(|date| date.month() == first.month());
    for date in days {
        let weekday = date.weekday().num_days_from_monday() as usize;
        if weekday == 0 || weeks.is_empty() {
            weeks.push([const { None }; 7]);
        }
        if let Some(week) = weeks.last_mut() {
            week[weekday] = Some(cell(slug, date, states.get(&date), times));
        }
    }
    Month { title: first.format_localized("%B %Y", times.t.language.locale()).to_string(), weeks }
}

/// A night as a cell.
#[must_use]
pub fn cell(slug: &str, date: NaiveDate, night: Option<&Night>, times: &Times) -> Cell {
    let Times { t, limits, .. } = times;
    let t = *t;
    let day = t.day(date);
    let (name, sign, class) = match night {
        Some(night) => {
            let is_old = limits.of_night(date, night) != Freshness::Current;
            let name = format!("{day}: {}", words(times, date, night));
            (name, sign(t, night) + if is_old { "!" } else { "" }, night.status().to_string())
        }
        None => (format!("{day}: {}", t.get("no-data")), "–".to_owned(), "none".to_owned()),
    };
    let url = format::night_url(slug, date);
    Cell { day: date.day(), url, name, sign, class, is_today: date == limits.today }
}

/// A night in words, with the age of its figures if they are old or of a night that is no longer listed.
#[must_use]
pub fn words(times: &Times, date: NaiveDate, night: &Night) -> String {
    let Times { t, limits, .. } = times;
    let mark = times::mark(*t, limits.of_night(date, night));
    let mut words = describe(*t, night);
    if night.is_withdrawn || mark.is_some() {
        let id = if night.is_withdrawn { "last-listed-ago" } else { "checked-ago" };
        words += &format!(", {}", t.with(id, "age", t.age(night.last_checked, limits.now)));
    }
    words.extend(mark.map(|mark| format!(", {mark}")));
    words
}

/// The signs that are not a number of places are in the legend.
fn sign(t: Texts, night: &Night) -> String {
    let state = night.state;
    let sign = match state.free {
        _ if state.is_closed() => CLOSED.into(),
        _ if night.must_ask() => t.get("sign-ask"),
        Some(_) if state.total == Some(0) => UNKNOWN.into(),
        Some(free) => free.to_string(),
        None => UNKNOWN.into(),
    };
    if night.is_withdrawn { sign + WITHDRAWN } else { sign }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::schedule::Intervals;
    use crate::domain::state::ReservationStatus::{self, NotPossible, Possible, Unknown};
    use crate::domain::state::State;
    use crate::domain::tier::Tier;
    use crate::query::freshness::AgeLimits;
    use chrono::TimeDelta;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_day_of_a_year_is_once_in_the_column_of_its_weekday() {
        for (first, days) in [("2026-11-01", 365), ("2027-03-01", 366), ("2028-02-01", 366)] {
            let months = months("hut", date(first), &BTreeMap::new(), &times(date(first)));
            assert_eq!(months.len(), 12);
            let mut next = date(first);
            for month in &months {
                for week in &month.weeks {
                    for (weekday, cell) in week.iter().enumerate() {
                        let Some(cell) = cell else { continue };
                        assert_eq!(cell.url, format!("/huts/hut/{next}"));
                        assert_eq!(weekday, next.weekday().num_days_from_monday() as usize);
                        next = next + Days::new(1);
                    }
                }
            }
            assert_eq!((next - date(first)).num_days(), days);
            assert_eq!(Some(next), end(date(first)));
        }
    }

    #[test]
    fn months_whose_dates_cannot_be_in_a_url_are_left_out() {
        let years = |first| months("hut", date(first), &BTreeMap::new(), &times(date(first))).len();
        assert_eq!((years("9999-12-01"), years("9999-01-01"), years("0000-12-01")), (1, 12, 11));
    }

    fn times(today: NaiveDate) -> Times {
        Times { t: Texts::default(), limits: limits(today), timezone: chrono_tz::Tz::UTC }
    }

    fn limits(today: NaiveDate) -> AgeLimits {
        let [high, medium, low, inactive] =
            [1, 6, 48, 336].map(|half_hours| TimeDelta::minutes(30 * half_hours));
        let now = today.and_hms_opt(12, 0, 0).unwrap().and_utc();
        AgeLimits {
            now,
            today,
            intervals: Intervals { watched: high, high, medium, low, inactive },
        }
    }

    /// A night that was checked some hours ago.
    fn night(
        free: impl Into<Option<i16>>,
        total: impl Into<Option<i16>>,
        reservation_status: ReservationStatus,
        hours_ago: i64,
    ) -> Night {
        let (free, total) = (free.into(), total.into());
        Night {
            state: State { free, total, hut_type: HutType::Hut, reservation_status },
            last_checked: limits(date("2026-11-28")).now - TimeDelta::hours(hours_ago),
            tier: Some(Tier::Low),
            is_listed: true,
            is_withdrawn: false,
        }
    }

    #[test]
    fn the_accessible_name_of_a_cell_has_the_date_and_the_state() {
        let day = date("2026-11-28");
        let nights = [(day, night(3, 40, Possible, 1))].into();
        let months = months("hut", first_of_month(day), &nights, &times(day));
        assert_eq!(months[0].title, "November 2026");
        let cell = months[0].weeks[4][5].as_ref().unwrap();
        assert_eq!(cell.name, "Sat 28 Nov 2026: 3 of 40 free, few");
        assert_eq!((cell.sign.as_str(), cell.class.as_str()), ("3", "high"));
        assert!(cell.is_today);
        let other = months[0].weeks[4][6].as_ref().unwrap();
        assert_eq!(other.name, "Sun 29 Nov 2026: no data");
        assert!(months[0].weeks[0][5].is_none(), "the first is a Sunday");
    }

    #[test]
    fn a_cell_without_a_number_has_a_sign_of_the_legend() {
        let withdrawn = |night| Night { is_withdrawn: true, ..night };
        let day = date("2026-11-29");
        for (night, sign, class, name) in [
            (night(0, 0, NotPossible, 1), "×", "closed", "closed"),
            (night(5, 9, NotPossible, 1), "×", "closed", "closed"),
            (night(0, 0, Unknown, 1), "?", "unknown", "number of places unknown"),
            (night(None, 40, Unknown, 1), "?", "free_unknown", "free places of 40 not published"),
            (
                night(None, 40, Possible, 1),
                "ask",
                "free_unknown",
                "ask: free places of 40 not published",
            ),
            (
                night(3, 40, Possible, 120),
                "3!",
                "high",
                "3 of 40 free, few, checked 5 days ago, old",
            ),
            (
                night(3, 40, Possible, -120),
                "3!",
                "high",
                "3 of 40 free, few, checked in the future, wrong clock",
            ),
            (
                withdrawn(night(3, 40, Possible, 24)),
                "3†",
                "withdrawn",
                "no longer listed; before: 3 of 40 free, last listed 1 day ago",
            ),
            (
                withdrawn(night(0, 0, NotPossible, 24)),
                "×†",
                "withdrawn",
                "no longer listed; before: closed, last listed 1 day ago",
            ),
        ] {
            let cell = cell("hut", day, Some(&night), &times(date("2026-11-28")));
            assert_eq!((cell.sign.as_str(), cell.class.as_str()), (sign, class));
            assert_eq!(cell.name, format!("Sun 29 Nov 2026: {name}"));
        }
    }
}
