//! ntfy against a server that checks the documented interface.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::messages::{closing, season, stay, test};
use super::send;
use crate::support::receiver::{Receiver, Request};

/// Answers as ntfy does: it takes JSON at its root, and refuses what it does not know.
fn ntfy(request: &Request) -> (StatusCode, String) {
    let error = |status: StatusCode, why: &str| {
        (status, json!({ "http": status.as_u16(), "error": why }).to_string())
    };
    if request.method != "POST" || request.path != "/" {
        return error(StatusCode::NOT_FOUND, "page not found");
    }
    let Ok(Value::Object(json)) = serde_json::from_slice(&request.body) else {
        return error(StatusCode::BAD_REQUEST, "request body must be message JSON");
    };
    let known = ["topic", "title", "message", "tags", "priority", "click"];
    let is_known = json.keys().all(|key| known.contains(&key.as_str()));
    let message = json["message"].as_str().unwrap();
    if !is_known || message.len() > 4096 || request.body.len() > 2 * 4096 {
        return error(StatusCode::BAD_REQUEST, "invalid request");
    }
    if json["topic"] == "private" && request.header("authorization").is_none() {
        return error(StatusCode::FORBIDDEN, "forbidden");
    }
    let topic = &json["topic"];
    (StatusCode::OK, json!({ "id": "a1", "event": "message", "topic": topic }).to_string())
}

fn channel(server: &Receiver, topic: &str, further: &str) -> String {
    let url = format!("{}/{topic}", server.url);
    format!("[channels.me]\nkind = \"ntfy\"\nurl = \"{url}\"\n{further}")
}

#[test]
fn a_message_is_published_as_json() {
    let server = Receiver::start(ntfy);
    let toml = channel(&server, "my-topic", "language = \"de\"\npriority = 4\n");
    let receipt = send(&toml, &stay()).unwrap();
    assert!(receipt.reply.starts_with("200 OK: {"), "{receipt}");
    assert!(!receipt.reply.contains("my-topic"), "the topic is a secret: {receipt}");
    let mut json = server.request().json();
    let text = json["message"].take();
    assert!(text.as_str().unwrap().contains("4 Plätze frei"), "{text}");
    assert!(
        text.as_str().unwrap().ends_with("Meldung: msg_2KWPBgLlAfxdpx2AI54pPJ85f4W\n"),
        "{text}"
    );
    let expected = json!({
        "topic": "my-topic", "title": "Watzmannhaus: 4 Plätze frei am 18. Juli", "message": null,
        "tags": ["mountain_snow"], "priority": 4,
        "click": "https://booking.example.org/watzmannhaus?from=2026-07-18&places=4",
    });
    assert_eq!(json, expected);
}

#[test]
fn the_tag_says_what_it_is_about() {
    for (message, tag) in
        [(stay(), "mountain_snow"), (closing(), "no_entry_sign"), (test(), "test_tube")]
    {
        let server = Receiver::start(ntfy);
        send(&channel(&server, "my-topic", ""), &message).unwrap();
        assert_eq!(server.request().json()["tags"], json!([tag]));
    }
}

#[test]
fn a_long_message_is_cut_to_what_ntfy_takes() {
    let server = Receiver::start(ntfy);
    send(&channel(&server, "my-topic", ""), &season(20)).unwrap();
    let text = server.request().json()["message"].take();
    let text = text.as_str().unwrap();
    assert!(text.contains("\n…\n") && text.ends_with("f4W\n"), "{text}");
}

#[test]
fn a_token_or_a_password_logs_in() {
    for (further, header) in [
        ("token = \"tk_hunter2\"", "Bearer tk_hunter2"),
        ("username = \"me\"\npassword = \"hunter2\"", "Basic bWU6aHVudGVyMg=="),
    ] {
        let server = Receiver::start(ntfy);
        send(&channel(&server, "private", further), &stay()).unwrap();
        assert_eq!(server.request().header("authorization"), Some(header));
    }
}

#[test]
fn a_refusal_says_what_to_check_and_hides_the_topic() {
    let server = Receiver::start(ntfy);
    let error = send(&channel(&server, "private", ""), &stay()).unwrap_err();
    assert!(error.is_permanent, "{error}");
    assert!(error.message.ends_with("check the channel's log-in or secret"), "{error}");
    assert!(error.message.contains("\"error\":\"forbidden\""), "{error}");
    let echo = |request: &Request| (StatusCode::BAD_REQUEST, request.body.clone());
    let server = Receiver::start(echo);
    let error = send(&channel(&server, "private", ""), &stay()).unwrap_err();
    assert!(!error.message.contains("private"), "{error}");
}
