//! Clients that are slow, silent, too many or too loud; and the end of the service.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use hut_availability::web::limits::{InWork, in_work, on_requests};
use hut_availability::web::server::{LIMITS, Limits};
use tokio::sync::Semaphore;

use crate::support::running::wait_until;
use crate::support::service::{Answer, TestServer, ask, ask_with, connect, rest};

/// Longer than a client that is quick is kept waiting by a busy machine.
const SHORT: Duration = Duration::from_secs(3);

/// Bytes that no buffer of a socket takes in.
const LARGE: usize = 32 * 1024 * 1024;

/// A site with a quick answer, a large one, one that waits until it is let go, and one that fails.
fn site(gate: &Arc<Semaphore>) -> Router {
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

fn server(limits: Limits) -> TestServer {
    TestServer::start(site(&Arc::new(Semaphore::new(0))), limits)
}

#[test]
fn a_client_that_sends_its_headers_slowly_is_dropped_and_others_are_served_meanwhile() {
    let server = server(Limits { header_time: SHORT, ..LIMITS });
    let mut slow = connect(server.address);
    slow.write_all(b"GET /quick HTTP/1.1\r\nhost: te").unwrap();
    assert_eq!(server.get("/quick").text(), "quick");
    let answered = Answer::parse(&rest(slow));
    assert!(answered.is_none_or(|answer| answer.status == 408));
    wait_until("its end", || server.open_connections.get() == 0);
}

#[test]
fn a_client_that_does_not_read_is_dropped() {
    let server = server(Limits { write_time: SHORT, ..LIMITS });
    let mut silent = connect(server.address);
    silent.write_all(b"GET /large HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    wait_until("its connection", || server.open_connections.get() == 1);
    assert_eq!(server.get("/large").body.len(), LARGE, "who reads gets all of it");
    wait_until("its end", || server.open_connections.get() == 0);
}

#[test]
fn a_client_that_reads_a_byte_now_and_then_is_rid_of_in_the_end() {
    let server = server(Limits { connection_time: SHORT, drain_time: SHORT, ..LIMITS });
    let mut trickle = connect(server.address);
    trickle.write_all(b"GET /large HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    wait_until("its end", || {
        let _ = trickle.read(&mut [0; 1]);
        server.open_connections.get() == 0
    });
}

#[test]
fn an_idle_client_is_dropped_and_the_next_one_gets_its_place() {
    let server = server(Limits { connections: 1, header_time: SHORT, ..LIMITS });
    let idle = connect(server.address);
    wait_until("its connection", || server.open_connections.get() == 1);
    assert_eq!(server.get("/quick").text(), "quick", "after a wait");
    assert!(Answer::parse(&rest(idle)).is_none_or(|answer| answer.status == 408));
}

#[test]
fn a_client_may_ask_again_on_its_connection() {
    let server = server(LIMITS);
    let mut stream = connect(server.address);
    stream.write_all(b"GET /quick HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    stream.write_all(b"GET /quick HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
    let bytes = rest(stream);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches("200 OK").count(), 2, "{text}");
}

#[test]
fn headers_that_are_too_large_are_refused() {
    let server = server(LIMITS);
    let header = format!("x: {}\r\n", "x".repeat(LIMITS.header_bytes));
    let answer = ask_with(server.address, "GET /quick", &header);
    assert_eq!(answer.status, 431);
    let answer = ask(server.address, "not HTTP at all\r\n\r\n");
    assert_eq!(answer.status, 400);
}

#[test]
fn too_many_requests_are_refused_at_once_and_a_panic_harms_no_other() {
    let gate = Arc::new(Semaphore::new(0));
    let begun = Arc::new(Semaphore::new(0));
    let (opens, says) = (Arc::clone(&gate), Arc::clone(&begun));
    let told = async move || {
        says.add_permits(1);
        opens.acquire().await.unwrap().forget();
        "slow"
    };
    let site = site(&gate).route("/told", get(told));
    let router = on_requests(in_work(site, &InWork::new(1)));
    let server = TestServer::start(router, LIMITS);
    let mut slow = connect(server.address);
    slow.write_all(b"GET /told HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
    // Nothing else comes before, or it would be the one that is refused.
    wait_until("the slow one's turn", || begun.available_permits() == 1);
    assert_eq!(server.get("/quick").status, 503);
    let refused = server.get("/quick");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    gate.add_permits(1);
    assert_eq!(Answer::parse(&rest(slow)).unwrap().text(), "slow");
    assert_eq!(server.get("/quick").status, 200);

    let failed = server.get("/panic");
    assert_eq!((failed.status, failed.json()["status"].as_u64()), (500, Some(500)));
    assert_eq!(server.get("/quick").status, 200, "its place is free again");
}

#[test]
fn a_request_in_work_is_finished_before_the_end_and_idle_clients_are_dropped_at_once() {
    let gate = Arc::new(Semaphore::new(0));
    let server = TestServer::start(site(&gate), LIMITS);
    let mut slow = connect(server.address);
    slow.write_all(b"GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    let new = connect(server.address);
    let mut idle = connect(server.address);
    idle.write_all(b"GET /quick HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    wait_until("their connections", || server.open_connections.get() == 3);
    // Its answer has come before it is idle.
    idle.read_exact(&mut [0; 1]).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    server.stop();
    rest(idle);
    assert_eq!(rest(new), b"");
    // The door is shut by a task of its own, which may come after those that dropped the two.
    wait_until("nobody new is let in", || std::net::TcpStream::connect(server.address).is_err());
    wait_until("the end of both", || server.open_connections.get() == 1);
    gate.add_permits(1);
    assert_eq!(Answer::parse(&rest(slow)).unwrap().text(), "slow");
    server.join();
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let server = server(Limits { drain_time: SHORT, ..LIMITS });
    let mut slow = connect(server.address);
    slow.write_all(b"GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
    wait_until("its connection", || server.open_connections.get() == 1);
    std::thread::sleep(Duration::from_millis(50));
    server.stop();
    server.join();
    assert_eq!(rest(slow), b"");
}
