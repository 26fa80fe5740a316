//! The command line of `hut-availability serve`.

use std::net::SocketAddr;

use clap::Args;

use super::reading::DayArgs;
use super::update::IntervalArgs;

/// `serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// IP address and port to listen on; port 0 picks a free port
    #[arg(long, env = "AVAILABILITY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = parse_address)]
    pub listen: SocketAddr,

    #[command(flatten)]
    pub intervals: IntervalArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "expected an IP address and a port, such as 127.0.0.1:8080".into())
}
