//! Strong ETags: two responses with the same ETag have the same bytes, even from different replicas.

use axum::http::{HeaderMap, header};

use crate::domain::digest::hex_digest;

/// The ETag of a body, with its quotes.
pub fn of(body: &[u8]) -> String {
    format!("\"{}\"", hex_digest(body))
}

/// Whether the client has the response with this ETag: `If-None-Match` lists it or is `*`. ETags are compared
/// weakly (RFC 9110), because a proxy may have weakened the ETag.
pub fn is_known(request_headers: &HeaderMap, etag: &str) -> bool {
    let lists = request_headers.get_all(header::IF_NONE_MATCH).iter();
    lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_listed_in(lists: &[&'static str]) -> bool {
        let values = lists.iter().map(|list| (header::IF_NONE_MATCH, list.parse().unwrap()));
        is_known(&values.collect(), "\"1a2b\"")
    }

    #[test]
    fn an_etag_is_found_in_every_form_of_if_none_match() {
        for lists in [
            &["\"1a2b\""][..],
            &["W/\"1a2b\""],
            &["*"],
            &["\"0\", \"a, b\" ,W/\"1a2b\""],
            &["\"0\"", "\"1a2b\""],
        ] {
            assert!(is_listed_in(lists), "{lists:?}");
        }
        for lists in [&[][..], &[""], &["1a2b"], &["\"1a2\""], &["\"1A2B\""], &["w/\"1a2b\""]] {
            assert!(!is_listed_in(lists), "{lists:?}");
        }
    }

    #[test]
    fn the_same_bytes_have_the_same_etag() {
        assert_eq!(of(b"abc"), "\"ba7816bf8f01cfea414140de5dae2223\"");
        assert_ne!(of(b"abc"), of(b"abd"));
    }
}
