//! The requests of a run: their spacing, their headers, and a site that cannot be reached.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use hut_availability::domain::failure::ErrorKind;
use hut_availability::domain::validators::Validators;
use hut_availability::runtime::clock::Clock;
use hut_availability::runtime::timing::Meter;
use hut_availability::simulate::faults::Faults;
use hut_availability::sites::limits::RequestLimits;
use hut_availability::sites::registry::Registry;
use hut_availability::update::pipeline::FetchConfig;

use super::{Recorder, fetch_config, huts, limits, run, store};
use crate::support::checks::july;
use crate::support::database::TestDatabase;
use crate::support::site::TestSite;

/// Requests start at the request interval, and their answers may overlap.
#[test]
fn requests_are_spaced_and_their_answers_overlap() {
    let database = TestDatabase::sqlite();
    let db = database.with_huts(12);
    let site = TestSite::with_huts(12);
    site.fake_site.set_faults(Faults { latency: Duration::from_millis(150), ..Faults::none() });
    let limits = limits(Duration::from_millis(50));
    let sources = Registry::default()
        .clients(
            ["hrs"],
            &limits,
            &HashMap::from([("hrs".to_owned(), site.fake_site.url())]),
            None,
            &Meter::default(),
        )
        .unwrap();
    let mut recorder = Recorder { events: Vec::new(), stop: None };
    let begin = Instant::now();
    let config = FetchConfig { days: 500, clock: Clock::System, ..fetch_config() };
    let updated = run(&huts(12, "hrs"), &config, &sources, &store(&database, db), &mut recorder);
    assert_eq!(updated.results.len(), 12);
    // Eleven intervals between twelve starts, and the time of the last answer.
    assert!(begin.elapsed() >= Duration::from_millis(11 * 50 + 150), "{:?}", begin.elapsed());
    assert!(
        (2..=4).contains(&site.fake_site.most_in_flight()),
        "{}",
        site.fake_site.most_in_flight()
    );
}

/// The headers and the path that the client sends.
#[tokio::test]
async fn requests_name_the_program_and_accept_gzip() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/mirror/", listener.local_addr().unwrap()).parse().unwrap();
    let contact = Some("https://example.org/contact".to_owned());
    let sources = Registry::default()
        .clients(
            ["hrs"],
            &RequestLimits { contact, ..limits(Duration::ZERO) },
            &HashMap::from([("hrs".to_owned(), url)]),
            None,
            &Meter::default(),
        )
        .unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let length = socket.read(&mut request).await.unwrap();
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]").await.unwrap();
        String::from_utf8(request[..length].to_vec()).unwrap().to_lowercase()
    });
    let dates = july(1)..=july(2);
    sources["hrs"].availability("2 9&x=1", &dates, &Validators::default()).await.unwrap();
    let request = server.await.unwrap();
    let path = "get /mirror/api/v1/reservation/gethutavailability?hutid=2+9%26x%3d1&step=wizard ";
    assert!(request.starts_with(path), "{request}");
    let version = env!("CARGO_PKG_VERSION");
    let agent = format!("user-agent: hut-availability/{version} (+https://example.org/contact)");
    assert!(request.contains(&agent), "{request}");
    assert!(request.contains("accept-encoding: gzip"), "{request}");
}

#[tokio::test]
async fn an_unreachable_site_is_a_connect_error() {
    let url = "http://127.0.0.1:9".parse().unwrap();
    let sources = Registry::default()
        .clients(
            ["hrs"],
            &limits(Duration::ZERO),
            &HashMap::from([("hrs".to_owned(), url)]),
            None,
            &Meter::default(),
        )
        .unwrap();
    let dates = july(1)..=july(2);
    let error = sources["hrs"].availability("1", &dates, &Validators::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("127.0.0.1 failed: Connection refused"), "{error}");
}
