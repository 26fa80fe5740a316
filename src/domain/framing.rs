//! Which websites may embed pages of the service.

use std::str::FromStr;

use reqwest::Url;

/// The websites that may show the embeddable pages in a frame of theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    #[default]
    NoWebsite,
    AnyWebsite,
    /// Scheme, host and port of each, as a Content-Security-Policy names them. There is at least one.
    Websites(Vec<String>),
}

impl Framing {
    /// The value of `frame-ancestors` in a Content-Security-Policy.
    #[must_use]
    pub fn ancestors(&self) -> String {
        match self {
            Self::NoWebsite => "'none'".into(),
            Self::AnyWebsite => "*".into(),
            Self::Websites(origins) => origins.join(" "),
        }
    }
}

const EXPECTED: &str = "expected the addresses of websites, such as https://example.org,https://www.example.org, or any";

impl FromStr for Framing {
    type Err = String;

    /// Reads `any`, `none`, or addresses separated by commas.
    fn from_str(text: &str) -> Result<Self, String> {
        // Environment variables turn other flags on and off with these words.
        match text.trim() {
            "any" | "*" | "true" | "yes" | "on" | "1" => return Ok(Self::AnyWebsite),
            "none" | "false" | "no" | "off" | "0" => return Ok(Self::NoWebsite),
            _ => {}
        }
        let origin = |text: &str| {
            let url: Url =
                text.parse().map_err(|error| format!("{EXPECTED}, got {text:?}: {error}"))?;
            if !matches!(url.scheme(), "http" | "https")
                || url.path() != "/"
                || url.query().is_some()
            {
                return Err(format!("{EXPECTED}: a scheme, a host and no path, got {text:?}"));
            }
            Ok(url.origin().ascii_serialization())
        };
        text.split(',')
            .map(|text| origin(text.trim()))
            .collect::<Result<_, _>>()
            .map(Self::Websites)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_website_or_those_that_are_named_may_embed() {
        let ancestors = |text: &str| text.parse::<Framing>().map(|framing| framing.ancestors());
        assert_eq!(ancestors("any").as_deref(), Ok("*"));
        assert_eq!(ancestors("true").as_deref(), Ok("*"));
        assert_eq!("false".parse(), Ok(Framing::NoWebsite));
        assert_eq!(
            ancestors("https://Example.org/, http://localhost:8080").as_deref(),
            Ok("https://example.org http://localhost:8080")
        );
    }

    #[test]
    fn anything_else_is_refused_and_quoted() {
        for text in [
            "",
            "example.org",
            "https://",
            "https://example.org/page",
            "ftp://example.org",
            "https://a.org,",
        ] {
            let error = text.parse::<Framing>().unwrap_err();
            let part = text.split(',').next_back().unwrap();
            assert!(error.starts_with(EXPECTED) && error.contains(&format!("{part:?}")), "{error}");
        }
        assert!("https://a.org; script-src *".parse::<Framing>().is_err());
    }
}
