//! Cached responses, as they arrive at a client.

use std::io::Read;

use axum::Router;
use axum::http::header;
use axum::middleware::map_response;
use axum::routing::get;
use flate2::read::GzDecoder;
use hut_availability::web::cached::{ResponseCache, with_cache};
use hut_availability::web::limits::{MAX_IN_WORK, WorkLimit, on_requests, with_work_limit};
use hut_availability::web::metrics::Metrics;
use hut_availability::web::security::{add_headers, cors};
use hut_availability::web::server::LIMITS;

use crate::support::service::{Answer, TestServer, request_with};

const TEXT: &str = "a night in the mountains ";

fn server() -> TestServer {
    let text = async || ([(header::CACHE_CONTROL, "public, max-age=300")], TEXT.repeat(1000));
    let router =
        with_work_limit(Router::new().route("/text", get(text)), &WorkLimit::new(MAX_IN_WORK));
    let router = on_requests(with_cache(router, ResponseCache::new(Metrics::default())));
    TestServer::start(router.layer(cors()).layer(map_response(add_headers)), LIMITS)
}

fn get_as(server: &TestServer, method: &str, encoding: &str, etag: &str) -> Answer {
    let headers = format!("accept-encoding: {encoding}\r\nif-none-match: {etag}\r\n");
    request_with(server.address, &format!("{method} /text"), &headers)
}

#[test]
fn an_answer_is_compressed_and_revalidated_by_its_etag() {
    let server = server();
    for (accepted, encoding) in
        [("gzip, deflate, br", Some("br")), ("gzip", Some("gzip")), ("", None)]
    {
        let answer = get_as(&server, "GET", accepted, "\"0\"");
        assert_eq!((answer.status, answer.header("content-encoding")), (200, encoding));
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), Some(length.as_str()));
        assert!(encoding.is_none() || answer.body.len() < 1000, "{length}");

        let etag = answer.header("etag").unwrap();
        let not_modified = get_as(&server, "GET", accepted, etag);
        assert_eq!((not_modified.status, not_modified.body.len()), (304, 0));
        for name in [
            "etag",
            "vary",
            "cache-control",
            "content-security-policy",
            "access-control-allow-origin",
        ] {
            assert!(answer.header(name).is_some(), "{answer:?}");
            assert_eq!(not_modified.header(name), answer.header(name), "{not_modified:?}");
        }
        let head = get_as(&server, "HEAD", accepted, "\"0\"");
        assert_eq!((head.status, head.body.len()), (200, 0));
        for name in ["content-length", "content-encoding", "content-type", "etag"] {
            assert_eq!(head.header(name), answer.header(name), "{head:?}");
        }
        assert_eq!(get_as(&server, "HEAD", accepted, etag).status, 304);
    }
}

#[test]
fn a_compressed_answer_decompresses_to_the_original() {
    let server = server();
    let compressed = get_as(&server, "GET", "gzip", "\"0\"");
    let mut text = String::new();
    GzDecoder::new(compressed.body.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(text, TEXT.repeat(1000));
    assert_eq!(get_as(&server, "GET", "identity", "\"0\"").text(), text);
}
