//! The trait that each kind of channel implements, and a channel with its name.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::outcome::{Receipt, SendError};
use crate::domain::message::Message;

/// The time limit of one attempt, until the receiver has confirmed it. Receivers of webhooks are asked to answer
/// within seconds, and mail servers may look up a name or two first. A run that waits longer holds up its other
/// messages for a receiver that hangs.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(15);

/// A kind of channel, with the settings of one channel.
///
/// A new kind implements this trait in a file of its own, and gets one line in [`super::channels`].
pub trait Notifier: Send + Sync {
    /// Sends a message once, within the time limit of the channel. `now` is the time of this attempt.
    ///
    /// # Errors
    /// Why the message was not sent, or not confirmed, without secrets.
    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Receipt, SendError>>;
}

/// A channel of notification.
pub struct Channel {
    name: String,
    kind: &'static str,
    notifier: Box<dyn Notifier>,
}

impl Channel {
    /// `kind` is the kind's name in the file of channels, such as `webhook`.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: &'static str, notifier: Box<dyn Notifier>) -> Self {
        Self { name: name.into(), kind, notifier }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Sends a message once, within [`SEND_TIMEOUT`]. `now` is the time of this attempt.
    ///
    /// # Errors
    /// Why the message was not sent, or not confirmed, without secrets.
    pub async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<Receipt, SendError> {
        self.notifier.send(message, now).await
    }
}

/// Without the settings, which may be secret.
impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.kind)
    }
}
