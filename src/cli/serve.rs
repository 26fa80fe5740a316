//! The command line of `hut-availability serve`.

use std::fmt;
use std::net::Ipv6Addr;
use std::num::NonZeroU32;

use axum::http::HeaderName;
use clap::Args;

use super::day::DayArgs;
use super::update::IntervalArgs;
use super::values::whole;
use crate::domain::framing::Framing;
use crate::domain::tile_server::TileServer;

/// `serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Host and port to listen on: a name or an address, such as `localhost:8080`, `0.0.0.0:8080` or `[::1]:8080`;
    /// port 0 picks a free port
    #[arg(long, env = "AVAILABILITY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = parse_address)]
    pub listen: ListenAddress,

    /// Add the page /watches: all watches, what is open, and the last notifications. It shows who wants to sleep
    /// where, so keep it from strangers
    #[arg(long, env = "AVAILABILITY_SHOW_WATCHES", value_parser = clap::builder::BoolishValueParser::new())]
    pub show_watches: bool,

    #[command(flatten)]
    pub map: MapArgs,

    #[command(flatten)]
    pub rate_limit: RateLimitArgs,

    #[command(flatten)]
    pub intervals: IntervalArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

/// What the map loads, and who may embed pages.
#[derive(Debug, Args)]
#[command(next_help_heading = "Map and embedding")]
pub struct MapArgs {
    /// Show raster tiles of this server under the map, such as `https://tiles.example.org/{z}/{x}/{y}.png`. The browsers
    /// of your readers then ask that server; without this flag they ask nobody. Tiles are 256 pixels wide and in Web
    /// Mercator
    #[arg(long, env = "AVAILABILITY_MAP_TILES", value_name = "URL", requires = "map_attribution")]
    pub map_tiles: Option<TileServer>,

    /// Whom the tiles belong to, as their terms of use ask for it: '© OpenStreetMap contributors'
    #[arg(long, env = "AVAILABILITY_MAP_ATTRIBUTION", value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub map_attribution: Option<String>,

    /// Add pages for frames of other websites: /embed/map and /embed/huts/SLUG. Any website may show them, or only
    /// those that are named: `--allow-embedding=https://example.org,https://www.example.org`
    #[arg(long, env = "AVAILABILITY_ALLOW_EMBEDDING", value_name = "WEBSITES", num_args = 0..=1, require_equals = true, default_missing_value = "any")]
    pub allow_embedding: Option<Framing>,
}

/// How many requests a client may send.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits of each client (off unless given)")]
pub struct RateLimitArgs {
    /// The most requests of the API that a client may send in a minute; further ones get status 429 with Retry-After
    #[arg(
        long,
        env = "AVAILABILITY_RATE_LIMIT_PER_MINUTE",
        value_name = "N",
        value_parser = whole::<NonZeroU32>(NonZeroU32::MIN..)
    )]
    pub rate_limit_per_minute: Option<NonZeroU32>,

    /// The most requests of the API that a client may send in a day
    #[arg(
        long,
        env = "AVAILABILITY_RATE_LIMIT_PER_DAY",
        value_name = "N",
        value_parser = whole::<NonZeroU32>(NonZeroU32::MIN..)
    )]
    pub rate_limit_per_day: Option<NonZeroU32>,

    /// The header in which your proxy gives the address of the client, such as X-Forwarded-For; the last address in it
    /// counts. Without it, all clients behind a proxy are one
    #[arg(long, env = "AVAILABILITY_CLIENT_ADDRESS_HEADER", value_name = "HEADER", value_parser = parse_header)]
    pub client_address_header: Option<HeaderName>,
}

fn parse_header(text: &str) -> Result<HeaderName, String> {
    text.parse().map_err(|_| "expected the name of a header, such as X-Forwarded-For".into())
}

/// A host, by its name or IP address, and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenAddress {
    /// Without the brackets of an IPv6 address.
    pub host: String,
    pub port: u16,
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

fn parse_address(text: &str) -> Result<ListenAddress, String> {
    const EXPECTED: &str =
        "expected a host and a port, such as 127.0.0.1:8080, localhost:8080 or [::1]:8080";
    let text = text.trim();
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port = port.parse().map_err(|_| EXPECTED.to_owned())?;
    if host.is_empty() {
        return Err(format!(
            "{EXPECTED}; write 127.0.0.1:{port} to serve this machine only, or 0.0.0.0:{port} to serve the network"
        ));
    }
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => {
            address.parse::<Ipv6Addr>().map_err(|_| EXPECTED.to_owned())?;
            address
        }
        None if host.contains([':', '[', ']', '/', ' ']) => return Err(EXPECTED.into()),
        None => host,
    };
    Ok(ListenAddress { host: host.to_owned(), port })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for text in ["localhost:8085", "127.0.0.1:0", "[::1]:8085", "huts.example.org:80"] {
            assert_eq!(parse_address(text).unwrap().to_string(), text);
        }
        assert_eq!(parse_address("[::]:1").unwrap().host, "::");
    }

    #[test]
    fn an_error_says_what_is_accepted() {
        for text in
            ["", "localhost", "::1:8085", "[x]:80", "http://localhost:80", "a:99999", "a:-1"]
        {
            let error = parse_address(text).unwrap_err();
            assert!(error.contains("such as 127.0.0.1:8080, localhost:8080"), "{text}: {error}");
        }
        for text in [":8085", "8085"] {
            let error = parse_address(text).unwrap_err();
            assert!(error.contains("write 127.0.0.1:8085 to serve this machine only"), "{error}");
        }
    }
}
