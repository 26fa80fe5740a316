//! Flags on how sites are asked.

use clap::Args;
use reqwest::Url;

use super::values::{parse_contact, parse_seconds, parse_source_url, parse_time_out};

/// Enough to keep an interval of 0.1 s at a site that takes 2 s for an answer, and a fifth more. It is the
/// interval that spares a site; this is what one in trouble has to bear at most.
const MAX_IN_FLIGHT: u16 = 24;

/// How sites are asked.
#[derive(Debug, Args)]
#[command(next_help_heading = "How sites are asked")]
pub struct RequestArgs {
    /// Between the starts of two requests to the same site [default: 0.1, or the site's own interval]
    #[arg(
        long,
        env = "AVAILABILITY_REQUEST_INTERVAL",
        value_name = "SECONDS",
        value_parser = parse_seconds
    )]
    pub request_interval: Option<std::time::Duration>,

    /// Ask the booking sites themselves even in intervals below 0.05 s
    #[arg(long)]
    pub force_request_interval: bool,

    /// Requests to a site that may wait for their answers at the same time
    #[arg(
        long,
        env = "AVAILABILITY_MAX_IN_FLIGHT",
        value_name = "N",
        default_value_t = MAX_IN_FLIGHT,
        value_parser = clap::value_parser!(u16).range(1..=64)
    )]
    pub max_in_flight: u16,

    /// How long one whole answer may take
    #[arg(
        long,
        env = "AVAILABILITY_REQUEST_TIMEOUT",
        value_name = "SECONDS",
        default_value = "30",
        value_parser = parse_time_out
    )]
    pub request_timeout: std::time::Duration,

    /// Tries after the first, for errors that may pass
    #[arg(
        long,
        env = "AVAILABILITY_RETRIES",
        value_name = "N",
        default_value_t = 3,
        value_parser = clap::value_parser!(u8).range(0..=10)
    )]
    pub retries: u8,

    /// How the sites can reach you, for the User-Agent: a URL or an e-mail address
    #[arg(long, env = "AVAILABILITY_CONTACT", value_name = "CONTACT", value_parser = parse_contact)]
    pub contact: Option<String>,

    /// Ask another address than the site's own, such as hrs=http://127.0.0.1:8080; may be repeated
    #[arg(long, value_name = "ORG=URL", value_parser = parse_source_url)]
    pub source_url: Vec<(String, Url)>,
}
