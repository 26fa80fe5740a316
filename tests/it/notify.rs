//! Channels of notification against real receivers, and what their messages say.

mod apprise;
mod email;
mod file;
mod messages;
mod ntfy;
mod texts;
mod webhook;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hut_availability::domain::message::Message;
use hut_availability::notify::channel::SEND_TIMEOUT;
use hut_availability::notify::channels::Channels;
use hut_availability::notify::outcome::{Receipt, SendError};

/// The time of all attempts.
fn now() -> DateTime<Utc> {
    "2026-07-10T08:31:00Z".parse().unwrap()
}

/// Writes a file of channels that only its owner may read.
fn write(directory: &Path, text: &str) -> std::path::PathBuf {
    let path = directory.join("channels.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    path
}

/// Sends a message through the channel `me` of a file.
fn send(toml: &str, message: &Message) -> Result<Receipt, SendError> {
    send_at(toml, message, now(), SEND_TIMEOUT)
}

fn send_at(
    toml: &str,
    message: &Message,
    now: DateTime<Utc>,
    timeout: Duration,
) -> Result<Receipt, SendError> {
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), toml);
    let channels = Channels::read_with_timeout(&path, timeout).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(channels.find("me").unwrap().send(message, now))
}
