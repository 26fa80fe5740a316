//! Limits of each client, which are off by default.

use super::fill;
use crate::support::database::TestDatabase;
use crate::support::service::{Service, get, request_with, serve_command};

const MAP: &str = "/v1/huts/availability/2026-07-01.geojson";

fn service(flags: &[&str]) -> (TestDatabase, Service) {
    let database = TestDatabase::sqlite();
    drop(fill(&database, 1));
    let service = Service::spawn(serve_command(&database.url).args(flags));
    (database, service)
}

#[test]
fn a_client_with_too_many_requests_must_wait() {
    let (_database, service) = service(&["--rate-limit-per-minute", "3"]);
    // Answers from the cache and errors count too.
    for path in [MAP, MAP, "/v1/huts/none/availability/now"] {
        assert_ne!(get(service.address, path).status, 429);
    }
    let refused = get(service.address, MAP);
    assert_eq!(refused.status, 429, "{refused:?}");
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=21).contains(&seconds), "{seconds}");
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "a script can read it");
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("this client has sent more than 3 requests a minute"), "{detail}");
    // Pages, probes and preflight requests are not limited.
    for path in ["/huts", "/healthz", "/readyz", "/metrics"] {
        assert_eq!(get(service.address, path).status, 200, "{path}");
    }
    let preflight = "origin: https://example.org\r\naccess-control-request-method: GET\r\n";
    let preflight = request_with(service.address, &format!("OPTIONS {MAP}"), preflight);
    assert_eq!(preflight.status, 200);
}

#[test]
fn the_header_of_a_proxy_tells_its_clients_apart() {
    let flags = ["--rate-limit-per-day", "1", "--client-address-header", "X-Forwarded-For"];
    let (_database, service) = service(&flags);
    let from = |address: &str| {
        let header = format!("x-forwarded-for: 198.51.100.9, {address}\r\n");
        request_with(service.address, &format!("GET {MAP}"), &header).status
    };
    assert_eq!((from("203.0.113.1"), from("203.0.113.1"), from("203.0.113.2")), (200, 429, 200));
}

#[test]
fn without_a_flag_there_is_no_limit() {
    let (_database, service) = service(&[]);
    let answers: Vec<u16> = (0..300).map(|_| get(service.address, MAP).status).collect();
    assert!(answers.iter().all(|status| *status == 200));
}
