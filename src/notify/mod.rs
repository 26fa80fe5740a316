//! Sends messages about watches: one file a channel of notification.

pub mod apprise;
pub mod channel;
pub mod channels;
pub mod email;
pub mod http;
pub mod log_in;
pub mod mask;
pub mod ntfy;
pub mod outcome;
pub mod payload;
pub mod reader;
pub mod render;
pub mod secret;
pub mod settings;
pub mod signature;
pub mod webhook;
pub mod wording;
