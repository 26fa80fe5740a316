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

/// What the handlers below answer, and how often they were asked.
#[derive(Clone, Default)]
struct Site {
    asked: Arc<AtomicUsize>,
}

impl Site {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// Counts a question, and takes some time over it.
    async fn count(&self) -> usize {
        let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
        number
    }

    fn router(&self, time_to_live: Duration) -> Router {
        let text = async |State(site): State<Self>| {
            let number = site.count().await;
            let text = format!("the answer number {number}, worth being packed\n").repeat(100);
            ([(header::CACHE_CONTROL, "public, max-age=600")], text)
        };
        let lost = async |State(site): State<Self>| {
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
            .route("/lost", get(lost))
            .route("/private", get(private))
            .route("/large", get(large))
            .with_state(self.clone());
        kept(router, Answers::with_time_to_live(Metrics::default(), time_to_live))
    }
}

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(router: &Router, request: &str, headers: &[(&str, &str)]) -> Got {
    let (method, path) = request.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Got { status: parts.status, headers: parts.headers, body }
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn many_who_ask_at_once_cost_one_answer() {
    let site = Site::default();
    let router = site.router(LONG);
    let all = join_all((0..50).map(|_| ask(&router, "GET /text", &[]))).await;
    assert!(all.iter().all(|got| got.body == all[0].body && got.status == StatusCode::OK));
    assert_eq!(site.asked(), 1);
    ask(&router, "HEAD /text", &[]).await;
    assert_eq!(site.asked(), 1);
    ask(&router, "GET /text?", &[]).await;
    assert_eq!(site.asked(), 2, "another question");
}

#[tokio::test]
async fn an_answer_is_made_anew_after_its_time() {
    let site = Site::default();
    let router = site.router(Duration::from_millis(100));
    let first = ask(&router, "GET /text", &[]).await;
    assert_eq!(ask(&router, "GET /text", &[]).await.body, first.body);
    tokio::time::sleep(Duration::from_millis(120)).await;
    let second = ask(&router, "GET /text", &[]).await;
    assert!(second.body.starts_with(b"the answer number 2"));
    assert_ne!(first.header("etag"), second.header("etag"));
}

#[tokio::test]
async fn each_packing_has_its_own_etag_and_304() {
    let site = Site::default();
    let router = site.router(LONG);
    let mut etags = Vec::new();
    for (accepted, encoding) in [("br, gzip", "br"), ("gzip, deflate", "gzip"), ("zstd", "")] {
        let got = ask(&router, "GET /text", &[("accept-encoding", accepted)]).await;
        assert_eq!((got.status, got.header("content-encoding")), (StatusCode::OK, encoding));
        assert_eq!(got.header("content-length"), got.body.len().to_string());
        let etag = got.header("etag").to_owned();
        for known in [etag.clone(), format!("\"0\", W/{etag}"), "*".into()] {
            let headers = [("accept-encoding", accepted), ("if-none-match", &known)];
            let known = ask(&router, "GET /text", &headers).await;
            assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
            assert_eq!(known.header("cache-control"), "public, max-age=600");
            assert_eq!(known.header("vary"), "accept-encoding");
            assert_eq!(known.header("etag"), etag);
            assert_eq!(known.header("content-encoding"), "");
        }
        etags.push(etag);
    }
    let of_gzip = [("accept-encoding", "br"), ("if-none-match", etags[1].as_str())];
    assert_eq!(ask(&router, "GET /text", &of_gzip).await.status, StatusCode::OK);
    etags.dedup();
    assert_eq!((etags.len(), site.asked()), (3, 3));
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let router = Site::default().router(LONG);
    let head = ask(&router, "HEAD /text", &[("accept-encoding", "gzip")]).await;
    let got = ask(&router, "GET /text", &[("accept-encoding", "gzip")]).await;
    assert_eq!((head.status, head.headers, head.body.len()), (got.status, got.headers, 0));
    assert!(!got.body.is_empty());
}

#[tokio::test]
async fn errors_and_what_is_not_to_be_stored_are_shared_and_not_kept() {
    for (path, status) in [
        ("/lost", StatusCode::NOT_FOUND),
        ("/private", StatusCode::OK),
        ("/nowhere", StatusCode::NOT_FOUND),
    ] {
        let site = Site::default();
        let router = site.router(LONG);
        let request = format!("GET {path}");
        let all = join_all((0..20).map(|_| ask(&router, &request, &[]))).await;
        assert!(all.iter().all(|got| got.status == status && got.header("etag").is_empty()));
        let asked = site.asked();
        assert!(asked <= 1, "{path}: {asked}");
        ask(&router, &request, &[]).await;
        assert_eq!(site.asked(), 2 * asked, "{path}");
    }
}

#[tokio::test]
async fn what_is_too_large_goes_through_whole() {
    let site = Site::default();
    let router = site.router(LONG);
    let all = join_all((0..3).map(|_| ask(&router, "GET /large", &[]))).await;
    for got in all {
        assert_eq!((got.status, got.body.len()), (StatusCode::OK, 3 * 1024 * 1024));
        assert_eq!(got.header("etag"), "");
    }
    assert_eq!(site.asked(), 3);
}
