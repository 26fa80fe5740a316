//! `hut-availability serve`

use std::net::SocketAddr;

use clap::Args;

use super::reading::DayArgs;

/// Where the service listens.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// IP address and port; port 0 is any free one
    #[arg(long, env = "AVAILABILITY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = parse_address)]
    pub listen: SocketAddr,

    #[command(flatten)]
    pub day: DayArgs,
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "must be an IP address and a port, such as 127.0.0.1:8080".into())
}
