//! Push notifications to phones with [ntfy].
//!
//! Messages are published as JSON to the root of the server, not as text with headers to the topic's URL: headers
//! hold no umlauts, unless they are encoded in a way that not every proxy passes on.
//!
//! [ntfy]: https://docs.ntfy.sh/publish/#publish-as-json

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::Url;
use reqwest::header::HeaderMap;
use serde::Serialize;

use super::channel::Notifier;
use super::http::Poster;
use super::log_in::headers;
use super::mask::Mask;
use super::outcome::{Receipt, SendError};
use super::reader::Reader;
use super::render::plain_within;
use super::settings::Settings;
use super::wording::compose;
use crate::domain::message::{Message, MessageKind};

/// ntfy makes an attachment of a longer message, or refuses it.
const MAX_MESSAGE_BYTES: usize = 4096;

const EXAMPLE: &str = "https://ntfy.sh/my-secret-topic";

struct Ntfy {
    poster: Poster,
    topic: String,
    headers: HeaderMap,
    priority: Option<i64>,
    reader: Reader,
}

#[derive(Serialize)]
struct Publication<'a> {
    topic: &'a str,
    title: &'a str,
    message: String,
    tags: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    click: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<i64>,
}

/// Builds the channel from the keys `url`, `token`, `username`, `password` and `priority`.
///
/// # Errors
/// A key is missing or not valid.
pub fn build(
    settings: &mut Settings,
    reader: Reader,
    timeout: Duration,
) -> anyhow::Result<Box<dyn Notifier>> {
    let url = settings.http_url("url", EXAMPLE)?;
    let Some((server, topic)) = split(&url) else {
        let why = format!("expected the URL of a topic such as {EXAMPLE}");
        return Err(settings.error("url", why));
    };
    let mut mask = Mask::default();
    mask.add_url(&url);
    let headers = headers(settings, &mut mask)?;
    let priority = settings.number("priority")?;
    if priority.is_some_and(|priority| !(1..=5).contains(&priority)) {
        return Err(settings.error("priority", "expected a number from 1 (lowest) to 5 (highest)"));
    }
    let poster = Poster::new(server, timeout, mask);
    let poster = poster.map_err(|error| settings.error("url", format!("{error:#}")))?;
    Ok(Box::new(Ntfy { poster, topic, headers, priority, reader }))
}

/// The root of the server, and the topic.
fn split(url: &Url) -> Option<(Url, String)> {
    let topic = url.path_segments()?.next_back()?.to_owned();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if topic.is_empty() || !topic.chars().all(is_part) {
        return None;
    }
    Some((url.join(".").ok()?, topic))
}

impl Ntfy {
    async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<Receipt, SendError> {
        let text = compose(message, self.reader);
        let publication = Publication {
            topic: &self.topic,
            title: &text.title,
            message: plain_within(&text, MAX_MESSAGE_BYTES),
            tags: [tag(message)],
            click: text.link.as_deref(),
            priority: self.priority,
        };
        self.poster.post_json(&publication, self.headers.clone(), now).await?.receipt()
    }
}

/// A tag that ntfy shows as an emoji.
fn tag(message: &Message) -> &'static str {
    match message.kind {
        MessageKind::Test => "test_tube",
        MessageKind::News if message.opened.count == 0 => "no_entry_sign",
        MessageKind::News | MessageKind::Summary => "mountain_snow",
    }
}

impl Notifier for Ntfy {
    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Receipt, SendError>> {
        self.send(message, now).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_split_into_server_and_topic() {
        let split = |url: &str| {
            let (server, topic) = split(&url.parse().unwrap())?;
            Some(format!("{server} {topic}"))
        };
        assert_eq!(split("https://ntfy.sh/huts").as_deref(), Some("https://ntfy.sh/ huts"));
        assert_eq!(split("http://x:1/sub/A_b-1").as_deref(), Some("http://x:1/sub/ A_b-1"));
        for url in ["https://ntfy.sh", "https://ntfy.sh/huts/", "https://ntfy.sh/a%20b"] {
            assert_eq!(split(url), None, "{url}");
        }
    }
}
