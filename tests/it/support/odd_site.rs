//! A fake booking site whose answers are unusual or malformed, in the formats of both sites.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A site with an unusual value in every field of some hut.
pub struct OddSite {
    pub url: reqwest::Url,
    _runtime: tokio::runtime::Runtime,
}

/// Starts the site.
pub fn odd_site() -> OddSite {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let router = Router::new()
        .route("/api/v1/reservation/hutInfo/{id}", get(|id: Path<u32>| async move { odd_hut(*id) }))
        .route("/get-cabins", get(|query: Query<Value>| async move { odd_page(&query) }))
        .route(
            "/{kind}/get-cabins",
            get(async move |kind: Path<String>, query: Query<Value>| {
                list(&kind, &query, &requests)
            }),
        );
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
    OddSite { url, _runtime: runtime }
}

fn odd_hut(id: u32) -> (axum::http::StatusCode, String) {
    let answer = match id {
        1 => json!({}),
        2 => json!({
            "hutId": 2, "hutName": "<b>Obere</b> H&uuml;tte\u{0}\u{1b} &amp; Alp", "hutUnlocked": "yes",
            "tenantCountry": {"code": 3}, "coordinates": [46.5, 7.5], "altitude": "-1 m",
            "hutBedCategories": "many",
        }),
        3 => json!({
            "hutId": 3, "hutName": "Hu\u{308}tte", "hutUnlocked": true, "tenantCountry": "CH",
            "coordinates": "668.000 / 176.940", "altitude": 1726,
            "hutBedCategories": [{"totalSleepingPlaces": 70, "reservationMode": "ROOM"}],
        }),
        4 => {
            json!({"hutId": 4, "hutName": "x".repeat(10_000), "coordinates": "460.0, 7.5", "altitude": "9999 m"})
        }
        5 => json!({"hutId": 5, "hutName": "ZZZ TEST"}),
        _ => return (axum::http::StatusCode::BAD_REQUEST, "Hut Id not found".into()),
    };
    (axum::http::StatusCode::OK, answer.to_string())
}

fn odd_page(query: &Value) -> String {
    let data = if query["page"] == "1" {
        json!([
            {"id": "1", "name": "Hütte", "slug": "huette", "latitude": 46.5, "longitude": "7,5", "altitude": true},
            {"id": 2, "name": "x", "slug": "\u{1b}", "latitude": 460, "longitude": 7.5, "country": "AT"},
            {"id": 9, "name": "Deleted", "is_delete": 1},
            "cabin", null, {"id": null},
        ])
    } else {
        // A hut may be on two pages if another hut is added between the two requests.
        json!([{"id": 2, "name": "x"}, {"id": 3}])
    };
    json!({"data": data, "last_page": 2, "next_page_url": null}).to_string()
}

/// A page of six huts, two on each page, or of a list that is inconsistent in some way. `requests` counts
/// the requests for page 2.
fn list(kind: &str, query: &Value, requests: &AtomicUsize) -> String {
    let page: u64 = query["page"].as_str().unwrap().parse().unwrap();
    let hut = |id: u64| json!({"id": id, "name": format!("Hut {id}")});
    let two = |page: u64| vec![hut(2 * page - 1), hut(2 * page)];
    let (current, last, data) = match (kind, page) {
        ("slips", 2) if requests.fetch_add(1, Ordering::Relaxed) == 0 => (2, 3, vec![hut(4)]),
        ("grows", page) => (page, if page == 1 { 1 } else { 2 }, two(page)),
        ("shrinks", page) => (page, 4 - page.min(2), two(page)),
        ("same", _) => (1, 3, two(1)),
        ("hole", 2) => (2, 1, Vec::new()),
        ("few", _) => (1, 1, vec![hut(1)]),
        ("fewer", 3) => (3, 3, vec![hut(5)]),
        (_, page) => (page, 3, two(page)),
    };
    json!({"data": data, "current_page": current, "last_page": last}).to_string()
}
