//! Pure: what a structure sells, and which month of it is asked for next.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use serde_json::{Map, Value};

use crate::domain::availability::Adjustments;
use crate::text::clean::one_line;

/// The most characters of an unreadable date that a message quotes.
const MAX_DATE_LEN: usize = 40;

/// The nights that a structure sells, as the site's list of structures says. A missing bound is no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Season {
    pub first: Option<NaiveDate>,
    pub last: Option<NaiveDate>,
}

impl Season {
    /// Reads the season of a structure's entry in the list. Bounds that cannot be read, or contradict each other, are
    /// left out and counted.
    #[must_use]
    pub fn read(entry: &Map<String, Value>, adjustments: &mut Adjustments) -> Self {
        let mut bound = |field: &str| match entry.get(field)? {
            Value::Null => None,
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) if let Some(date) = date(text) => Some(date),
            other => {
                let value = one_line(&other.to_string(), MAX_DATE_LEN);
                adjustments.add(|| format!("{field} {value} is not a date and was left out"));
                None
            }
        };
        let (first, last) = (bound("minDate"), bound("maxDate"));
        if let (Some(min), Some(max)) = (first, last)
            && min > max
        {
            adjustments.add(|| format!("minDate {min} is after maxDate {max}: both were left out"));
            return Self::default();
        }
        Self { first, last }
    }

    #[must_use]
    pub fn contains(&self, night: NaiveDate) -> bool {
        self.first.is_none_or(|first| first <= night) && self.last.is_none_or(|last| night <= last)
    }
}

/// A date, alone or at the beginning of an instant.
fn date(text: &str) -> Option<NaiveDate> {
    text.trim().get(..10)?.parse().ok()
}

/// The first night that the answer to a request for the month of `asked` says nothing of. `told` has the nights that it
/// names. An answer has two months as a rule. It may have one, skip the months in which nothing is sold, or end early:
/// what follows is asked for again, so that its nights do not look withdrawn.
///
/// The result is always in a later month than `asked`, so that a check has no more requests than months.
#[must_use]
pub fn untold(asked: NaiveDate, told: &BTreeSet<NaiveDate>) -> NaiveDate {
    let next_month = asked.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
    let next_month = next_month.unwrap_or(NaiveDate::MAX);
    let mut end = None;
    for night in told.range(asked..) {
        if end.is_some_and(|end| end != *night) {
            break;
        }
        end = Some(night.succ_opt().unwrap_or(NaiveDate::MAX));
    }
    end.map_or(next_month, |end| end.max(next_month))
}

/// The next night to ask for, if any: the first one from `untold` on that the structure sells, up to `until`.
#[must_use]
pub fn next_request(season: &Season, untold: NaiveDate, until: NaiveDate) -> Option<NaiveDate> {
    let next = season.first.map_or(untold, |first| first.max(untold));
    (next <= until && season.contains(next)).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read(min: &Value, max: &Value) -> (Season, usize) {
        let entry = json!({ "minDate": min, "maxDate": max });
        let mut adjustments = Adjustments::default();
        (Season::read(entry.as_object().unwrap(), &mut adjustments), adjustments.count)
    }

    fn nights(ranges: &[(&str, &str)]) -> BTreeSet<NaiveDate> {
        let nights = |(first, last): &(&str, &str)| {
            let last = day(last);
            day(first).iter_days().take_while(move |night| *night <= last)
        };
        ranges.iter().flat_map(nights).collect()
    }

    #[test]
    fn a_missing_or_absurd_bound_is_no_bound() {
        let (season, count) = read(&json!("2025-06-11"), &json!("2026-10-22T00:00:00"));
        let expected = Season { first: Some(day("2025-06-11")), last: Some(day("2026-10-22")) };
        assert_eq!((season, count), (expected, 0));
        assert!(season.contains(day("2025-06-11")) && season.contains(day("2026-10-22")));
        assert!(!season.contains(day("2025-06-10")) && !season.contains(day("2026-10-23")));
        assert_eq!(read(&json!(null), &json!(" ")), (Season::default(), 0));
        for absurd in [json!("soon"), json!("2026-02-30"), json!(20_260_701), json!([]), json!("é")]
        {
            let only_last = Season { first: None, last: Some(day("2026-10-22")) };
            assert_eq!(read(&absurd, &json!("2026-10-22")), (only_last, 1), "{absurd}");
        }
        assert_eq!(read(&json!("2026-10-22"), &json!("2025-06-11")), (Season::default(), 1));
    }

    #[test]
    fn an_answer_of_two_months_spares_the_second_request() {
        let asked = day("2025-08-12");
        let untold = |ranges| untold(asked, &nights(ranges)).to_string();
        assert_eq!(untold(&[("2025-08-01", "2025-09-30")]), "2025-10-01");
        assert_eq!(untold(&[("2025-08-12", "2025-08-31")]), "2025-09-01", "one month");
        assert_eq!(untold(&[]), "2025-09-01", "no night");
        assert_eq!(untold(&[("2025-08-01", "2025-08-11")]), "2025-09-01", "only past nights");
        assert_eq!(untold(&[("2026-03-01", "2026-04-30")]), "2026-05-01", "months were skipped");
        assert_eq!(untold(&[("2025-08-12", "2025-09-11")]), "2025-09-12", "it ends early");
        let gap = [("2025-08-12", "2025-08-14"), ("2025-08-20", "2025-09-30")];
        assert_eq!(untold(&gap), "2025-09-01", "a night is missing");
        let absurd = [("2025-08-12", "2025-09-30"), ("2199-01-01", "2199-01-01")];
        assert_eq!(untold(&absurd), "2025-10-01");
    }

    #[test]
    fn only_what_is_sold_is_asked_for() {
        let season =
            |first: &str, last: &str| Season { first: first.parse().ok(), last: last.parse().ok() };
        let next = |season: &Season, untold| {
            next_request(season, day(untold), day("2026-08-11")).map(|night| night.to_string())
        };
        assert_eq!(next(&season("", ""), "2025-10-01").as_deref(), Some("2025-10-01"));
        assert_eq!(next(&season("2026-06-13", ""), "2025-10-01").as_deref(), Some("2026-06-13"));
        assert_eq!(next(&season("", "2025-09-30"), "2025-10-01"), None);
        assert_eq!(next(&season("", "2025-10-01"), "2025-10-01").as_deref(), Some("2025-10-01"));
        assert_eq!(next(&season("2026-08-12", ""), "2025-10-01"), None);
        assert_eq!(next(&season("", ""), "2026-08-12"), None);
    }

    #[test]
    fn the_last_dates_of_the_calendar_end_the_check() {
        let last = BTreeSet::from([NaiveDate::MAX]);
        assert_eq!(untold(NaiveDate::MAX, &last), NaiveDate::MAX);
        assert_eq!(next_request(&Season::default(), NaiveDate::MAX, day("2026-08-11")), None);
    }
}
