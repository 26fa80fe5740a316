//! The cookies that are sent to a site: those that it needs, and no others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, run, update_availability};
use crate::support::raw_site::{RawSite, answer, send};

const HUTS: usize = 60;

/// The most bytes of cookies that the site takes, as web servers do.
const MAX_COOKIES: usize = 4096;

/// Starts a site that sets further cookies with each answer, and refuses requests with long ones. Returns the
/// `Cookie` headers that it got, too.
fn site_that_sets_cookies(body: &'static str) -> (RawSite, Arc<Mutex<Vec<String>>>) {
    let (number, received) = (AtomicUsize::new(0), Arc::new(Mutex::new(Vec::new())));
    let record = Arc::clone(&received);
    let site = RawSite::start(move |request, stream| {
        let cookies = request.header("cookie").unwrap_or_default();
        record.lock().unwrap().push(cookies.to_owned());
        if cookies.len() > MAX_COOKIES {
            let too_large = "431 Request Header Fields Too Large";
            return send(stream, &answer(too_large, "", b"Request Header Or Cookie Too Large"));
        }
        let (number, value) = (number.fetch_add(1, Ordering::SeqCst), "x".repeat(300));
        let mut set = format!("Set-Cookie: visit{number}={value}; Path=/\r\n");
        // Cookies of the same name for other paths are further cookies.
        let paths =
            ["/", "/api", "/cabins", "/cabins/get-month-availability", "/api/v1/reservation"];
        for path in paths {
            set += &format!("Set-Cookie: visit={value}; Path={path}\r\n");
            set += &format!("Set-Cookie: huettenholiday_session={value}; Path={path}\r\n");
        }
        if request.is_for("/huts") {
            set += "Set-Cookie: XSRF-TOKEN=a%3D; Path=/\r\n";
        }
        send(stream, &answer("200 OK", &set, body.as_bytes()));
    });
    (site, received)
}

fn update(database: &TestDatabase, organization: &str, site: &RawSite) -> RunOutput {
    let mut command = update_availability();
    command.args(["--database-url", &database.url, "--source-url", &site.source_url(organization)]);
    command.args(["--all", "--days=3", "--as-of=2026-07-01T10:00:00Z", "--request-interval=0"]);
    run(command.args(["--max-in-flight=1", "--retries=0"]))
}

on_both_databases! {
    fn a_site_that_needs_no_cookies_gets_none(database) {
        drop(database.with_huts(HUTS));
        let (site, received) = site_that_sets_cookies(r#"[{"date":"2026-07-01","freeBeds":1}]"#);
        let ran = update(database, "hrs", &site);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(*received.lock().unwrap(), vec![String::new(); HUTS]);
    }

    fn a_site_gets_the_cookies_that_it_needs_however_many_it_sets(database) {
        drop(database.with_huts_of("huetten-holiday", "cabin", HUTS));
        let (site, received) = site_that_sets_cookies(r#"[{"date":"2026-07-01","totalPlaces":1}]"#);
        let ran = update(database, "huetten-holiday", &site);
        assert_eq!(ran.status, 0, "{ran:?}");
        let expected = format!("XSRF-TOKEN=a%3D; huettenholiday_session={}", "x".repeat(300));
        assert_eq!(received.lock().unwrap()[1..], vec![expected; HUTS]);
    }
}
