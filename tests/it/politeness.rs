//! How the program treats the booking sites: request intervals, contact, redirects.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::routing::any;
use tokio::net::TcpListener;

use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, run, update_availability};
use crate::support::site::TestSite;

/// Runs the job for one hut at a host name within a real site's domain. No request leaves this machine,
/// because the fake site is the HTTP proxy of all requests.
fn ask_real_site(database: &TestDatabase, site: &TestSite, args: &[&str]) -> RunOutput {
    let mut command = update_availability();
    for (name, value) in [("HTTP_PROXY", site.fake_site.url().as_str()), ("NO_PROXY", "")] {
        command.env(name, value).env(name.to_lowercase(), value);
    }
    command.args(["--all", "--retries=0", "--no-progress"]);
    command.args(["--source-url", "hrs=http://no-such-host.hut-reservation.org"]);
    run(command.args(["--database-url", &database.url]).args(args))
}

#[test]
fn a_short_interval_for_a_real_site_must_be_forced() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let refused = ask_real_site(&database, &site, &["--request-interval=0.01"]);
    assert_eq!((refused.status, refused.stdout.as_str(), site.fake_site.requests()), (2, "", 0));
    let words =
        "error: a request interval of 0.01 s is too short for no-such-host.hut-reservation.org: ";
    assert!(refused.stderr.starts_with(words), "{refused:?}");
    let forced = ["--request-interval=0.01", "--force-request-interval"];
    let forced = ask_real_site(&database, &site, &forced);
    assert_eq!((forced.status, site.fake_site.requests()), (0, 1), "{forced:?}");
}

#[test]
fn a_run_against_a_real_site_warns_once_without_a_contact() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(2));
    let site = TestSite::with_huts(2);
    let warnings = |ran: &RunOutput| ran.stderr.matches("AVAILABILITY_CONTACT").count();
    let without = ask_real_site(&database, &site, &[]);
    assert_eq!((without.status, warnings(&without)), (0, 1), "{without:?}");
    let with = ask_real_site(&database, &site, &["--contact", "me@example.org"]);
    assert_eq!((with.status, warnings(&with)), (0, 0), "{with:?}");
    assert_eq!(site.fake_site.requests(), 4, "both runs sent their requests");
    let fake_site = site.update(&database, "2026-07-01T10:00:00Z", &["--all"]);
    assert_eq!(warnings(&fake_site), 0, "{fake_site:?}");
}

/// A redirect could lead to any host, and so evade the request interval.
#[test]
fn a_redirect_is_reported_and_not_followed() {
    let servers =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let serve = |router: Router| {
        let listener = servers.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        servers.spawn(axum::serve(listener, router).into_future());
        port
    };
    let requests = [Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0))];
    let [site_requests, other_requests] = requests.clone();
    let count = async move || other_requests.fetch_add(1, Ordering::SeqCst).to_string();
    let other = format!("http://localhost:{}/elsewhere", serve(Router::new().fallback(any(count))));
    let location = other.clone();
    let redirect = async move || {
        let number = site_requests.fetch_add(1, Ordering::SeqCst);
        let statuses = [301, 302, 303, 307, 308];
        (StatusCode::from_u16(statuses[number % 5]).unwrap(), [(LOCATION, location)])
    };
    let site = serve(Router::new().fallback(any(redirect)));

    let database = TestDatabase::sqlite();
    drop(database.with_huts(5));
    let mut command = update_availability();
    command.args(["--database-url", &database.url, "--request-interval=0", "--max-in-flight=1"]);
    command.args(["--source-url", &format!("hrs=http://127.0.0.1:{site}"), "--output=json"]);
    let ran = run(&mut command);
    assert_eq!(ran.status, 2, "{ran:?}");
    for (result, status) in
        ran.json()["results"].as_array().unwrap().iter().zip([301, 302, 303, 307, 308])
    {
        let message = format!(
            "HTTP {status} redirects to {other}, which is not followed; if the site has moved there, name its new address with --source-url"
        );
        assert_eq!(result["error"], serde_json::json!({"kind": "http_status", "message": message}));
    }
    assert_eq!(
        requests.map(|requests| requests.load(Ordering::SeqCst)),
        [5, 0],
        "one request for each hut, none to the other host"
    );
}
