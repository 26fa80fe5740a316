//! The probes and metrics for operators, and the headers of every response.

use hut_availability::db::check::Attempt;
use hut_availability::db::write::{record_failure, update_availability};

use crate::on_both_databases;
use crate::support::checks::{at, check};
use crate::support::postgres::SharedServerDatabase;
use crate::support::program::{hut_availability, run};
use crate::support::service::{Answer, Service, request_with};

fn assert_security_headers(answer: &Answer) {
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{answer:?}");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
    assert_eq!(answer.header("x-frame-options"), Some("deny"), "{answer:?}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{answer:?}");
    assert!(answer.header("cache-control").is_some(), "{answer:?}");
}

/// The value of one metric.
fn value(metrics: &str, name: &str) -> Option<f64> {
    metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

on_both_databases! {
    fn the_probes_report_a_working_service(database) {
        let service = Service::start(&database.url);
        for (path, text) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
            let answer = service.get(path);
            assert_eq!((answer.status, answer.text()), (200, text));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_security_headers(&answer);
        }
        service.terminate();
        assert_eq!(service.wait(), Some(0));
    }

    fn metrics_report_requests_and_the_state_of_the_database(database) {
        let mut db = database.with_huts(3);
        update_availability(&mut db, &check(1, "10:00", &[(1, 5)]), at("10:00")).unwrap();
        let attempt = Attempt { at: at("10:00").into(), run_started: at("10:00").into() };
        record_failure(&mut db, 2, attempt, false, "timeout: …").unwrap();
        drop(db);
        let service = Service::start(&database.url);
        service.get("/nowhere/one");
        service.get("/nowhere/two");
        request_with(service.address, "BREW /healthz", "");
        // The previous connections are subtracted a moment after they are closed.
        let has_one_connection = |answer: &Answer| {
            value(answer.text(), "hut_availability_http_connections") == Some(1.0)
        };
        let mut answers = (0..100).map(|_| service.get("/metrics"));
        let answer = answers.find(has_one_connection).expect("closed connections are subtracted");
        assert_eq!(
            answer.header("content-type"),
            Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
        );
        assert_security_headers(&answer);
        let metrics = answer.text();
        assert!(metrics.ends_with("# EOF\n"), "{metrics}");
        for line in metrics.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with("hut_availability_"), "{line}");
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
        let value = |name: &str| value(metrics, &format!("hut_availability_{name}"));
        let requests = "http_requests_total{method=\"GET\",route=\"none\",status=\"404\"}";
        assert_eq!(value(requests), Some(2.0), "paths are not used as labels: {metrics}");
        let other = "http_requests_total{method=\"other\",route=\"/healthz\",status=\"405\"}";
        assert_eq!(value(other), Some(1.0), "{metrics}");
        assert_eq!(value("http_connections"), Some(1.0));
        assert_eq!(value("cache_misses_total"), Some(2.0));
        assert_eq!(value("database_up"), Some(1.0));
        assert_eq!(value("huts{state=\"followed\"}"), Some(3.0));
        assert_eq!(value("huts{state=\"failing\"}"), Some(1.0));
        assert!(value("database_size_bytes") > Some(10_000.0));
        assert!(value("last_successful_check_age_seconds").is_some());
    }
}

#[test]
fn every_answer_has_security_headers_and_only_get_and_head_are_allowed() {
    let database = crate::support::database::TestDatabase::sqlite();
    let service = Service::start(&database.url);
    let send = |line: &str, headers: &str| request_with(service.address, line, headers);

    let unknown = send("GET /v1/nothing?x=%3Cscript%3E", "");
    assert_security_headers(&unknown);
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.header("cache-control"), Some("no-store"));
    assert_eq!(unknown.header("content-type"), Some("application/problem+json"));
    assert_eq!(unknown.json()["detail"], "no page or resource has the path \"/v1/nothing\"");
    let head = send("HEAD /nothing", "");
    assert_eq!((head.status, head.body.len()), (404, 0));

    for method in ["POST", "PUT", "DELETE", "PATCH", "BREW", "TRACE"] {
        for path in ["/healthz", "/v1/nothing", "/"] {
            let refused = send(&format!("{method} {path}"), "content-length: 0\r\n");
            assert_security_headers(&refused);
            assert_eq!((refused.status, refused.header("allow")), (405, Some("get, head")));
            match path {
                "/" => assert!(refused.text().contains("this service is read-only"), "{refused:?}"),
                _ => assert_eq!(refused.json()["status"], 405),
            }
        }
    }

    for (path, status, parameter) in [
        ("/v1", 404, None),
        ("/v1/", 404, None),
        ("/v1/huts/%ff/availability/today", 400, Some("slug")),
        ("/v1/huts/availability/%ff.geojson", 400, Some("date")),
        ("/v1/huts/availability/today.geojson?days=1&days=2", 400, Some("days")),
    ] {
        let answer = send(&format!("GET {path}"), "");
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(answer.json()["parameter"].as_str(), parameter, "{path}");
    }

    let preflight = "origin: https://example.org\r\naccess-control-request-method: GET\r\n";
    let allowed = send("OPTIONS /v1/nothing", preflight);
    assert_security_headers(&allowed);
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some("*"));
    assert_eq!(allowed.header("access-control-allow-methods"), Some("get,head"));
    let read = send("GET /v1/nothing", "origin: https://example.org\r\n");
    assert_eq!(read.header("access-control-allow-origin"), Some("*"));
    let exposed = read.header("access-control-expose-headers");
    let readable =
        "etag,hut-availability-without-coordinates,api-version,retry-after,deprecation,sunset";
    assert_eq!(exposed, Some(readable));
    let page = send("GET /nothing", "origin: https://example.org\r\n");
    assert_eq!(
        page.header("access-control-allow-origin"),
        None,
        "only the API may be read by other sites"
    );
}

#[test]
fn an_occupied_or_invalid_address_is_reported() {
    let database = crate::support::database::TestDatabase::sqlite();
    let service = Service::start(&database.url);
    let address = service.address.to_string();
    let serve = |listen: &str| {
        run(hut_availability().args(["serve", "--database-url", &database.url, "--listen", listen]))
    };
    let taken = serve(&address);
    assert_eq!(taken.status, 2);
    assert!(taken.stderr.contains(&format!("cannot listen on {address}: ")), "{taken:?}");
    let none = serve("localhost");
    assert!(none.stderr.contains("such as 127.0.0.1:8080"), "{none:?}");
    let port = serve(":8085");
    assert!(port.stderr.contains("write 127.0.0.1:8085 to serve this machine only"), "{port:?}");
}

#[test]
fn a_host_name_and_an_ipv6_address_are_listened_on() {
    let database = crate::support::database::TestDatabase::sqlite();
    for listen in ["localhost:0", "127.0.0.1:0", "[::1]:0"] {
        if listen.starts_with('[') && std::net::TcpListener::bind("[::1]:0").is_err() {
            continue;
        }
        let mut command = hut_availability();
        command.args(["serve", "--listen", listen, "--database-url", &database.url]);
        let service = Service::spawn(&mut command);
        assert_eq!(service.get("/readyz").status, 200, "{listen}");
    }
}

#[test]
fn a_database_that_lacks_migrations_is_not_served() {
    let database = SharedServerDatabase::empty();
    let ran = run(hut_availability().args([
        "serve",
        "--listen=127.0.0.1:0",
        "--database-url",
        &database.url,
    ]));
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("run `hut-availability migrate`"), "{ran:?}");
}
