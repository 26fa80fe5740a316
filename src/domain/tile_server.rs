//! The URL of a server of map tiles, which an operator names.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

const EXPECTED: &str =
    "expected the URL of map tiles, such as https://tiles.example.org/{z}/{x}/{y}.png";

/// A server of raster tiles in Web Mercator, 256 pixels wide, as most of them are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileServer {
    /// With `{z}`, `{x}` and `{y}`.
    template: String,
    /// Scheme, host and port, as a Content-Security-Policy names them.
    origin: String,
}

/// A tile: its zoom level, its column from the west and its row from the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    pub zoom: u8,
    pub column: u32,
    pub row: u32,
}

impl TileServer {
    /// The URL of a tile.
    #[must_use]
    pub fn url(&self, tile: Tile) -> String {
        let Tile { zoom, column, row } = tile;
        let url = self.template.replace("{z}", &zoom.to_string());
        url.replace("{x}", &column.to_string()).replace("{y}", &row.to_string())
    }

    /// Scheme, host and port: `https://tiles.example.org`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl fmt::Display for TileServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.template)
    }
}

impl FromStr for TileServer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        for name in ["{z}", "{x}", "{y}"] {
            if !text.contains(name) {
                return Err(format!("{EXPECTED}; {name} is missing in {text:?}"));
            }
        }
        let plain = text.replace("{z}", "0").replace("{x}", "0").replace("{y}", "0");
        if let Some((_, rest)) = plain.split_once('{') {
            let name = rest.split('}').next().unwrap_or_default();
            let advice = match name {
                "s" => "name one of its hosts in place of {s}".to_owned(),
                "r" => "leave {r} out, or write @2x in its place".to_owned(),
                _ => format!("{{{name}}} is not known"),
            };
            return Err(format!("{EXPECTED}; {advice}, got {text:?}"));
        }
        let url: Url =
            plain.parse().map_err(|error| format!("{EXPECTED}, got {text:?}: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("{EXPECTED}; {text:?} does not begin with http:// or https://"));
        }
        // Everyone who opens the map would see them.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("{EXPECTED}, without a user name and a password"));
        }
        let origin = url.origin().ascii_serialization();
        let origin_of = |url: &str| url.parse().ok().map(|url: Url| url.origin());
        let other = text.replace("{z}", "1").replace("{x}", "2").replace("{y}", "3");
        if origin_of(&other) != Some(url.origin()) {
            return Err(format!("{EXPECTED}; the host of {text:?} is not the same for all tiles"));
        }
        Ok(Self { template: text.to_owned(), origin })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<TileServer>().unwrap_err()
    }

    #[test]
    fn a_tile_server_has_a_url_for_each_tile() {
        let tile = Tile { zoom: 10, column: 536, row: 358 };
        for (template, url, origin) in [
            (
                "https://tiles.example.org/{z}/{x}/{y}.png?key=a%20b",
                "https://tiles.example.org/10/536/358.png?key=a%20b",
                "https://tiles.example.org",
            ),
            (
                "http://127.0.0.1:8081/{z}/{y}/{x}",
                "http://127.0.0.1:8081/10/358/536",
                "http://127.0.0.1:8081",
            ),
            (
                "HTTPS://Tiles.Example.org:443/{z}/{x}/{y}@2x.png",
                "HTTPS://Tiles.Example.org:443/10/536/358@2x.png",
                "https://tiles.example.org",
            ),
        ] {
            let server: TileServer = template.parse().unwrap();
            assert_eq!((server.url(tile).as_str(), server.origin()), (url, origin));
        }
    }

    #[test]
    fn a_url_that_is_none_of_tiles_is_refused_with_the_reason() {
        assert_eq!(
            error("https://example.org/{z}/{x}.png"),
            "expected the URL of map tiles, such as https://tiles.example.org/{z}/{x}/{y}.png; {y} is missing in \
             \"https://example.org/{z}/{x}.png\""
        );
        assert!(error("https://{s}.example.org/{z}/{x}/{y}.png").contains("name one of its hosts"));
        assert!(error("https://example.org/{z}/{x}/{y}{r}.png").contains("write @2x"));
        assert!(error("https://example.org/{z}/{x}/{y}.png?{key}").contains("{key} is not known"));
        assert!(error("ftp://example.org/{z}/{x}/{y}").contains("http:// or https://"));
        assert!(error("/tiles/{z}/{x}/{y}").contains("relative URL"));
        assert!(error("https://t{x}.example.org/{z}/{x}/{y}").contains("not the same for all"));
        let secret = error("https://me:secret@example.org/{z}/{x}/{y}");
        assert!(secret.contains("without a user name") && !secret.contains("secret"), "{secret}");
    }
}
