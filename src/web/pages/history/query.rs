//! The parsed parameters of the page, and its page cursor. Pure functions.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};

use crate::db::pages::changes::{ChangeFilter, ChangeKey};
use crate::db::pages::huts::ListedHut;
use crate::domain::calendar;
use crate::domain::hut::HutType;
use crate::query::date;
use crate::query::hut_filter::HutFilter;
use crate::query::night::NightStatus;
use crate::query::paging::Cursor;
use crate::web::pages::page_links::cursor;
use crate::web::pages::params::Params;
use crate::web::problem::Problem;

/// How many days back the page looks for places that came free, because the database must read every change to find
/// them.
pub const FREED_DAYS: i64 = 30;

/// The parsed parameters of the page.
#[derive(Clone, Debug)]
pub struct Query {
    date: Option<NaiveDate>,
    occupancy: Option<NightStatus>,
    hut_type: Option<HutType>,
    huts: HutFilter,
    /// Only changes after which more places can be booked, in the last days.
    freed_since: Option<DateTime<Utc>>,
    pub cursor: Cursor<ChangeKey>,
}

impl Query {
    /// Parses the parameters of a URL.
    ///
    /// # Errors
    /// A parameter is not valid; the problem names it.
    pub fn read(params: &Params, today: NaiveDate, now: DateTime<Utc>) -> Result<Self, Problem> {
        Ok(Self {
            date: params.parsed("date", |text| date::parse(text, today))?,
            occupancy: params.one_of("occupancy")?,
            hut_type: params.one_of("hut_type")?,
            huts: HutFilter::new(params.given("q"), None),
            freed_since: (params.text("freed") == "1").then(|| now - TimeDelta::days(FREED_DAYS)),
            cursor: cursor(params, decode)?,
        })
    }

    /// Whether [`Query::filter`] needs the list of huts.
    #[must_use]
    pub fn needs_huts(&self) -> bool {
        !self.huts.is_all() || self.date.is_some()
    }

    /// The filter for the database. The changes of a night are looked up by the IDs of all selected huts,
    /// because the keys of the table begin with the hut.
    #[must_use]
    pub fn filter(&self, huts: &[ListedHut]) -> ChangeFilter {
        let matches_filter = |hut: &&ListedHut| self.huts.matches(&hut.slug, &hut.name, None);
        let ids = || huts.iter().filter(matches_filter).map(|hut| hut.id).collect();
        ChangeFilter {
            date: self.date,
            status: self.occupancy,
            hut_type: self.hut_type,
            huts: self.needs_huts().then(ids),
            freed_since: self.freed_since,
        }
    }
}

/// Encodes a page cursor for a URL: instant, hut and date.
#[must_use]
pub fn encode(key: &ChangeKey) -> String {
    let first_checked = key.first_checked.to_rfc3339_opts(SecondsFormat::Micros, true);
    format!("{first_checked}~{}~{}", key.hut_id, key.date)
}

fn decode(text: &str) -> Result<ChangeKey, String> {
    let decoded = || {
        let (first_checked, rest) = text.split_once('~')?;
        let (hut_id, date) = rest.split_once('~')?;
        Some(ChangeKey {
            first_checked: calendar::parse_instant(first_checked).ok()?,
            hut_id: hut_id.parse().ok()?,
            date: calendar::parse_date(date)?,
        })
    };
    decoded()
        .ok_or_else(|| format!("{text:?} is not a valid page cursor: go back to the first page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_cursor_is_decoded_to_the_same_key_and_others_are_refused() {
        let key = ChangeKey {
            first_checked: "2026-06-30T10:00:00.000001Z".parse().unwrap(),
            hut_id: 7,
            date: "2026-07-01".parse().unwrap(),
        };
        assert_eq!(encode(&key), "2026-06-30T10:00:00.000001Z~7~2026-07-01");
        assert_eq!(decode(&encode(&key)), Ok(key));
        for text in [
            "",
            "7~2026-07-01",
            "2026-06-30T10:00:00Z~x~2026-07-01",
            "2026-06-30T10:00:00Z~7~-262143-01-01",
            "2026-06-30T10:00:00Z~7~+10000-01-01",
            "0000-06-30T10:00:00Z~7~2026-07-01",
            "2026-06-30T23:59:60Z~7~2026-07-01",
            "2026-06-30T10:00:00Z~99999999999~2026-07-01",
        ] {
            assert!(
                decode(text)
                    .unwrap_err()
                    .starts_with(&format!("{text:?} is not a valid page cursor"))
            );
        }
    }
}
