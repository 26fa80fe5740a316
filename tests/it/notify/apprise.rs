//! Apprise: the library that its API server uses passes messages on to another receiver.

use axum::http::StatusCode;

use super::messages::{closing, stay};
use super::send;
use crate::support::port::unused_port;
use crate::support::python_server::PythonServer;
use crate::support::receiver::Receiver;

fn start(args: &[&str]) -> Option<PythonServer> {
    PythonServer::start("notify/apprise_server.py", "apprise", args)
}

/// The URL by which Apprise posts JSON to a receiver.
fn json_url(url: &str) -> String {
    url.replace("http://", "json://") + "/inbox"
}

fn channel(port: u16, path: &str, further: &str) -> String {
    let url = format!("http://127.0.0.1:{port}/{path}");
    format!("[channels.me]\nkind = \"apprise\"\nurl = \"{url}\"\n{further}")
}

/// Asserts that Apprise has passed on the stay in French.
fn assert_passed_on(receiver: &Receiver) {
    let request = receiver.request();
    let json = request.json();
    assert_eq!(request.path, "/inbox");
    assert_eq!(json["type"], "success");
    assert_eq!(json["title"], "Watzmannhaus\u{a0}: 4 places libres le 18 juillet");
    let text = json["message"].as_str().unwrap();
    assert!(text.contains("samedi 18 juillet 2026, 1 nuit\u{a0}: 4 places libres."), "{text}");
    assert!(text.trim_end().ends_with("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"), "{text}");
}

#[test]
fn a_message_reaches_the_services_of_a_key() {
    let receiver = Receiver::new();
    let configuration = format!("secretkey={}", json_url(&receiver.url));
    let Some(server) = start(&[&configuration]) else { return };
    let further = "tag = \"phone\"\nlanguage = \"fr\"\n";
    let receipt = send(&channel(server.port, "notify/secretkey", further), &stay()).unwrap();
    assert_eq!(receipt.reply, "200 OK: Notification(s) sent.");
    assert_passed_on(&receiver);
}

#[test]
fn a_message_reaches_the_urls_of_the_channel() {
    let Some(server) = start(&[]) else { return };
    let (one, other) = (Receiver::new(), Receiver::new());
    let urls = [&one, &other].map(|receiver| json_url(&receiver.url));
    let further = format!("urls = {urls:?}\nlanguage = \"fr\"\n");
    send(&channel(server.port, "notify", &further), &stay()).unwrap();
    assert_passed_on(&one);
    assert_passed_on(&other);
}

#[test]
fn a_key_without_a_configuration_is_a_failure() {
    let Some(server) = start(&[]) else { return };
    let error = send(&channel(server.port, "notify/hunter2", ""), &stay()).unwrap_err();
    assert!(error.is_permanent && error.message.contains("has no configuration"), "{error}");
    assert!(!error.message.contains("hunter2"), "{error}");
}

#[test]
fn a_service_that_fails_may_work_later() {
    let configuration = format!("key=json://127.0.0.1:{}/", unused_port());
    let Some(server) = start(&[&configuration]) else { return };
    let error = send(&channel(server.port, "notify/key", ""), &closing()).unwrap_err();
    assert!(!error.is_permanent && error.message.contains("424 Failed Dependency"), "{error}");
}

#[test]
fn the_urls_of_services_are_not_printed() {
    let receiver = Receiver::start(|request| (StatusCode::BAD_REQUEST, request.body.clone()));
    let url = format!("{}/notify", receiver.url);
    let toml = format!(
        "[channels.me]\nkind = \"apprise\"\nurl = \"{url}\"\nurls = \"tgram://hunter2/123\"\n\
         username = \"me\"\npassword = \"swordfish\"\n"
    );
    let error = send(&toml, &stay()).unwrap_err();
    assert!(!error.message.contains("hunter2") && error.is_permanent, "{error}");
    assert_eq!(receiver.request().json()["urls"], "tgram://hunter2/123");
    assert!(receiver.request().header("authorization").unwrap().starts_with("Basic "));
}
