//! Chooses the encoding of a response from the header `Accept-Encoding`. There are three encodings, so the
//! cache has at most three copies of a response.

use axum::http::{HeaderMap, HeaderValue, header};
use strum::Display;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
#[strum(serialize_all = "lowercase")]
pub enum Encoding {
    #[strum(serialize = "br")]
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The accepted encoding with the highest quality; of equals, the one that makes the smallest body.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
        let listed: Vec<(&str, f32)> = lists
            .filter_map(|list| list.to_str().ok())
            .flat_map(|list| list.split(','))
            .filter_map(name_and_quality)
            .collect();
        let quality = |names: &[&str]| {
            let quality_of = |name: &str| {
                listed
                    .iter()
                    .find(|(listed, _)| listed.eq_ignore_ascii_case(name))
                    .map(|(_, quality)| *quality)
            };
            names.iter().find_map(|name| quality_of(name)).or_else(|| quality_of("*"))
        };
        let brotli = quality(&["br"]).unwrap_or(0.0);
        let gzip = quality(&["gzip", "x-gzip"]).unwrap_or(0.0);
        // Identity is always acceptable unless it is refused. Yet a client that lists other encodings prefers
        // those, unless it lists identity too.
        let identity = quality(&["identity"]).filter(|_| brotli.max(gzip) > 0.0).unwrap_or(0.0);
        match () {
            () if brotli > 0.0 && brotli >= gzip && brotli >= identity => Self::Brotli,
            () if gzip > 0.0 && gzip >= identity => Self::Gzip,
            () => Self::Identity,
        }
    }
}

/// Parses an element such as `gzip;q=0.5`; none if it is malformed.
fn name_and_quality(text: &str) -> Option<(&str, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    let quality = quality.map_or(Some(1.0), |quality| quality.parse().ok())?;
    (0.0..=1.0).contains(&quality).then_some((name, quality))
}

impl From<Encoding> for HeaderValue {
    fn from(encoding: Encoding) -> Self {
        Self::from_static(match encoding {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gzip",
            Encoding::Identity => "identity",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Encoding::{Brotli, Gzip, Identity};

    fn accepted(list: &str) -> Encoding {
        let header = (header::ACCEPT_ENCODING, list.parse().unwrap());
        Encoding::accepted(&HeaderMap::from_iter([header]))
    }

    #[test]
    fn every_client_gets_one_of_three_encodings() {
        assert_eq!(Encoding::accepted(&HeaderMap::new()), Identity);
        for (list, expected) in [
            ("", Identity),
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip, deflate", Gzip),
            ("GZIP", Gzip),
            ("x-gzip", Gzip),
            ("br;q=0.5, gzip", Gzip),
            ("br; q=0, gzip;q=0.1", Gzip),
            ("br;q=0, gzip;q=0", Identity),
            ("identity, gzip;q=0.5", Identity),
            ("identity;q=0.5, gzip;q=1.0", Gzip),
            ("*", Brotli),
            ("br;q=0, *", Gzip),
            ("*;q=0", Identity),
            ("deflate, zstd, something-else", Identity),
            ("gzip;q=much", Identity),
            ("gzip;q=7", Identity),
            (",,;q=1,", Identity),
        ] {
            assert_eq!(accepted(list), expected, "{list:?}");
        }
    }
}
