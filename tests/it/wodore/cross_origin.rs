//! Scripts of other sites read the API with the headers that the web client of the Wodore backend sends.

use axum::response::Html;

use super::fill;
use crate::support::browser::{Browser, BrowserSettings};
use crate::support::database::TestDatabase;
use crate::support::receiver::Receiver;
use crate::support::service::{Service, request_with};

/// The headers that clients send.
const HEADERS: [&str; 6] = [
    "authorization",
    "content-type",
    "api-version",
    "x-csrftoken",
    "if-none-match",
    "accept-language",
];

#[test]
fn a_preflight_request_allows_the_headers_of_clients() {
    let database = TestDatabase::sqlite();
    let service = Service::start(&database.url);
    let headers = format!(
        "origin: https://example.org\r\naccess-control-request-method: GET\r\n\
         access-control-request-headers: {}\r\n",
        HEADERS.join(",")
    );
    let answer = request_with(service.address, "OPTIONS /v1/huts/bookings", &headers);
    assert_eq!(answer.status, 200);
    let allowed = answer.header("access-control-allow-headers").unwrap();
    let mut allowed: Vec<&str> = allowed.split(',').map(str::trim).collect();
    allowed.sort_unstable();
    let mut expected = HEADERS;
    expected.sort_unstable();
    assert_eq!(allowed, expected);
}

#[test]
fn a_browser_reads_the_api_from_another_origin() {
    let database = TestDatabase::sqlite();
    drop(fill(&database, 2));
    let Some(browser) = Browser::start(BrowserSettings::default()) else { return };
    let service = Service::start(&database.url);
    let site = Receiver::start(|_| Html("<!doctype html><title>Another site</title>"));
    browser.goto(&site.url);
    // The script keeps its results in the page, because a request takes its time.
    let ask = "
        window.answers = [];
        const ask = async (path, headers) => {
            const answer = await fetch(arguments[0] + path, {headers});
            const text = ['api-version', 'etag', 'deprecation'].map(it => answer.headers.get(it) ?? '-');
            window.answers.push(`${path} ${answer.status} ${text[0]} ${text[1].length > 1} ${text[2]}`);
        };
        (async () => {
            try {
                const headers = Object.fromEntries(arguments[1].map(name => [name, 'x']));
                await ask('/v1/huts/availability/2026-07-01.geojson', headers);
                await ask('/v1/huts/bookings.geojson?date=2026-07-01', {'api-version': '2026-10-01'});
                await ask('/v1/huts/none/availability/now', headers);
            } catch (error) {
                window.answers.push(`failed: ${error}`);
            }
            window.answers.push('done');
        })();";
    let base = format!("http://{}", service.address);
    let _: serde_json::Value = browser.script(ask, &[base.into(), HEADERS.to_vec().into()]);
    let answers = || -> Vec<String> {
        serde_json::from_value(browser.script("return window.answers", &[])).unwrap()
    };
    browser.wait_until("the answers", || answers().last().is_some_and(|last| last == "done"));
    assert_eq!(
        answers(),
        [
            "/v1/huts/availability/2026-07-01.geojson 200 2026-10-01 true -",
            "/v1/huts/bookings.geojson?date=2026-07-01 200 2026-10-01 true @1790812800",
            "/v1/huts/none/availability/now 404 2026-10-01 false -",
            "done"
        ]
    );
    // A missing hut is an error in the console of the browser, but no refusal of the origin.
    let errors = browser.console_errors();
    assert!(errors.iter().all(|error| error.contains("404")), "{errors:?}");
}
