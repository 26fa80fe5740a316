//! The flag that names the file of channels.

use std::path::PathBuf;

use clap::Args;

/// The file of channels.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Notification")]
pub struct ChannelsArgs {
    /// TOML file of the channels that messages go to [default: channels.toml, if there is one]
    #[arg(long, env = "AVAILABILITY_CHANNELS", value_name = "FILE")]
    pub channels: Option<PathBuf>,
}
