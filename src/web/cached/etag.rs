//! Strong ETags: two answers with the same one are the same to the byte, also of two replicas.

use axum::http::{HeaderMap, header};
use ring::digest::{SHA256, digest};

/// As much of the digest as goes into an ETag: 128 bits, so that no two answers ever share one.
const DIGEST_BYTES: usize = 16;

/// The ETag of a body, in its quotes.
pub fn of(body: &[u8]) -> String {
    let digest = digest(&SHA256, body);
    let digits: String = digest.as_ref()[..DIGEST_BYTES].iter().map(hex).collect();
    format!("\"{digits}\"")
}

fn hex(byte: &u8) -> String {
    format!("{byte:02x}")
}

/// Whether a client has what has this ETag: `If-None-Match` lists it, or anything. Compared weakly, as
/// RFC 9110 has it, so that a proxy may have weakened it.
pub fn is_known(asked: &HeaderMap, etag: &str) -> bool {
    let lists = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_known_of(lists: &[&'static str]) -> bool {
        let values = lists.iter().map(|list| (header::IF_NONE_MATCH, list.parse().unwrap()));
        is_known(&values.collect(), "\"1a2b\"")
    }

    #[test]
    fn a_client_may_list_what_it_has_in_many_ways() {
        for lists in [
            &["\"1a2b\""][..],
            &["W/\"1a2b\""],
            &["*"],
            &["\"0\", \"a, b\" ,W/\"1a2b\""],
            &["\"0\"", "\"1a2b\""],
        ] {
            assert!(is_known_of(lists), "{lists:?}");
        }
        for lists in [&[][..], &[""], &["1a2b"], &["\"1a2\""], &["\"1A2B\""], &["w/\"1a2b\""]] {
            assert!(!is_known_of(lists), "{lists:?}");
        }
    }

    #[test]
    fn the_same_bytes_have_the_same_etag() {
        assert_eq!(of(b"abc"), "\"ba7816bf8f01cfea414140de5dae2223\"");
        assert_ne!(of(b"abc"), of(b"abd"));
    }
}
