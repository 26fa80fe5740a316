//! What operators and readers type: a database, a date, the query of an address.

use axum::http::{StatusCode, Uri};
use chrono::NaiveDate;
use hut_availability::domain::database_url::DatabaseUrl;
use hut_availability::query::date::parse;
use hut_availability::query::paging::Cursor;
use hut_availability::web::api::parameters::{HutQuery, MapQuery, TrendQuery};
use hut_availability::web::pages::availability::query as nights;
use hut_availability::web::pages::history::query as changes;
use hut_availability::web::pages::map::query as map;
use hut_availability::web::pages::params::Params;
use hut_availability::web::problem::Problem;
use hut_availability::web::query::Query;

use super::{is_plain, text};

/// A Wednesday.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 15).unwrap()
}

/// A database's URL: as it is, and with a password in each place where libpq takes one. How it is shown is
/// the same whatever the password.
pub fn database_url(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let shown = |url: &str| match url.parse::<DatabaseUrl>() {
        Ok(url) => {
            assert_eq!(url.to_string(), format!("{url:?}"));
            url.to_string()
        }
        Err(error) => error.to_string(),
    };
    let as_it_is = shown(text);
    assert!(as_it_is.parse::<DatabaseUrl>().is_ok() || text.parse::<DatabaseUrl>().is_err());
    // The text is what comes before or after a password, or a part of it.
    let (begin, end) = text.split_at(text.floor_char_boundary(text.len() / 2));
    let with = |password: &str| {
        [
            format!("postgres://me:{text}{password}@db/huts"),
            format!("postgresql://me:{password}{text}@db/huts"),
            format!("postgres://me:{begin}{password}@{end}"),
            format!("postgres://{begin}@db/huts?{end}&password={password}"),
            format!("postgres://db/huts?password={password}{text}"),
        ]
    };
    for (one, other) in with("hunter").into_iter().zip(with("secret")) {
        assert_eq!(shown(&one), shown(&other), "{one:?}");
    }
}

/// A date as people write it.
pub fn date(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match parse(text, today()) {
        Ok(date) => assert_eq!(parse(&date.to_string(), today()), Ok(date)),
        Err(error) => {
            let words = error.to_string();
            assert!(is_plain(&words) && words.contains("give one of"), "{words:?}");
        }
    }
}

/// What an address says after its question mark.
pub fn web_query(bytes: &[u8]) {
    let Some(Ok(uri)) = text(bytes).map(|query| format!("/?{query}").parse::<Uri>()) else {
        return;
    };
    api(&uri);
    let params = match Params::of(&uri) {
        Ok(params) => params,
        Err(problem) => return assert_told(&problem),
    };
    let link = |changes: &[(&str, &str)]| -> Params {
        let uri = format!("/{}", params.link_with(changes)).parse().expect("a link is an address");
        Params::of(&uri).expect("a link can be read")
    };
    let again = link(&[("after", params.text("after")), ("before", params.text("before"))]);
    assert_eq!(again.link_with(&[]), params.link_with(&[]));

    match map::Query::read(&params, today()) {
        Ok(query) => assert!(query.min_free >= 0),
        Err(problem) => assert_told(&problem),
    }
    match nights::Query::read(&params, today()) {
        Ok(query) => {
            let _filter = query.filter(&[]);
            assert!(query.refused_sort.is_none_or(|by| !query.can_be_sorted(by)));
            if let Cursor::After(key) = &query.cursor {
                let params = link(&[("after", &nights::encode(key))]);
                let Ok(Cursor::After(again)) =
                    nights::Query::read(&params, today()).map(|q| q.cursor)
                else {
                    panic!("{key:?} is not decoded to the cursor it was encoded from");
                };
                assert_eq!(nights::encode(&again), nights::encode(key));
            }
        }
        Err(problem) => assert_told(&problem),
    }
    match changes::Query::read(&params, today()) {
        Ok(query) => {
            let _filter = query.filter(&[]);
            if let Cursor::After(key) = &query.cursor {
                let params = link(&[("after", &changes::encode(key))]);
                let Ok(Cursor::After(again)) =
                    changes::Query::read(&params, today()).map(|q| q.cursor)
                else {
                    panic!("{key:?} is not decoded to the cursor it was encoded from");
                };
                assert_eq!(changes::encode(&again), changes::encode(key));
            }
        }
        Err(problem) => assert_told(&problem),
    }
}

fn api(uri: &Uri) {
    match Query::<MapQuery>::of(uri) {
        Ok(Query(query)) => {
            let (offset, limit) = query.page();
            assert!(offset <= 1_000_000 && (1..=1_000_000).contains(&limit));
            assert!((1..=365).contains(&query.days()));
            assert!(query.slugs().is_none_or(|slugs| !slugs.is_empty()));
        }
        Err(problem) => assert_told(&problem),
    }
    match Query::<HutQuery>::of(uri) {
        Ok(Query(query)) => assert!((1..=365).contains(&query.days())),
        Err(problem) => assert_told(&problem),
    }
    match Query::<TrendQuery>::of(uri) {
        Ok(Query(query)) => assert!((1..=365).contains(&query.days_before())),
        Err(problem) => assert_told(&problem),
    }
}

/// A bad address is one of the reader's, and quoted in words that do no harm.
fn assert_told(problem: &Problem) {
    assert_eq!(problem.status, StatusCode::BAD_REQUEST);
    assert!(is_plain(&problem.detail) && !problem.detail.is_empty(), "{problem:?}");
}
