//! Everything else: an [Apprise API] server passes messages on to a hundred services.
//!
//! [Apprise API]: https://github.com/caronc/apprise-api

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Serialize;

use super::channel::Notifier;
use super::http::Poster;
use super::log_in::headers;
use super::mask::Mask;
use super::outcome::{Receipt, SendError};
use super::reader::Reader;
use super::render::plain;
use super::secret::Secret;
use super::settings::Settings;
use super::wording::compose;
use crate::domain::message::{Message, MessageKind};

struct Apprise {
    poster: Poster,
    headers: HeaderMap,
    /// The services, for a server that keeps no configuration.
    urls: Vec<Secret>,
    tag: Option<String>,
    reader: Reader,
}

#[derive(Serialize)]
struct Notification<'a> {
    title: &'a str,
    body: String,
    r#type: &'static str,
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    /// Separated by commas, which every version of the server reads.
    #[serde(skip_serializing_if = "String::is_empty")]
    urls: String,
}

/// Builds the channel from the keys `url`, `urls`, `tag`, `token`, `username` and `password`.
///
/// # Errors
/// A key is missing or not valid.
pub fn build(
    settings: &mut Settings,
    reader: Reader,
    timeout: Duration,
) -> anyhow::Result<Box<dyn Notifier>> {
    let url = settings.http_url("url", "https://apprise.example.org/notify/KEY")?;
    let urls = settings.secrets("urls")?;
    let tag = settings.text("tag")?;
    let mut mask = Mask::default();
    for url in &urls {
        mask.add(url.expose());
    }
    let headers = headers(settings, &mut mask)?;
    let poster = Poster::new(url, timeout, mask);
    let poster = poster.map_err(|error| settings.error("url", format!("{error:#}")))?;
    Ok(Box::new(Apprise { poster, headers, urls, tag, reader }))
}

impl Apprise {
    async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<Receipt, SendError> {
        let text = compose(message, self.reader);
        let urls: Vec<&str> = self.urls.iter().map(Secret::expose).collect();
        let notification = Notification {
            title: &text.title,
            body: plain(&text),
            r#type: type_of(message),
            format: "text",
            tag: self.tag.as_deref(),
            urls: urls.join(","),
        };
        let answer = self.poster.post_json(&notification, self.headers.clone(), now).await?;
        match answer.status {
            // A success for HTTP, but nobody was notified.
            StatusCode::NO_CONTENT => Err(SendError::permanent(
                "the Apprise server has no configuration for this key: save one there, or set the channel's urls",
            )),
            // A service behind the server failed, which may pass.
            StatusCode::FAILED_DEPENDENCY => {
                answer.receipt().map_err(|error| SendError { is_permanent: false, ..error })
            }
            _ => answer.receipt(),
        }
    }
}

/// Services show it as a colour or a symbol.
fn type_of(message: &Message) -> &'static str {
    match message.kind {
        MessageKind::News if message.opened.count > 0 => "success",
        MessageKind::News | MessageKind::Summary | MessageKind::Test => "info",
    }
}

impl Notifier for Apprise {
    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Receipt, SendError>> {
        self.send(message, now).boxed()
    }
}
