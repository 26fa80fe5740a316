//! Webhooks against a server over a socket, verified by another implementation of the specification.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::{LOCATION, RETRY_AFTER};
use chrono::Utc;
use hut_availability::notify::channel::SEND_TIMEOUT;
use hut_availability::notify::outcome::{Receipt, SendError};
use serde_json::json;
use standardwebhooks::Webhook;

use super::messages::{closing, season, stay, summary, test, tour};
use super::{now, send, send_at};
use crate::support::pushgateway::silent_server;
use crate::support::receiver::Receiver;

/// Two keys, the first of them the example of the specification's libraries.
const SECRETS: [&str; 2] =
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_Y2hhbmdlLW1lLXNvb24tcGxlYXNlLTEyMw=="];

fn webhook(url: &str) -> String {
    format!("[channels.me]\nkind = \"webhook\"\nurl = \"{url}/hooks/hunter2?key=swordfish\"\n")
}

fn send_to(receiver: &Receiver) -> Result<Receipt, SendError> {
    send(&webhook(&receiver.url), &stay())
}

fn error_of(receiver: &Receiver) -> SendError {
    let error = send_to(receiver).unwrap_err();
    let message = &error.message;
    assert!(!message.contains("hunter2") && !message.contains("swordfish"), "{message}");
    assert!(!message.contains('\n'), "{message}");
    error
}

#[test]
fn a_message_is_posted_as_json() {
    let receiver = Receiver::new();
    let receipt = send_to(&receiver).unwrap();
    assert_eq!(receipt.reply, "200 OK: taken");
    let request = receiver.request();
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/hooks/hunter2?key=swordfish")
    );
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert!(request.header("user-agent").unwrap().starts_with("hut-availability/"));
    assert_eq!(request.header("webhook-id"), Some("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"));
    let timestamp = now().timestamp().to_string();
    assert_eq!(request.header("webhook-timestamp"), Some(timestamp.as_str()));
    assert_eq!(request.header("webhook-signature"), None, "there is no secret");
    let mut json = request.json();
    let text = json["data"]["text"].take();
    assert!(text.as_str().unwrap().contains("4 places free. Had been full for 3 days."), "{text}");
    let offer = json!({
        "hut": "watzmannhaus", "name": "Watzmannhaus", "arrival": "2026-07-18",
        "departure": "2026-07-19", "free": [4], "checked_at": "2026-07-10T08:29:30Z",
        "link": "https://booking.example.org/watzmannhaus?from=2026-07-18&places=4",
    });
    let visit = json!({
        "arrival": "2026-07-18", "departure": "2026-07-19", "stages": [[offer]],
        "full_since": "2026-07-07T05:30:00Z",
    });
    let expected = json!({
        "id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
        "type": "availability.news",
        "timestamp": "2026-07-10T08:30:00Z",
        "data": {
            "watch": "Watzmann im Juli", "places": 4, "opened": [visit], "opened_count": 1,
            "closed": [], "closed_count": 0, "text": null,
            "title": "Watzmannhaus: 4 places free on 18 July",
        },
    });
    assert_eq!(json, expected);
}

#[test]
fn the_type_and_the_counts_say_what_happened() {
    for (message, kind, opened, closed) in [
        (stay(), "availability.news", (1, 1), (0, 0)),
        (tour(), "availability.news", (1, 1), (0, 0)),
        (closing(), "availability.news", (0, 0), (1, 1)),
        (season(20), "availability.news", (20, 400), (20, 21)),
        (summary(), "availability.summary", (2, 2), (0, 0)),
        (test(), "availability.test", (1, 1), (0, 0)),
    ] {
        let receiver = Receiver::new();
        send(&webhook(&receiver.url), &message).unwrap();
        let json = receiver.request().json();
        assert_eq!(json["type"], kind);
        let lists = ["opened", "closed"].map(|list| {
            let (listed, count) = (&json["data"][list], &json["data"][format!("{list}_count")]);
            (listed.as_array().unwrap().len(), count.as_u64().unwrap())
        });
        assert_eq!(lists, [opened, closed], "{json}");
    }
}

#[test]
fn another_implementation_verifies_the_signatures() {
    let receiver = Receiver::new();
    let toml = format!("{}secret = {SECRETS:?}\nlanguage = \"de\"\n", webhook(&receiver.url));
    send(&toml, &stay()).unwrap();
    let request = receiver.request();
    let sign = |secret| {
        let webhook = Webhook::new(secret).unwrap();
        webhook.sign("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", now().timestamp(), &request.body).unwrap()
    };
    assert_eq!(request.header("webhook-signature"), Some(SECRETS.map(sign).join(" ").as_str()));

    // That implementation takes only recent timestamps, as receivers should.
    let receiver = Receiver::new();
    send_at(&toml.replace(&url_of(&toml), &receiver.url), &stay(), Utc::now(), SEND_TIMEOUT)
        .unwrap();
    let request = receiver.request();
    for secret in SECRETS {
        Webhook::new(secret).unwrap().verify(&request.body, &request.headers).unwrap();
    }
    let other = Webhook::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    assert!(other.verify(&request.body, &request.headers).is_err());
    let changed = [&request.body[..], b" "].concat();
    assert!(Webhook::new(SECRETS[0]).unwrap().verify(&changed, &request.headers).is_err());
}

/// Scheme, host and port of the URL in a file.
fn url_of(toml: &str) -> String {
    let (_, rest) = toml.split_once("url = \"").unwrap();
    rest.split_once("/hooks").unwrap().0.to_owned()
}

#[test]
fn each_attempt_has_its_own_time_and_the_same_id() {
    let receiver = Receiver::new();
    for minutes in [0, 5] {
        let now = now() + chrono::TimeDelta::minutes(minutes);
        send_at(&webhook(&receiver.url), &stay(), now, SEND_TIMEOUT).unwrap();
    }
    let [first, second] = receiver.requests().try_into().unwrap();
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    assert_ne!(first.header("webhook-timestamp"), second.header("webhook-timestamp"));
}

#[test]
fn errors_that_may_pass_are_not_permanent() {
    for (status, permanent) in [
        (400, true),
        (401, true),
        (404, true),
        (410, true),
        (422, true),
        (408, false),
        (425, false),
        (429, false),
        (500, false),
        (503, false),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let receiver = Receiver::start(move |_| (status, "\n\n  no\u{7} luck \nmore"));
        let error = error_of(&receiver);
        let start = format!("{} answered {status}: no luck", receiver.url);
        assert!(error.message.starts_with(&start), "{error}");
        assert_eq!((error.is_permanent, error.retry_after), (permanent, None), "{error}");
    }
    let receiver = Receiver::start(|_| StatusCode::NOT_FOUND);
    let expected = format!("{} answered 404 Not Found; check the channel's url", receiver.url);
    assert_eq!(error_of(&receiver).message, expected);
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    for (header, seconds) in [("120", 120), ("Fri, 10 Jul 2026 08:36:00 GMT", 300)] {
        let receiver =
            Receiver::start(move |_| (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, header)]));
        let error = error_of(&receiver);
        assert_eq!(error.retry_after, Some(Duration::from_secs(seconds)));
        assert!(!error.is_permanent && error.message.contains("429 Too Many Requests"), "{error}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let other = Receiver::new();
    let target = format!("{}/stolen", other.url);
    for status in [301, 302, 307, 308] {
        let (status, target) = (StatusCode::from_u16(status).unwrap(), target.clone());
        let receiver = Receiver::start(move |_| (status, [(LOCATION, target.clone())]));
        let error = error_of(&receiver);
        assert!(error.is_permanent, "{error}");
        let expected = format!("redirects to {}: redirects are not followed", other.url);
        assert!(error.message.contains(&expected), "{error}");
    }
    assert!(other.requests().is_empty());
}

#[test]
fn a_huge_answer_is_not_read_to_its_end() {
    // It promises more than any machine has, and ends when the connection is closed.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 16 * 1024]).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", u64::MAX / 2);
        stream.write_all(head.as_bytes()).unwrap();
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let receipt = send(&webhook(&url), &stay()).unwrap();
    server.join().unwrap();
    assert_eq!(receipt.reply, format!("200 OK: {}…", "x".repeat(120)));
}

#[test]
fn a_receiver_that_stalls_is_abandoned() {
    let (_listener, url) = silent_server();
    let timeout = Duration::from_millis(200);
    let error = send_at(&webhook(&url), &stay(), now(), timeout).unwrap_err();
    assert_eq!(error.message, format!("{url} did not answer within 0 seconds"));
    assert!(!error.is_permanent);
}

/// The status says that the message was taken. A second attempt would only repeat it.
#[test]
fn a_body_that_breaks_off_is_no_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 64 * 1024]).unwrap();
        stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\nqueued").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        // Until the client closes the connection, so that what it has not read yet is not lost.
        while matches!(stream.read(&mut [0; 1024]), Ok(1..)) {}
    });
    let receipt = send(&webhook(&url), &stay()).unwrap();
    server.join().unwrap();
    assert_eq!(receipt.reply, "202 Accepted: queued");
}

#[test]
fn a_closed_port_is_an_error_that_may_pass() {
    let url = silent_server().1;
    let error = send(&webhook(&url), &stay()).unwrap_err();
    assert!(error.message.starts_with(&format!("the connection to {url} failed: ")), "{error}");
    assert!(error.message.contains("refused") && !error.is_permanent, "{error}");
}

#[test]
fn an_answer_that_repeats_the_request_betrays_no_secret() {
    let receiver = Receiver::start(|request| {
        (StatusCode::BAD_REQUEST, format!("cannot {} {}", request.method, request.path))
    });
    let error = error_of(&receiver);
    assert!(error.message.ends_with("cannot POST /[hidden]/[hidden]?[hidden]"), "{error}");
}
