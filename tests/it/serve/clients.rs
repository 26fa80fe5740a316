//! Clients that are slow, silent, too many, or send too much; and the shutdown of the service.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use hut_availability::web::limits::{WorkLimit, on_requests, with_work_limit};
use hut_availability::web::server::{LIMITS, ServerLimits};
use tokio::sync::Semaphore;

use crate::support::running::wait_until;
use crate::support::service::{Answer, TestServer, connect, read_to_end, request, request_with};

/// A short time limit of the server. A quick client needs less, even on a busy machine.
const SHORT: Duration = Duration::from_secs(3);

/// More bytes than the buffers of a socket hold.
const LARGE: usize = 32 * 1024 * 1024;

/// A service with a quick response, a large one, one that waits for the gate, and one that panics.
fn routes(gate: &Arc<Semaphore>) -> Router {
    let gate = Arc::clone(gate);
    Router::new()
        .route("/quick", get(async || "quick"))
        .route("/large", get(async || vec![b'x'; LARGE]))
        .route(
            "/slow",
            get(async move || {
                gate.acquire().await.unwrap().forget();
                "slow"
            }),
        )
        .route("/panic", get(async || -> String { panic!("on purpose") }))
}

fn server(limits: ServerLimits) -> TestServer {
    TestServer::start(routes(&Arc::new(Semaphore::new(0))), limits)
}

#[test]
fn a_client_that_sends_its_headers_slowly_is_dropped_and_delays_no_other() {
    let server = server(ServerLimits { header_time: SHORT, ..LIMITS });
    let mut slow = connect(server.address);
    slow.write_all(b"GET /quick HTTP/1.1\r\nhost: te").unwrap();
    assert_eq!(server.get("/quick").text(), "quick");
    let answer = Answer::parse(&read_to_end(slow));
    assert!(answer.is_none_or(|answer| answer.status == 408));
    wait_until("the connection to close", || server.open_connections.get() == 0);
}

#[test]
fn a_client_that_does_not_read_is_dropped() {
    let server = server(ServerLimits { write_time: SHORT, ..LIMITS });
    let mut silent = connect(server.address);
    silent.write_all(b"GET /large HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    wait_until("the connection", || server.open_connections.get() == 1);
    assert_eq!(
        server.get("/large").body.len(),
        LARGE,
        "a client that reads gets the whole response"
    );
    wait_until("the connection to close", || server.open_connections.get() == 0);
}

#[test]
fn a_client_that_reads_byte_by_byte_is_dropped_eventually() {
    let server = server(ServerLimits { connection_time: SHORT, drain_time: SHORT, ..LIMITS });
    let mut trickle = connect(server.address);
    trickle.write_all(b"GET /large HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    wait_until("the connection to close", || {
        let _ = trickle.read(&mut [0; 1]);
        server.open_connections.get() == 0
    });
}

#[test]
fn an_idle_client_is_dropped_and_frees_its_connection() {
    let server = server(ServerLimits { connections: 1, header_time: SHORT, ..LIMITS });
    let idle = connect(server.address);
    wait_until("the connection", || server.open_connections.get() == 1);
    assert_eq!(server.get("/quick").text(), "quick", "after the idle client is dropped");
    assert!(Answer::parse(&read_to_end(idle)).is_none_or(|answer| answer.status == 408));
}

#[test]
fn a_client_can_send_several_requests_on_one_connection() {
    let server = server(LIMITS);
    let mut stream = connect(server.address);
    stream.write_all(b"GET /quick HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    stream.write_all(b"GET /quick HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
    let bytes = read_to_end(stream);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches("200 OK").count(), 2, "{text}");
}

#[test]
fn headers_that_are_too_large_are_refused() {
    let server = server(LIMITS);
    let header = format!("x: {}\r\n", "x".repeat(LIMITS.header_bytes));
    let answer = request_with(server.address, "GET /quick", &header);
    assert_eq!(answer.status, 431);
    let answer = request(server.address, "not HTTP at all\r\n\r\n");
    assert_eq!(answer.status, 400);
}

#[test]
fn too_many_requests_are_refused_and_a_panic_frees_its_permit() {
    let gate = Arc::new(Semaphore::new(0));
    let started = Arc::new(Semaphore::new(0));
    let (opened, started_signal) = (Arc::clone(&gate), Arc::clone(&started));
    let handler = async move || {
        started_signal.add_permits(1);
        opened.acquire().await.unwrap().forget();
        "slow"
    };
    let routes = routes(&gate).route("/blocked", get(handler));
    let router = on_requests(with_work_limit(routes, &WorkLimit::new(1)));
    let server = TestServer::start(router, LIMITS);
    let mut slow = connect(server.address);
    slow.write_all(b"GET /blocked HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
    // No other request is sent before this one has started, because this one might be refused then.
    wait_until("the start of the blocked request", || started.available_permits() == 1);
    assert_eq!(server.get("/quick").status, 503);
    let refused = server.get("/quick");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    gate.add_permits(1);
    assert_eq!(Answer::parse(&read_to_end(slow)).unwrap().text(), "slow");
    assert_eq!(server.get("/quick").status, 200);

    let failed = server.get("/panic");
    assert_eq!((failed.status, failed.json()["status"].as_u64()), (500, Some(500)));
    assert_eq!(server.get("/quick").status, 200, "the permit of the failed request is free again");
}

#[test]
fn a_shutdown_finishes_requests_and_drops_idle_clients() {
    let gate = Arc::new(Semaphore::new(0));
    let server = TestServer::start(routes(&gate), LIMITS);
    let mut slow = connect(server.address);
    slow.write_all(b"GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    let new = connect(server.address);
    let mut idle = connect(server.address);
    idle.write_all(b"GET /quick HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    wait_until("three connections", || server.open_connections.get() == 3);
    // The client receives its response, so its connection is idle from now on.
    idle.read_exact(&mut [0; 1]).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    server.stop();
    read_to_end(idle);
    assert_eq!(read_to_end(new), b"");
    // A separate task closes the listener, perhaps after the two connections are closed.
    wait_until("the listener to close", || std::net::TcpStream::connect(server.address).is_err());
    wait_until("two connections to close", || server.open_connections.get() == 1);
    gate.add_permits(1);
    assert_eq!(Answer::parse(&read_to_end(slow)).unwrap().text(), "slow");
    server.join();
}

#[test]
fn a_shutdown_does_not_wait_for_ever() {
    let server = server(ServerLimits { drain_time: SHORT, ..LIMITS });
    let mut slow = connect(server.address);
    slow.write_all(b"GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    wait_until("the connection", || server.open_connections.get() == 1);
    std::thread::sleep(Duration::from_millis(50));
    server.stop();
    server.join();
    assert_eq!(read_to_end(slow), b"");
}
