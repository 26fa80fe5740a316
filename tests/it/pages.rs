//! The web pages, requested directly from their router.

mod availability;
mod history;
mod hut;
mod huts;
mod map;
mod start;
mod stays;
mod tours;
mod truth;
mod watches;

use std::ops::RangeInclusive;

use axum::http::StatusCode;
use chrono::{DateTime, Days, NaiveDate, Utc};
use hut_availability::db::connection::Db;
use hut_availability::db::write::update_availability;
use hut_availability::domain::availability::{Adjustments, Check};
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::domain::unknown_values::UnknownValues;
use hut_availability::domain::validators::Validators;
use hut_availability::register::file;
use hut_availability::register::import;
use hut_availability::web::pages;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::handlers::{self, HandlerResponse, get_from};

/// Noon on the day on which these tests take place, a Tuesday.
const NOW: &str = "2026-06-30T10:00:00Z";

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn today() -> NaiveDate {
    now().date_naive()
}

/// The date `days` days after today, or before it.
fn in_days(days: i64) -> NaiveDate {
    today() + chrono::TimeDelta::days(days)
}

/// The response of a page.
struct Answer {
    status: StatusCode,
    cache_control: String,
    location: Option<String>,
    html: String,
}

impl Answer {
    /// Every text that stands between `start` and `end`.
    fn all_between(&self, start: &str, end: &str) -> Vec<String> {
        let rest = self.html.split(start).skip(1);
        rest.map(|rest| rest.split(end).next().unwrap().to_owned()).collect()
    }

    /// The target of the first link with this `rel`, unescaped.
    fn link(&self, rel: &str) -> Option<String> {
        let links = self.all_between(&format!("rel=\"{rel}\" href=\""), "\"");
        links.first().map(|link| link.replace("&#38;", "&"))
    }

    fn assert_says(&self, text: &str) -> &Self {
        assert!(self.html.contains(text), "{text:?} is missing in:\n{}", self.html);
        self
    }

    fn assert_does_not_say(&self, text: &str) -> &Self {
        assert!(!self.html.contains(text), "{text:?} must not be in:\n{}", self.html);
        self
    }
}

/// Requests a page.
fn get(database: &TestDatabase, path: &str) -> Answer {
    answer(get_from(pages::router, database, NOW, path))
}

/// The response of a page for a browser that accepts some languages.
fn get_in(database: &TestDatabase, path: &str, languages: &str) -> Answer {
    answer(handlers::get_in(languages, pages::router, database, NOW, path))
}

fn answer(response: HandlerResponse) -> Answer {
    let header = |name: &str| response.headers.get(name).map(|it| it.to_str().unwrap().to_owned());
    Answer {
        status: response.status,
        cache_control: header("cache-control").unwrap_or_default(),
        location: header("location"),
        html: response.text,
    }
}

/// Imports huts from the lines of a file without its header.
fn import(database: &TestDatabase, lines: &str) -> Db {
    let head = "slug,name,organization,source_hut_id,country,latitude,longitude,hut_type_open";
    let mut db = database.open();
    let file = file::read(format!("{head}\n{lines}").as_bytes(), &crate::support::organizations())
        .unwrap();
    import::import(&mut db, &file, &crate::support::organizations()).unwrap();
    db
}

/// Stores a check of a hut that asked for the dates of `states`, which begin at `from`.
fn store(db: &mut Db, hut_id: i32, at: DateTime<Utc>, from: NaiveDate, states: &[State]) {
    let range = from..=from + Days::new(states.len() as u64 - 1);
    store_in(db, hut_id, at, range, from, states);
}

/// Stores a check of a hut that asked for a range of dates. It listed the dates of `states`, which begin at `from`.
fn store_in(
    db: &mut Db,
    hut_id: i32,
    at: DateTime<Utc>,
    range: RangeInclusive<NaiveDate>,
    from: NaiveDate,
    states: &[State],
) {
    let days = states.iter().enumerate();
    let check = Check {
        hut_id,
        at,
        organization: "hrs".into(),
        source_hut_id: hut_id.to_string(),
        new_link: None,
        days: days.map(|(day, state)| (from + Days::new(day as u64), *state)).collect(),
        range,
        adjustments: Adjustments::default(),
        unknown_values: UnknownValues::default(),
        validators: Validators::default(),
    };
    update_availability(db, &check, at).unwrap();
}

fn state(free: i16, total: i16) -> State {
    let reservation_status = match (free, total) {
        (_, 0) => ReservationStatus::Unknown,
        (0, _) => ReservationStatus::NotPossible,
        _ => ReservationStatus::Possible,
    };
    let hut_type = if total == 10 { HutType::Selfhut } else { HutType::Hut };
    State { free: Some(free), total: Some(total), hut_type, reservation_status }
}

/// A state whose numbers may be unpublished.
fn odd_state(
    free: impl Into<Option<i16>>,
    total: impl Into<Option<i16>>,
    reservation_status: ReservationStatus,
) -> State {
    let (free, total) = (free.into(), total.into());
    State { free, total, hut_type: HutType::Hut, reservation_status }
}

/// A repeatable mixture of states with every status, many of them equal.
fn mixed(seed: usize, count: usize) -> Vec<State> {
    let totals = [40, 40, 0, 10, 100];
    let odd = [
        odd_state(0, 0, ReservationStatus::NotPossible),
        // Earlier versions stored closed dates in this way.
        odd_state(5, 9, ReservationStatus::NotPossible),
        odd_state(None, 40, ReservationStatus::Possible),
        odd_state(None, None, ReservationStatus::Possible),
        odd_state(None, 40, ReservationStatus::NotOnline),
        odd_state(None, None, ReservationStatus::Unknown),
        odd_state(3, None, ReservationStatus::Possible),
        odd_state(0, None, ReservationStatus::NotPossible),
    ];
    let state_of_day = |day: usize| {
        if day % 3 == seed % 3 {
            return odd[(seed + day / 3) % odd.len()];
        }
        let number = (seed * 31 + day * 17 + day * day * 7) % 101;
        let total = totals[(number + seed) % totals.len()];
        let free = [0, total, total / 2, total / 4, total - total / 10, 1.min(total)];
        state(free[(number / 3 + day) % free.len()], total)
    };
    (0..count).map(state_of_day).collect()
}

#[test]
fn a_style_sheet_is_cached_for_ever_only_under_its_versioned_address() {
    let database = TestDatabase::sqlite();
    let named = get(&database, "/huts").all_between("rel=\"stylesheet\" href=\"", "\"");
    assert!(named[0].starts_with("/assets/style.css?v="), "{named:?}");
    for (path, cache_control) in [
        (named[0].as_str(), "public, max-age=31536000, immutable"),
        ("/assets/style.css", "no-cache"),
        ("/assets/style.css?v=0123456789abcdef", "no-cache"),
        (&format!("{}&x", named[0]), "no-cache"),
    ] {
        let answer = get(&database, path);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.cache_control, cache_control, "{path}");
    }
    assert_eq!(get(&database, "/assets/style.cs").status, StatusCode::NOT_FOUND);
}

#[test]
fn an_address_that_is_not_utf_8_gets_an_error_page() {
    let answer = get(&TestDatabase::sqlite(), "/huts/%FF");
    assert_eq!(
        (answer.status, answer.cache_control.as_str()),
        (StatusCode::BAD_REQUEST, "no-store")
    );
    answer.assert_says("<!DOCTYPE html>").assert_says("the URL is not valid UTF-8");
}

on_both_databases! {
    fn every_page_works_with_an_empty_database(database) {
        for path in ["/", "/availability", "/history", "/huts", "/checks", "/stays", "/tours"] {
            let answer = get(database, path);
            assert_eq!((answer.status, answer.cache_control.as_str()), (StatusCode::OK, "public, max-age=30"));
            answer.assert_says("<html lang=\"en\">").assert_does_not_say(" style=").assert_does_not_say("<style");
        }
    }
}
