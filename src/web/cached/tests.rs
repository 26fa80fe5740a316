use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::future::join_all;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::web::problem::Problem;

/// Some handlers, and the number of requests that reached them.
#[derive(Clone, Default)]
struct Site {
    requests: Arc<AtomicUsize>,
}

impl Site {
    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// Counts a request, and waits for a while.
    async fn count(&self) -> usize {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
        number
    }

    fn router(&self, time_to_live: Duration) -> Router {
        let text = async |State(site): State<Self>| {
            let number = site.count().await;
            let text =
                format!("response number {number}, long enough to be compressed\n").repeat(100);
            ([(header::CACHE_CONTROL, "public, max-age=600")], text)
        };
        let not_found = async |State(site): State<Self>| {
            site.count().await;
            Problem::not_found("not here").into_response()
        };
        let private = async |State(site): State<Self>| {
            ([(header::CACHE_CONTROL, "no-store")], site.count().await.to_string())
        };
        let large = async |State(site): State<Self>| {
            site.count().await;
            vec![b'x'; 3 * 1024 * 1024]
        };
        let router = Router::new()
            .route("/text", get(text))
            .route("/not-found", get(not_found))
            .route("/private", get(private))
            .route("/large", get(large))
            .with_state(self.clone());
        with_cache(router, ResponseCache::with_time_to_live(Metrics::default(), time_to_live))
    }
}

struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn send(router: &Router, request: &str, headers: &[(&str, &str)]) -> Received {
    let (method, path) = request.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Received { status: parts.status, headers: parts.headers, body }
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn simultaneous_requests_run_the_handler_once() {
    let site = Site::default();
    let router = site.router(LONG);
    let all = join_all((0..50).map(|_| send(&router, "GET /text", &[]))).await;
    assert!(
        all.iter()
            .all(|received| received.body == all[0].body && received.status == StatusCode::OK)
    );
    assert_eq!(site.requests(), 1);
    send(&router, "HEAD /text", &[]).await;
    assert_eq!(site.requests(), 1);
    send(&router, "GET /text?", &[]).await;
    assert_eq!(site.requests(), 2, "another URL");
}

#[tokio::test]
async fn a_response_is_made_again_after_its_time_to_live() {
    let site = Site::default();
    let router = site.router(Duration::from_millis(100));
    let first = send(&router, "GET /text", &[]).await;
    assert_eq!(send(&router, "GET /text", &[]).await.body, first.body);
    tokio::time::sleep(Duration::from_millis(120)).await;
    let second = send(&router, "GET /text", &[]).await;
    assert!(second.body.starts_with(b"response number 2"));
    assert_ne!(first.header("etag"), second.header("etag"));
}

#[tokio::test]
async fn each_encoding_has_its_own_etag_and_304() {
    let site = Site::default();
    let router = site.router(LONG);
    let mut etags = Vec::new();
    for (accepted, encoding) in [("br, gzip", "br"), ("gzip, deflate", "gzip"), ("zstd", "")] {
        let received = send(&router, "GET /text", &[("accept-encoding", accepted)]).await;
        assert_eq!(
            (received.status, received.header("content-encoding")),
            (StatusCode::OK, encoding)
        );
        assert_eq!(received.header("content-length"), received.body.len().to_string());
        let etag = received.header("etag").to_owned();
        for known in [etag.clone(), format!("\"0\", W/{etag}"), "*".into()] {
            let headers = [("accept-encoding", accepted), ("if-none-match", &known)];
            let known = send(&router, "GET /text", &headers).await;
            assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
            assert_eq!(known.header("cache-control"), "public, max-age=600");
            assert_eq!(known.header("vary"), "accept-encoding");
            assert_eq!(known.header("etag"), etag);
            assert_eq!(known.header("content-encoding"), "");
        }
        etags.push(etag);
    }
    let headers_with_gzip_etag = [("accept-encoding", "br"), ("if-none-match", etags[1].as_str())];
    assert_eq!(send(&router, "GET /text", &headers_with_gzip_etag).await.status, StatusCode::OK);
    etags.dedup();
    assert_eq!((etags.len(), site.requests()), (3, 3));
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let router = Site::default().router(LONG);
    let head = send(&router, "HEAD /text", &[("accept-encoding", "gzip")]).await;
    let received = send(&router, "GET /text", &[("accept-encoding", "gzip")]).await;
    assert_eq!(
        (head.status, head.headers, head.body.len()),
        (received.status, received.headers, 0)
    );
    assert!(!received.body.is_empty());
}

#[tokio::test]
async fn errors_and_no_store_responses_are_shared_but_not_cached() {
    for (path, status) in [
        ("/not-found", StatusCode::NOT_FOUND),
        ("/private", StatusCode::OK),
        ("/nowhere", StatusCode::NOT_FOUND),
    ] {
        let site = Site::default();
        let router = site.router(LONG);
        let request = format!("GET {path}");
        let all = join_all((0..20).map(|_| send(&router, &request, &[]))).await;
        assert!(
            all.iter()
                .all(|received| received.status == status && received.header("etag").is_empty())
        );
        let requests = site.requests();
        assert!(requests <= 1, "{path}: {requests}");
        send(&router, &request, &[]).await;
        assert_eq!(site.requests(), 2 * requests, "{path}");
    }
}

#[tokio::test]
async fn a_response_that_is_too_large_to_cache_is_sent_completely() {
    let site = Site::default();
    let router = site.router(LONG);
    let all = join_all((0..3).map(|_| send(&router, "GET /large", &[]))).await;
    for received in all {
        assert_eq!((received.status, received.body.len()), (StatusCode::OK, 3 * 1024 * 1024));
        assert_eq!(received.header("etag"), "");
    }
    assert_eq!(site.requests(), 3);
}
