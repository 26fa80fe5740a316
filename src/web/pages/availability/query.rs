//! The parsed parameters of the page, and its page cursor. Pure functions.

use std::ops::RangeInclusive;

use chrono::{NaiveDate, SecondsFormat};

use crate::db::pages::huts::ListedHut;
use crate::db::pages::nights::{NightFilter, NightKey, Sort, SortBy, Value};
use crate::domain::calendar;
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;
use crate::query::hut_filter::HutFilter;
use crate::query::night::NightStatus;
use crate::query::paging::Cursor;
use crate::query::views::dates;
use crate::web::pages::page_links::cursor;
use crate::web::pages::params::Params;
use crate::web::problem::Problem;

/// The ranges of nights that the form offers: values and labels.
pub const DAYS: [(&str, &str); 4] =
    [("1", "range-1"), ("7", "range-7"), ("30", "range-30"), ("all", "range-all")];

/// The default range of nights.
pub const DEFAULT_DAYS: &str = "7";

/// The longest range of the API.
const DAYS_OF_YEAR: u16 = 365;

/// The parsed parameters of the page.
#[derive(Clone, Debug, Default)]
pub struct Query {
    dates: Option<RangeInclusive<NaiveDate>>,
    status: Option<NightStatus>,
    reservation: Option<ReservationStatus>,
    hut_type: Option<HutType>,
    organization: Option<String>,
    huts: HutFilter,
    pub sort: Sort,
    /// The requested sort order, if it was refused because too many nights would have to be sorted.
    pub refused_sort: Option<SortBy>,
    pub cursor: Cursor<NightKey>,
}

impl Query {
    /// Parses the parameters of a URL.
    ///
    /// # Errors
    /// A parameter is not valid; the problem names it.
    pub fn read(params: &Params, today: NaiveDate) -> Result<Self, Problem> {
        let requested_sort = Sort {
            by: params.one_of("sort")?.unwrap_or_default(),
            direction: params.one_of("dir")?.unwrap_or_default(),
        };
        let dates = params
            .parsed("days", |text| days(text, today))?
            .unwrap_or_else(|| Some(dates(today, 7)));
        // Sorting a million nights for each page would take too long.
        let refused_sort = Some(requested_sort.by).filter(|by| dates.is_none() && by.reads_all());
        let sort = if refused_sort.is_some() { Sort::default() } else { requested_sort };
        Ok(Self {
            dates,
            status: params.one_of("occupancy")?,
            reservation: params.one_of("reservation")?,
            hut_type: params.one_of("hut_type")?,
            organization: params.given("organization").map(str::to_owned),
            huts: params.hut_filter(),
            sort,
            refused_sort,
            cursor: cursor(params, |text| decode(text, sort.by))?,
        })
    }

    /// Whether the list can be sorted by `by`: not by every column if there is no range of nights.
    #[must_use]
    pub fn can_be_sorted(&self, by: SortBy) -> bool {
        self.dates.is_some() || !by.reads_all()
    }

    /// The filter for the database. Huts are filtered here and not by the database, because databases
    /// differ in how they compare accents; there are few huts.
    #[must_use]
    pub fn filter(&self, huts: &[ListedHut]) -> NightFilter {
        let matches_filter =
            |hut: &&ListedHut| self.huts.matches(&hut.slug, &hut.name, hut.country.as_deref());
        let ids = || huts.iter().filter(matches_filter).map(|hut| hut.id).collect();
        NightFilter {
            dates: self.dates.clone(),
            status: self.status,
            reservation: self.reservation,
            hut_type: self.hut_type,
            organization: self.organization.clone(),
            huts: (!self.huts.is_all()).then(ids),
        }
    }
}

/// The number of days for which the API answers the same; a year for all of them.
#[must_use]
pub fn days_of_api(params: &Params) -> u16 {
    params.given("days").unwrap_or(DEFAULT_DAYS).parse().unwrap_or(DAYS_OF_YEAR)
}

/// Parses a range of dates that starts today; none means all dates.
fn days(text: &str, today: NaiveDate) -> Result<Option<RangeInclusive<NaiveDate>>, String> {
    match text {
        "all" => Ok(None),
        "1" | "7" | "30" => Ok(text.parse().ok().map(|days| dates(today, days))),
        _ => Err(format!("expected one of 1, 7, 30, all, got {text:?}")),
    }
}

/// Encodes a page cursor for a URL: value, date and slug.
#[must_use]
pub fn encode(key: &NightKey) -> String {
    let value = match key.value {
        Value::None => String::new(),
        Value::Free(free) => free.to_string(),
        Value::Percent(percent) => percent.to_string(),
        Value::Checked(instant) => instant.to_rfc3339_opts(SecondsFormat::Micros, true),
    };
    format!("{value}~{}~{}", key.date, key.slug)
}

/// Decodes the page cursor of a list that is sorted by `by`.
fn decode(text: &str, by: SortBy) -> Result<NightKey, String> {
    let decoded = || {
        let (value, rest) = text.split_once('~')?;
        let (date, slug) = rest.split_once('~')?;
        let value = match by {
            SortBy::Date | SortBy::Hut => value.is_empty().then_some(Value::None)?,
            SortBy::Free => Value::Free(value.parse().ok()?),
            SortBy::Occupancy => {
                Value::Percent(value.parse().ok().filter(|percent: &f64| percent.is_finite())?)
            }
            SortBy::Checked => Value::Checked(calendar::parse_instant(value).ok()?),
        };
        let is_slug = !slug.is_empty() && !slug.contains(char::is_control);
        let date = calendar::parse_date(date)?;
        Some(NightKey { value, date, slug: is_slug.then(|| slug.to_owned())? })
    };
    decoded()
        .ok_or_else(|| format!("{text:?} is not a valid page cursor: go back to the first page"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    #[test]
    fn the_cursor_of_another_list_is_refused_and_quoted() {
        for text in
            ["", "1", "~2026-01-01~", "x~2026-01-01~hut", "~2026-02-30~hut", "~2026-01-01~a\u{0}"]
        {
            let error = decode(text, SortBy::Date).unwrap_err();
            assert!(error.starts_with(&format!("{text:?} is not a valid page cursor")), "{error}");
        }
        for date in ["-262143-01-01", "0000-01-01", "+10000-01-01", "+262142-12-31"] {
            assert!(decode(&format!("~{date}~hut"), SortBy::Date).is_err(), "{date}");
            assert!(decode(&format!("3~{date}~hut"), SortBy::Free).is_err(), "{date}");
        }
        for instant in ["0000-01-01T00:00:00Z", "2026-06-30T23:59:60Z", "+10000-01-01T00:00:00Z"] {
            assert!(decode(&format!("{instant}~2026-01-01~hut"), SortBy::Checked).is_err());
        }
        assert!(decode("NaN~2026-01-01~hut", SortBy::Occupancy).is_err());
        assert!(decode("~2026-01-01~hut", SortBy::Free).is_err());
    }

    proptest! {
        #[test]
        fn an_encoded_cursor_is_decoded_to_the_same_key(
            free in 0..=i16::MAX, percent in 0.0..=100.0, micros in 0..=4_000_000_000_000_000_i64,
            days in 0..40_000_u64, slug in "[a-z0-9][a-z0-9~-]{0,20}"
        ) {
            let date = NaiveDate::default() + chrono::Days::new(days);
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            for (by, value) in [
                (SortBy::Date, Value::None),
                (SortBy::Hut, Value::None),
                (SortBy::Free, Value::Free(free)),
                (SortBy::Occupancy, Value::Percent(percent)),
                (SortBy::Checked, Value::Checked(at)),
            ] {
                let key = NightKey { value, date, slug: slug.clone() };
                prop_assert_eq!(decode(&encode(&key), by), Ok(key));
            }
        }
    }
}
