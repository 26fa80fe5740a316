//! Properties of the parsers of text that operators and readers type: a database URL, a date, the query of
//! a URL.

use axum::http::{StatusCode, Uri};
use chrono::{DateTime, NaiveDate, Utc};
use hut_availability::domain::database_url::DatabaseUrl;
use hut_availability::query::date::parse;
use hut_availability::query::paging::Cursor;
use hut_availability::web::api::parameters::{HutQuery, MapQuery, TrendQuery};
use hut_availability::web::pages::availability::query as nights;
use hut_availability::web::pages::history::query as changes;
use hut_availability::web::pages::params::Params;
use hut_availability::web::pages::start::question as start;
use hut_availability::web::problem::Problem;
use hut_availability::web::query::Query;

use super::{is_plain, text};

/// A Wednesday.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 15).unwrap()
}

fn now() -> DateTime<Utc> {
    today().and_hms_opt(12, 0, 0).unwrap().and_utc()
}

/// Parses a database URL as it is, and with a password in each place where libpq accepts one. Its text form
/// must not depend on the password.
pub fn database_url(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let display = |url: &str| match url.parse::<DatabaseUrl>() {
        Ok(url) => {
            assert_eq!(url.to_string(), format!("{url:?}"));
            url.to_string()
        }
        Err(error) => error.to_string(),
    };
    let unchanged = display(text);
    assert!(unchanged.parse::<DatabaseUrl>().is_ok() || text.parse::<DatabaseUrl>().is_err());
    // The text stands before or after the password, or is a part of it.
    let (begin, end) = text.split_at(text.floor_char_boundary(text.len() / 2));
    let with_password = |password: &str| {
        [
            format!("postgres://me:{text}{password}@db/huts"),
            format!("postgresql://me:{password}{text}@db/huts"),
            format!("postgres://me:{begin}{password}@{end}"),
            format!("postgres://{begin}@db/huts?{end}&password={password}"),
            format!("postgres://db/huts?password={password}{text}"),
        ]
    };
    for (one, other) in with_password("hunter").into_iter().zip(with_password("secret")) {
        assert_eq!(display(&one), display(&other), "{one:?}");
    }
}

/// Parses a date as people write it.
pub fn date(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match parse(text, today()) {
        Ok(date) => assert_eq!(parse(&date.to_string(), today()), Ok(date)),
        Err(error) => {
            let message = error.to_string();
            assert!(is_plain(&message) && message.contains("accepted forms"), "{message:?}");
        }
    }
}

/// Parses the query of a URL.
pub fn web_query(bytes: &[u8]) {
    let Some(Ok(uri)) = text(bytes).map(|query| format!("/?{query}").parse::<Uri>()) else {
        return;
    };
    api(&uri);
    let params = match Params::of(&uri) {
        Ok(params) => params,
        Err(problem) => return assert_is_bad_request(&problem),
    };
    let link = |changes: &[(&str, &str)]| -> Params {
        let uri = format!("/{}", params.link_with(changes)).parse().expect("a link is a URI");
        Params::of(&uri).expect("a link can be parsed")
    };
    let again = link(&[("after", params.text("after")), ("before", params.text("before"))]);
    assert_eq!(again.link_with(&[]), params.link_with(&[]));

    match start::Question::read(&params, &[], today()) {
        Ok(question) => {
            let columns = question.columns();
            assert!((1..=51).contains(&columns.len()) && columns.is_sorted(), "{columns:?}");
        }
        Err(problem) => assert_is_bad_request(&problem),
    }
    // A visitor is led to another address once.
    if let Some(query) = start::canonical(&params, today()) {
        let again = Params::of(&format!("/{query}").parse().expect("a link is a URI"));
        assert_eq!(
            start::canonical(&again.expect("a link can be parsed"), today()),
            None,
            "{query}"
        );
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
        Err(problem) => assert_is_bad_request(&problem),
    }
    match changes::Query::read(&params, today(), now()) {
        Ok(query) => {
            let _filter = query.filter(&[]);
            if let Cursor::After(key) = &query.cursor {
                let params = link(&[("after", &changes::encode(key))]);
                let Ok(Cursor::After(again)) =
                    changes::Query::read(&params, today(), now()).map(|q| q.cursor)
                else {
                    panic!("{key:?} is not decoded to the cursor it was encoded from");
                };
                assert_eq!(changes::encode(&again), changes::encode(key));
            }
        }
        Err(problem) => assert_is_bad_request(&problem),
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
        Err(problem) => assert_is_bad_request(&problem),
    }
    match Query::<HutQuery>::of(uri) {
        Ok(Query(query)) => assert!((1..=365).contains(&query.days())),
        Err(problem) => assert_is_bad_request(&problem),
    }
    match Query::<TrendQuery>::of(uri) {
        Ok(Query(query)) => assert!((1..=365).contains(&query.days_before())),
        Err(problem) => assert_is_bad_request(&problem),
    }
}

/// The problem is reported as the reader's error, and its text can be printed anywhere.
fn assert_is_bad_request(problem: &Problem) {
    assert_eq!(problem.status, StatusCode::BAD_REQUEST);
    assert!(is_plain(&problem.detail) && !problem.detail.is_empty(), "{problem:?}");
}
