//! Webhooks: JSON that is signed by the Standard Webhooks specification.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::channel::Notifier;
use super::http::Poster;
use super::mask::Mask;
use super::outcome::{Receipt, SendError};
use super::payload::Payload;
use super::reader::Reader;
use super::settings::Settings;
use super::signature::{SigningKey, sign};
use crate::domain::message::Message;

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

struct Webhook {
    poster: Poster,
    /// None: the messages are not signed.
    keys: Vec<SigningKey>,
    reader: Reader,
}

/// Builds the channel from the keys `url` and `secret`.
///
/// # Errors
/// A key is missing or not valid.
pub fn build(
    settings: &mut Settings,
    reader: Reader,
    timeout: Duration,
) -> anyhow::Result<Box<dyn Notifier>> {
    let url = settings.http_url("url", "https://example.org/hooks/huts")?;
    let secrets = settings.secrets("secret")?;
    let keys = secrets.iter().map(|secret| secret.expose().parse()).collect();
    let keys = Result::map_err(keys, |why: String| settings.error("secret", why))?;
    // The keys are not sent, so no answer can repeat them.
    let poster = Poster::new(url, timeout, Mask::default());
    let poster = poster.map_err(|error| settings.error("url", format!("{error:#}")))?;
    Ok(Box::new(Webhook { poster, keys, reader }))
}

impl Webhook {
    async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<Receipt, SendError> {
        let body = serde_json::to_vec(&Payload::of(message, self.reader))
            .map_err(|error| SendError::permanent(format!("cannot write the JSON: {error}")))?;
        let id = HeaderValue::from_str(&message.id).map_err(|_| {
            SendError::permanent(format!("the ID {:?} does not fit into a header", message.id))
        })?;
        // The time of this attempt: receivers refuse old ones, so that nobody can replay a message.
        let timestamp = now.timestamp();
        let mut headers = HeaderMap::from_iter([(ID, id), (TIMESTAMP, timestamp.into())]);
        if !self.keys.is_empty() {
            let signature = sign(&self.keys, &message.id, timestamp, &body);
            // Base64 fits into a header.
            headers
                .extend(HeaderValue::try_from(signature).map(|signature| (SIGNATURE, signature)));
        }
        self.poster.post(body, headers, now).await?.receipt()
    }
}

impl Notifier for Webhook {
    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Receipt, SendError>> {
        self.send(message, now).boxed()
    }
}
