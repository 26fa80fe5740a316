//! The connection to a mail server, and what its replies and errors mean.

use std::error::Error;
use std::fs;
use std::net::IpAddr;
use std::time::Duration;

use chrono::TimeDelta;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::response::{Response, Severity};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use reqwest::Url;

use crate::notify::mask::Mask;
use crate::notify::outcome::{MAX_REPLY_LEN, SendError};
use crate::notify::settings::Settings;
use crate::text::clean::one_line;
use crate::text::humanize::duration;

const EXAMPLE: &str = "smtps://mail.example.org";

/// How a connection is encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// TLS from the first byte.
    Tls,
    /// TLS after the command STARTTLS. A server without it is refused, because the password would be readable.
    StartTls,
    None,
}

impl Encryption {
    /// The ports of RFC 8314 and RFC 5321.
    fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// The transport from the keys `url`, `tls`, `ca_file`, `username` and `password`, and its server for messages.
///
/// # Errors
/// A key is missing or not valid.
pub fn transport(
    settings: &mut Settings,
    timeout: Duration,
    mask: &mut Mask,
) -> anyhow::Result<(AsyncSmtpTransport<Tokio1Executor>, String)> {
    let text = settings.text("url")?.ok_or_else(|| settings.missing("url", EXAMPLE))?;
    let url = parse_url(&text).map_err(|why| settings.error("url", why))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let encryption = encryption(settings, &url)?;
    let port = url.port().unwrap_or(encryption.port());
    let (user, password) = (settings.text("username")?, settings.secret("password")?);
    if encryption == Encryption::None && password.is_some() && !is_loopback(&host) {
        let why =
            "\"none\" would send the password readable to everybody: use \"tls\" or \"starttls\"";
        return Err(settings.error("tls", why));
    }
    let ca_file = settings.path("ca_file")?;
    let mut tls = TlsParameters::builder(host.clone());
    if let Some(file) = ca_file {
        let certificate = fs::read(&file).map_err(anyhow::Error::from);
        let certificate = certificate.and_then(|pem| Ok(Certificate::from_pem(&pem)?));
        let certificate = certificate.map_err(|error| {
            settings.error("ca_file", format!("cannot read {}: {error:#}", file.display()))
        })?;
        tls = tls.certificate_store(CertificateStore::None).add_root_certificate(certificate);
    }
    let tls = match encryption {
        Encryption::None => Tls::None,
        Encryption::Tls | Encryption::StartTls => {
            let tls =
                tls.build().map_err(|error| settings.error("url", format!("TLS: {error}")))?;
            if encryption == Encryption::Tls { Tls::Wrapper(tls) } else { Tls::Required(tls) }
        }
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(port).tls(tls);
    let mut builder = builder.timeout(Some(timeout));
    match (user, password) {
        (None, None) => {}
        (Some(user), Some(password)) => {
            mask.add_log_in(&user, password.expose());
            builder = builder.credentials(Credentials::new(user, password.expose().to_owned()));
        }
        (Some(_), None) => {
            return Err(settings.missing("password_file", "/run/secrets/mail-password"));
        }
        (None, Some(_)) => return Err(settings.missing("username", "me@example.org")),
    }
    let host = url.host_str().unwrap_or_default();
    Ok((builder.build(), format!("{}://{host}:{port}", url.scheme())))
}

fn parse_url(text: &str) -> Result<Url, String> {
    let expected = "expected a URL such as smtps://mail.example.org or smtp://mail.example.org:587";
    let url: Url = text.parse().map_err(|error| format!("{expected}: {error}"))?;
    if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) {
        return Err(expected.into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a log-in: use the keys username and password".into());
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{expected}, without anything after the port"));
    }
    Ok(url)
}

fn encryption(settings: &mut Settings, url: &Url) -> anyhow::Result<Encryption> {
    let tls = settings.text("tls")?;
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None | Some("tls")) | ("smtp", Some("tls")) => Ok(Encryption::Tls),
        ("smtp", None | Some("starttls")) => Ok(Encryption::StartTls),
        ("smtp", Some("none")) => Ok(Encryption::None),
        ("smtps", Some("starttls" | "none")) => {
            Err(settings
                .error("tls", "must be \"tls\" with smtps://: write smtp:// for the others"))
        }
        (_, other) => {
            let got = other.unwrap_or_default();
            let expected = "expected \"tls\", \"starttls\" or \"none\"";
            Err(settings.error("tls", format!("{expected}, got {got:?}")))
        }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The server's reply to a mail that it took.
#[must_use]
pub fn reply(response: &Response, mask: &Mask) -> String {
    let text = response.message().collect::<Vec<_>>().join(" ");
    one_line(&mask.apply(&format!("{} {text}", response.code())), MAX_REPLY_LEN)
}

/// The server did not take the mail in time.
#[must_use]
pub fn timed_out(server: &str, timeout: Duration) -> SendError {
    let limit = duration(TimeDelta::from_std(timeout).unwrap_or(TimeDelta::MAX));
    SendError::transient(format!("{server} did not take the mail within {limit}"))
}

/// What an error of the transport means.
#[must_use]
pub fn failed(
    error: &lettre::transport::smtp::Error,
    server: &str,
    timeout: Duration,
    mask: &Mask,
) -> SendError {
    if error.is_timeout() {
        return timed_out(server, timeout);
    }
    let why = one_line(&mask.apply(&innermost(error)), MAX_REPLY_LEN);
    if let Some(code) = error.status() {
        let message = format!("{server} answered {code}: {why}{}", hint(&code.to_string()));
        let is_permanent = code.severity == Severity::PermanentNegativeCompletion;
        return SendError { message, retry_after: None, is_permanent };
    }
    if why.contains("certificate") {
        let advice = "check its certificate, or set ca_file";
        return SendError::permanent(format!("{server} cannot be trusted: {why}; {advice}"));
    }
    if error.is_client() {
        // Such as a server without STARTTLS, or without a log-in that both know.
        return SendError::permanent(format!(
            "{server} cannot be used: {why}; check url, tls and username"
        ));
    }
    SendError::transient(format!("the connection to {server} failed: {why}"))
}

/// What to do about a reply, by its code (RFC 4954, RFC 5321).
fn hint(code: &str) -> &'static str {
    match code {
        "530" | "534" | "535" | "538" => "; check the channel's username and password",
        "550" | "553" => "; check the channel's from and to",
        _ => "",
    }
}

fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
