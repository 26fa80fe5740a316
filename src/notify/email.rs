//! E-mail over SMTP, with TLS and log-in.

mod connection;

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::channel::Notifier;
use super::mask::Mask;
use super::outcome::{Receipt, SendError};
use super::reader::Reader;
use super::render::{html, plain};
use super::settings::Settings;
use super::wording::compose;
use crate::domain::message::Message;
use connection::{failed, reply, timed_out, transport};

/// The header by which mail programs know that nobody reads an answer, and send no note of absence (RFC 3834).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

struct Email {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    /// Scheme, host and port of the server.
    server: String,
    from: Mailbox,
    to: Vec<Mailbox>,
    timeout: Duration,
    mask: Mask,
    reader: Reader,
}

/// Builds the channel from the keys `url`, `username`, `password`, `from`, `to`, `tls` and `ca_file`.
///
/// # Errors
/// A key is missing or not valid.
pub fn build(
    settings: &mut Settings,
    reader: Reader,
    timeout: Duration,
) -> anyhow::Result<Box<dyn Notifier>> {
    let mut mask = Mask::default();
    let (transport, server) = transport(settings, timeout, &mut mask)?;
    let example = "Huts <huts@example.org>";
    let from = settings.text("from")?.ok_or_else(|| settings.missing("from", example))?;
    let from = mailbox(settings, "from", &from)?;
    let to = settings.texts("to")?;
    if to.is_empty() {
        return Err(settings.missing("to", "me@example.org"));
    }
    let to: anyhow::Result<_> = to.iter().map(|to| mailbox(settings, "to", to)).collect();
    Ok(Box::new(Email { transport, server, from, to: to?, timeout, mask, reader }))
}

fn mailbox(settings: &Settings, key: &str, text: &str) -> anyhow::Result<Mailbox> {
    text.parse().map_err(|error| {
        let expected = "expected an address such as me@example.org or Me <me@example.org>";
        settings.error(key, format!("{expected}, got {text:?}: {error}"))
    })
}

impl Email {
    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let mail = self
            .mail(message)
            .map_err(|error| SendError::permanent(format!("cannot write the mail: {error}")))?;
        let sent = tokio::time::timeout(self.timeout, self.transport.send(mail)).await;
        match sent {
            Ok(Ok(response)) => Ok(Receipt { reply: reply(&response, &self.mask) }),
            Ok(Err(error)) => Err(failed(&error, &self.server, self.timeout, &self.mask)),
            Err(_) => Err(timed_out(&self.server, self.timeout)),
        }
    }

    /// The mail. Each attempt sends the same one.
    fn mail(&self, message: &Message) -> Result<lettre::Message, lettre::error::Error> {
        let text = compose(message, self.reader);
        let language = self.reader.language;
        let id = format!("<{}@{}>", local_part(&message.id), self.from.email.domain());
        let to = self.to.iter().cloned();
        let auto_submitted = HeaderValue::new(AUTO_SUBMITTED, "auto-generated".into());
        let builder = lettre::Message::builder().from(self.from.clone());
        to.fold(builder, MessageBuilder::to)
            .subject(text.title.clone())
            .message_id(Some(id))
            .date(message.at.into())
            .raw_header(auto_submitted)
            .multipart(MultiPart::alternative_plain_html(
                plain(&text),
                html(&text, language.code()),
            ))
    }
}

/// The ID without the characters that a `Message-ID` may not have (RFC 5322, `dot-atom-text`).
fn local_part(id: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    id.chars().map(|c| if is_part(c) { c } else { '_' }).collect()
}

impl Notifier for Email {
    fn send<'a>(
        &'a self,
        message: &'a Message,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Receipt, SendError>> {
        self.send(message).boxed()
    }
}
