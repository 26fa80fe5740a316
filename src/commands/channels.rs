//! The channels of a command, and how it sends to them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use chrono::Utc;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::cli::channels::ChannelsArgs;
use crate::domain::delivery::{Courier, Undelivered};
use crate::domain::message::Message;
use crate::notify::channels::Channels;

/// The file of channels that is read if none is named.
const DEFAULT_FILE: &str = "channels.toml";

/// The file of channels that was named, or the default one if it exists.
#[must_use]
pub fn channels_file(args: &ChannelsArgs) -> Option<PathBuf> {
    let default = || Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists());
    args.channels.clone().or_else(default)
}

/// The channels of a command that names or sends to them.
///
/// # Errors
/// There is no file of channels, or it cannot be read.
pub fn require_channels(args: &ChannelsArgs) -> anyhow::Result<Channels> {
    match channels_file(args) {
        Some(path) => Channels::read(&path),
        None => bail!(
            "there is no file of channels: write {DEFAULT_FILE} with a table [channels.NAME] for each channel, or name \
             another file with --channels or AVAILABILITY_CHANNELS"
        ),
    }
}

/// Sends to the channels of a file.
pub struct ChannelCourier {
    channels: Channels,
    /// The name of the file, for errors.
    file: String,
}

impl ChannelCourier {
    /// Reads the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: &Path) -> anyhow::Result<Arc<dyn Courier>> {
        let file = path.display().to_string();
        Ok(Arc::new(Self { channels: Channels::read(path)?, file }))
    }
}

impl Courier for ChannelCourier {
    fn deliver<'a>(
        &'a self,
        channel: &'a str,
        message: &'a Message,
    ) -> BoxFuture<'a, Result<String, Undelivered>> {
        async move {
            let Some(found) = self.channels.get(channel) else {
                let message = format!("{} has no channel {channel:?}: add it there", self.file);
                return Err(Undelivered { message, retry_after: None, is_permanent: true });
            };
            let sent = found.send(message, Utc::now()).await;
            sent.map(|receipt| receipt.reply).map_err(|error| Undelivered {
                message: error.message,
                retry_after: error.retry_after,
                is_permanent: error.is_permanent,
            })
        }
        .boxed()
    }
}
