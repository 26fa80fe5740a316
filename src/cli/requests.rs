//! The flags that limit the requests to booking sites.

use clap::Args;
use reqwest::Url;

use super::values::{parse_contact, parse_seconds, parse_source_url, parse_timeout, whole};

/// Enough to keep an interval of 0.1 s at a site that takes 2 s per answer, plus a fifth. The interval is
/// what protects a healthy site; this limit bounds the load on a slow one.
const MAX_IN_FLIGHT: u16 = 24;

/// The limits on requests to booking sites.
#[derive(Debug, Args)]
#[command(next_help_heading = "Requests to booking sites")]
pub struct RequestArgs {
    /// Time between the starts of two requests to the same site [default: 0.1, or the site's own interval]
    #[arg(
        long,
        env = "AVAILABILITY_REQUEST_INTERVAL",
        value_name = "SECONDS",
        value_parser = parse_seconds
    )]
    pub request_interval: Option<std::time::Duration>,

    /// Allow a --request-interval that is shorter than a real booking site accepts: 0.05 s, or 0.3 s for
    /// ffcam
    #[arg(long)]
    pub force_request_interval: bool,

    /// Maximum number of requests to one site that are under way at the same time
    #[arg(
        long,
        env = "AVAILABILITY_MAX_IN_FLIGHT",
        value_name = "N",
        default_value_t = MAX_IN_FLIGHT,
        value_parser = whole::<u16>(1..=64)
    )]
    pub max_in_flight: u16,

    /// Maximum time until the complete answer to one request has arrived
    #[arg(
        long,
        env = "AVAILABILITY_REQUEST_TIMEOUT",
        value_name = "SECONDS",
        default_value = "30",
        value_parser = parse_timeout
    )]
    pub request_timeout: std::time::Duration,

    /// How often to repeat a request after a temporary error, such as a timeout
    #[arg(
        long,
        env = "AVAILABILITY_RETRIES",
        value_name = "N",
        default_value_t = 3,
        value_parser = whole::<u8>(0..=10)
    )]
    pub retries: u8,

    /// URL or e-mail address to send in the User-Agent, so that the sites can reach you
    #[arg(long, env = "AVAILABILITY_CONTACT", value_name = "CONTACT", value_parser = parse_contact)]
    pub contact: Option<String>,

    /// Send an organization's requests to another URL, such as hrs=http://127.0.0.1:8080; may be repeated
    #[arg(long, value_name = "ORG=URL", value_parser = parse_source_url)]
    pub source_url: Vec<(String, Url)>,
}
