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

    /// Add the page /watches: all watches, what is open, and the last notifications. It shows who wants to sleep
    /// where, so keep it from strangers
    #[arg(long, env = "AVAILABILITY_SHOW_WATCHES", value_parser = clap::builder::BoolishValueParser::new())]
    pub show_watches: bool,

    #[command(flatten)]
    pub intervals: IntervalArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "expected an IP address and a port, such as 127.0.0.1:8080".into())
}
