//! Properties of the parsers of the booking sites' answers.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use hut_availability::domain::availability::SiteStatus;
use hut_availability::domain::availability::{Adjustments, Answer, Check};
use hut_availability::domain::failure::{ErrorKind, Failure};
use hut_availability::domain::field::MAX_NAME_LEN;
use hut_availability::domain::geo::Place;
use hut_availability::domain::hut::{FollowedHut, HutType, HutTypes};
use hut_availability::runtime::retry_after::parse_retry_after;
use hut_availability::sites::error::SourceError;
use hut_availability::sites::listing::{Listing, SiteHut};
use hut_availability::sites::retry::{MAX_PAUSE, is_retryable};
use hut_availability::sites::{ffcam, huetten_holiday, hut_reservation};
use hut_availability::text::clean::tidy;
use percent_encoding::percent_decode_str;
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::HeaderValue;
use serde::de::IgnoredAny;

use super::is_plain;

/// Parses a response of `getHutAvailability`.
pub fn hrs_availability(body: &[u8]) {
    match hut_reservation::availability::parse(body, "29") {
        Ok(answer) => {
            assert_all_counted(body, answer.days.len(), &answer.adjustments);
            assert_can_be_stored(answer);
        }
        Err(error) => assert_is_malformed(&error),
    }
}

/// Parses a response of `get-month-availability`.
pub fn huetten_holiday_month(body: &[u8]) {
    let june = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
    match huetten_holiday::month::parse(body, june) {
        Ok(read) => {
            assert_all_counted(body, read.days.len(), &read.adjustments);
            assert!(read.days.iter().all(|day| day.date.to_string().starts_with("2026-06-")));
            assert_can_be_stored(Answer {
                days: read.days,
                adjustments: read.adjustments,
                ..Answer::default()
            });
        }
        Err(error) => assert_is_malformed(&error),
    }
}

/// Parses a response of `hutInfo`.
pub fn hrs_hut_info(body: &[u8]) {
    match hut_reservation::info::read(body, "29") {
        Ok(listing) => {
            assert_eq!(listing.huts.len() + listing.test_entries.len(), 1);
            assert!(listing.huts.iter().all(|hut| hut.source_hut_id == "29"));
            assert_huts_are_valid(&listing);
        }
        Err(error) => assert_is_malformed(&error),
    }
}

/// Parses a page of `get-cabins`.
pub fn huetten_holiday_cabins(body: &[u8]) {
    match huetten_holiday::cabins::read(body, 2) {
        Ok(listing) => {
            assert!(listing.last_step.is_some_and(|last| (1..=10_000).contains(&last)));
            assert_huts_are_valid(&listing);
        }
        Err(error) => assert_is_malformed(&error),
    }
}

/// Parses a page of ffcam as an answer for one structure.
pub fn ffcam_nights(body: &[u8]) {
    let dates = "2026-06-02".parse().unwrap()..="2027-06-01".parse().unwrap();
    match ffcam::nights::parse(body, "BK_STRUCTURE:29", &dates) {
        Ok(read) => {
            // The first request is for June, so that the next one is for a later month, and asks for known nights.
            let july = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
            assert!(read.next.is_none_or(|next| next >= july && dates.contains(&next)));
            let is_asked = |date| dates.contains(date) && read.next.is_none_or(|next| *date < next);
            assert!(read.days.iter().map(|day| day.date).is_sorted_by(|a, b| a < b));
            assert!(read.days.iter().all(|day| is_asked(&day.date)));
            assert_can_be_stored(Answer {
                days: read.days,
                adjustments: read.adjustments,
                unknown_values: read.unknown_values,
                ..Answer::default()
            });
        }
        Err(error) => assert_is_malformed_or_waiting_room(&error),
    }
}

/// Parses the list of structures in a page of ffcam.
pub fn ffcam_structures(body: &[u8]) {
    match ffcam::structures::read(body) {
        Ok(listing) => {
            assert_eq!(listing.last_step, Some(1));
            assert!(!listing.huts.is_empty() || !listing.test_entries.is_empty());
            let ids = listing.huts.iter().map(|hut| &hut.source_hut_id);
            for id in ids.chain(&listing.test_entries) {
                assert_eq!(ffcam::address::structure_id(id).as_ref(), Ok(id));
            }
            assert_fields_are_plain(&listing);
        }
        Err(error) => assert_is_malformed_or_waiting_room(&error),
    }
}

fn assert_is_malformed_or_waiting_room(error: &SourceError) {
    if let SourceError::RateLimited { status: 200, .. } = error {
        assert!(
            is_plain(&error.to_string()) && error.to_string().chars().count() <= 200,
            "{error}"
        );
    } else {
        assert_is_malformed(error);
    }
}

/// Parses the `Set-Cookie` headers of a response, one on each line.
pub fn token(lines: &[u8]) {
    let url = "https://www.huetten-holiday.com/huts".parse().unwrap();
    let headers: Vec<HeaderValue> = lines
        .split(|byte| *byte == b'\n')
        .filter_map(|line| HeaderValue::from_bytes(line).ok())
        .collect();
    let jar = Jar::default();
    jar.set_cookies(&mut headers.iter(), &url);
    let cookies = jar.cookies(&url);
    match huetten_holiday::site::token(cookies.as_ref()) {
        Ok(token) => {
            let cookies = cookies.as_ref().unwrap().to_str().unwrap();
            let is_token = |pair: &str| {
                let value = pair.strip_prefix("XSRF-TOKEN=");
                value.is_some_and(|value| {
                    percent_decode_str(value).eq(token.as_bytes().iter().copied())
                })
            };
            assert!(cookies.split("; ").any(is_token), "{token:?} is not in {cookies:?}");
        }
        Err(error) => assert_is_malformed(&error),
    }
}

/// Parses the header `Retry-After`.
pub fn retry_after(value: &[u8]) {
    let now: DateTime<Utc> = "2026-01-15T10:00:00Z".parse().unwrap();
    let header = HeaderValue::from_bytes(value).ok();
    let Some(value) = header.as_ref().and_then(|header| header.to_str().ok()) else { return };
    let pause = parse_retry_after(value, now);
    if let Ok(seconds) = value.trim().parse() {
        assert_eq!(pause, Some(Duration::from_secs(seconds)));
    }
    let error = SourceError::HttpStatus { status: 503, retry_after: pause, body: String::new() };
    assert_eq!(is_retryable(&error), pause.is_none_or(|pause| pause <= MAX_PAUSE));
}

/// Every element of an array of days is either parsed or counted as an adjustment.
fn assert_all_counted(body: &[u8], days: usize, adjustments: &Adjustments) {
    let elements: Vec<IgnoredAny> = serde_json::from_slice(body).expect("a parsed body is JSON");
    assert_eq!(days + adjustments.count, elements.len());
}

/// The check that results from an answer can be stored, and does not change valid values.
fn assert_can_be_stored(answer: Answer) {
    const DAY: fn(u32, u32) -> NaiveDate =
        |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let dates = DAY(6, 2)..=DAY(6, 29);
    let hut = FollowedHut {
        id: 1,
        slug: "hut".into(),
        organization: "hrs".into(),
        source_hut_id: "29".into(),
        link: None,
        types: HutTypes {
            open: Some(HutType::Hut),
            closed: Some(HutType::Selfhut),
            capacity_open: Some(80),
            capacity_closed: Some(12),
        },
    };
    let adjusted_by_parser = answer.adjustments.count;
    let listed = answer.days.clone();
    let check = Check::new(&hut, answer, &dates, DateTime::UNIX_EPOCH);
    for (date, state) in &check.days {
        assert!(dates.contains(date));
        let places = |number: Option<i16>| number.is_none_or(|number| number >= 0);
        assert!(places(state.free) && places(state.total), "{date}: {state:?}");
        assert!(state.free.zip(state.total).is_none_or(|(free, total)| free <= total), "{state:?}");
        assert!(state.occupancy_percent().is_none_or(|percent| (0.0..=100.0).contains(&percent)));
        let is_step = |steps: i16| steps % 10 == 0 && (0..=100).contains(&steps);
        assert!(state.occupancy_steps().is_none_or(is_step));
        let _status = state.occupancy_status();
        // If a date is listed twice, the last one counts.
        let last = listed.iter().rfind(|day| day.date == *date).expect("the date was listed");
        let within = |number: i64| number.clamp(0, i64::from(i16::MAX));
        let (free, total) = (state.free.map(i64::from), state.total.map(i64::from));
        if last.status == SiteStatus::Closed {
            assert_eq!((free, total), (Some(0), Some(0)));
        } else {
            if let Some(published) = last.free {
                assert_eq!(free, Some(within(published)));
            }
            if let Some(published) = last.total {
                assert_eq!(total, Some(within(published).max(free.unwrap_or(0))));
            }
        }
    }
    let is_listed = |day: &_| dates.contains(day);
    assert!(
        listed
            .iter()
            .map(|day| day.date)
            .filter(is_listed)
            .all(|day| check.days.contains_key(&day))
    );
    assert!(check.adjustments.count >= adjusted_by_parser);
    if let Some(first) = &check.adjustments.first {
        assert!(is_plain(first) && first.chars().count() <= 300, "{first:?}");
    }
}

/// The data of a site's huts can be stored.
fn assert_huts_are_valid(listing: &Listing) {
    let ids = listing.huts.iter().map(|hut| &hut.source_hut_id);
    for id in ids.chain(&listing.gone).chain(&listing.test_entries) {
        assert!(
            id.parse::<u32>().is_ok_and(|number| number > 0 && number.to_string() == *id),
            "{id:?}"
        );
    }
    assert_fields_are_plain(listing);
}

/// What the site's list says of its huts can be stored and printed.
fn assert_fields_are_plain(listing: &Listing) {
    let hut_fields = listing.huts.iter().flat_map(|hut| &hut.unreadable);
    for unreadable in listing.unreadable.iter().chain(hut_fields) {
        assert!(is_plain(&unreadable.value) && is_plain(&unreadable.reason), "{unreadable:?}");
        assert!(unreadable.value.chars().count() <= 81, "{unreadable:?}");
        assert!(unreadable.reason.chars().count() <= 81, "{unreadable:?}");
    }
    listing.huts.iter().for_each(assert_hut_is_valid);
}

fn assert_hut_is_valid(hut: &SiteHut) {
    if let Some(name) = &hut.name {
        assert_eq!(tidy(name), *name, "the name is tidy");
        assert!((1..=MAX_NAME_LEN).contains(&name.chars().count()) && is_plain(name), "{name:?}");
    }
    if let Some(country) = &hut.country {
        assert!(country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()));
    }
    if let Some(Place { latitude, longitude }) = hut.place {
        assert!((43.0..=53.0).contains(&latitude) && (4.0..=17.0).contains(&longitude));
    }
    assert!(hut.elevation.is_none_or(|metres| (1..=4810).contains(&metres)));
    assert!(hut.capacity_open.is_none_or(|places| places >= 0));
    assert!(hut.capacity_closed.is_none_or(|places| places >= 0));
    if let Some(link) = &hut.link {
        let url: reqwest::Url = link.parse().expect("the link is a URL");
        assert!(is_plain(link) && url.scheme() == "https" && url.as_str() == link);
        if url.host_str() == Some("www.huetten-holiday.com") {
            let path: Vec<_> = url.path_segments().unwrap().collect();
            assert!(path.len() == 2 && path[0] == "huts" && !path[1].is_empty(), "{link}");
        }
    }
}

/// The error for an invalid answer can be printed on any terminal and stored in any database.
fn assert_is_malformed(error: &SourceError) {
    let failure = Failure::new(error.kind(), &error.to_string());
    assert_eq!(failure.kind, ErrorKind::Malformed);
    assert!(is_plain(&failure.message) && failure.message.chars().count() <= 501, "{failure:?}");
    assert!(failure.message.starts_with("at "), "{failure:?}");
}
