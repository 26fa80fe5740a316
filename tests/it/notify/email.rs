//! E-mail against a mail server with TLS and log-in.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use hut_availability::domain::message::Message;
use hut_availability::notify::outcome::SendError;
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::Value;
use tempfile::TempDir;

use super::messages::{stay, tour};
use super::{now, send, send_at};
use crate::support::pushgateway::silent_server;
use crate::support::python_server::PythonServer;
use crate::support::{tool, tools};

/// A mail server with a certificate for 127.0.0.1 of its own authority.
struct MailServer {
    server: PythonServer,
    directory: TempDir,
}

impl MailServer {
    /// Starts a server in a mode of `smtp_server.py`. None where aiosmtpd is missing.
    fn start(mode: &str) -> Option<Self> {
        tool(tools().join("bin/aiosmtpd"))?;
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        make_certificates(directory.path());
        let args = [mode, &path("server.pem"), &path("server.key")];
        let server = PythonServer::start("notify/smtp_server.py", "aiosmtpd", &args)?;
        Some(Self { server, directory })
    }

    fn authority(&self) -> PathBuf {
        self.directory.path().join("authority.pem")
    }

    fn url(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.server.port)
    }

    /// A channel that logs in and trusts the authority of the server.
    fn channel(&self, scheme: &str, further: &str) -> String {
        let log_in = "username = \"me@example.org\"\npassword = \"hunter2\"\n";
        let authority = format!("ca_file = {:?}\n", self.authority());
        channel(&self.url(scheme), &format!("{log_in}{authority}{further}"))
    }

    /// The next mail that it has taken.
    fn mail(&mut self) -> Value {
        serde_json::from_str(&self.server.line()).unwrap()
    }
}

fn channel(url: &str, further: &str) -> String {
    let to = if further.contains("to = ") { "" } else { "to = \"Me <me@example.org>\"\n" };
    format!(
        "[channels.me]\nkind = \"email\"\nurl = \"{url}\"\nfrom = \"Hütten <huts@example.org>\"\n{to}{further}"
    )
}

fn make_certificates(directory: &Path) {
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let openssl = |args: &[&str]| {
        let mut command = Command::new("openssl");
        let command = command.args(["req", "-x509", "-days", "3650"]).args(key).args(args);
        let made = command.current_dir(directory).output().unwrap();
        assert!(made.status.success(), "{made:?}");
    };
    openssl(&["-subj", "/CN=Test authority", "-keyout", "authority.key", "-out", "authority.pem"]);
    openssl(&[
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-CA",
        "authority.pem",
        "-CAkey",
        "authority.key",
        "-keyout",
        "server.key",
        "-out",
        "server.pem",
    ]);
}

fn error_of(toml: &str, message: &Message) -> SendError {
    let error = send(toml, message).unwrap_err();
    assert!(!error.message.contains("hunter") && !error.message.contains('\n'), "{error}");
    error
}

#[test]
fn a_mail_is_sent_with_starttls_and_log_in() {
    let Some(mut server) = MailServer::start("starttls") else { return };
    let to = "to = [\"me@example.org\", \"Üli <you@example.org>\"]\nlanguage = \"de\"\n";
    let receipt = send(&server.channel("smtp", to), &tour()).unwrap();
    assert_eq!(receipt.reply, "250 taken as number 7");
    let mail = server.mail();
    assert_eq!(mail["from"], "huts@example.org");
    assert_eq!(mail["to"], serde_json::json!(["me@example.org", "you@example.org"]));
    assert_eq!((&mail["is_encrypted"], &mail["user"]), (&true.into(), &"me@example.org".into()));

    let content = mail["content"].as_str().unwrap();
    let parsed = MessageParser::default().parse(content.as_bytes()).unwrap();
    let from = parsed.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("Hütten"), Some("huts@example.org")));
    let title = "Watzmann im Juli: Platz auf allen Etappen ab 1. August";
    assert_eq!(parsed.subject(), Some(title));
    assert_eq!(parsed.message_id(), Some("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W@example.org"));
    assert_eq!(parsed.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
    assert_eq!(parsed.date().unwrap().to_rfc3339(), "2026-07-10T08:30:00Z");
    let content_type = parsed.content_type().unwrap();
    assert_eq!((content_type.ctype(), content_type.subtype()), ("multipart", Some("alternative")));
    let text = parsed.body_text(0).unwrap();
    assert!(text.starts_with("Platz für 4 Personen:"), "{text}");
    assert!(text.contains("Wimbachgrieshütte (12 Plätze frei) oder Ingolstädter Haus"), "{text}");
    assert!(text.trim_end().ends_with("Meldung: msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"), "{text}");
    let html = parsed.body_html(0).unwrap();
    assert!(html.contains("<html lang=\"de\">"), "{html}");
    let link = "<a href=\"https://booking.example.org/watzmannhaus?from=2026-08-01&amp;places=4\">Buchen</a>";
    assert!(html.contains(link), "{html}");
    // Mail servers refuse longer lines.
    assert!(content.lines().all(|line| line.len() <= 998), "{content}");
}

#[test]
fn a_mail_is_sent_with_tls_from_the_start() {
    let Some(mut server) = MailServer::start("tls") else { return };
    for toml in [server.channel("smtps", ""), server.channel("smtp", "tls = \"tls\"\n")] {
        send(&toml, &stay()).unwrap();
        let mail = server.mail();
        assert_eq!(
            (&mail["is_encrypted"], &mail["user"]),
            (&true.into(), &"me@example.org".into())
        );
    }
}

#[test]
fn each_attempt_sends_the_same_id() {
    let Some(mut server) = MailServer::start("none") else { return };
    let toml = channel(&server.url("smtp"), "tls = \"none\"\n");
    let ids = [(); 2].map(|()| {
        send(&toml, &stay()).unwrap();
        let content = server.mail()["content"].as_str().unwrap().to_owned();
        MessageParser::default().parse(content.as_bytes()).unwrap().message_id().unwrap().to_owned()
    });
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn a_wrong_password_is_refused() {
    let Some(server) = MailServer::start("starttls") else { return };
    let toml = server.channel("smtp", "").replace("hunter2", "hunter3");
    let error = error_of(&toml, &stay());
    let expected = format!("{} answered 535: ", server.url("smtp"));
    assert!(error.message.starts_with(&expected) && error.is_permanent, "{error}");
    assert!(error.message.ends_with("; check the channel's username and password"), "{error}");
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused() {
    for (mode, scheme) in [("starttls", "smtp"), ("tls", "smtps")] {
        let Some(server) = MailServer::start(mode) else { return };
        let authority = format!("ca_file = {:?}\n", server.authority());
        let toml = server.channel(scheme, "").replace(&authority, "");
        let error = error_of(&toml, &stay());
        let expected = format!("{} cannot be trusted: ", server.url(scheme));
        assert!(error.message.starts_with(&expected) && error.is_permanent, "{error}");
        assert!(error.message.ends_with("; check its certificate, or set ca_file"), "{error}");
        // The certificate is for the address, not for the name.
        let toml = server.channel(scheme, "").replace("127.0.0.1", "localhost");
        let error = error_of(&toml, &stay());
        assert!(error.message.contains("cannot be trusted") && error.is_permanent, "{error}");
    }
}

/// The password would be readable to everybody on the way.
#[test]
fn a_server_without_starttls_is_refused() {
    let Some(server) = MailServer::start("none") else { return };
    let error = error_of(&server.channel("smtp", ""), &stay());
    assert!(error.message.contains("cannot be used") && error.is_permanent, "{error}");
}

#[test]
fn a_refused_address_is_permanent_and_a_full_mailbox_is_not() {
    let Some(server) = MailServer::start("none") else { return };
    for (to, reply, permanent) in [
        ("nobody", "550: no such user here; check the channel's from and to", true),
        ("full", "452: the mailbox is full", false),
    ] {
        let further = format!("tls = \"none\"\nto = \"{to}@example.org\"\n");
        let error = error_of(&channel(&server.url("smtp"), &further), &stay());
        let expected = format!("{} answered {reply}", server.url("smtp"));
        assert_eq!((error.message, error.is_permanent), (expected, permanent));
    }
}

#[test]
fn a_server_that_stalls_is_abandoned() {
    let (_listener, url) = silent_server();
    let url = url.replace("http", "smtp");
    for further in ["tls = \"none\"\n", "", "tls = \"tls\"\n"] {
        let toml = channel(&url, further);
        let error = send_at(&toml, &stay(), now(), Duration::from_millis(200)).unwrap_err();
        let expected = format!("{url} did not take the mail within 0 seconds");
        assert_eq!((error.message, error.is_permanent), (expected, false));
    }
}

#[test]
fn a_closed_port_is_an_error_that_may_pass() {
    let url = silent_server().1.replace("http", "smtp");
    let error = error_of(&channel(&url, ""), &stay());
    assert!(error.message.starts_with(&format!("the connection to {url} failed: ")), "{error}");
    assert!(error.message.contains("refused") && !error.is_permanent, "{error}");
}
