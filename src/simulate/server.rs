//! The HTTP server of the fake booking sites.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Path, Query, Request, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::get;
use axum::{Router, serve};
use reqwest::Url;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::compression::CompressionLayer;

use super::clock::SiteClock;
use super::corrupt::{Corrupted, corrupt, json, status};
use super::faults::Faults;
use super::huetten_holiday;
use super::raw::{RawAnswer, RawListener};
use super::sessions::Sessions;
use super::shared::{ReceivedRequest, Shared};
use super::site::Site;
use super::words::Day;
use crate::domain::digest::hex_digest;
use crate::domain::fault::Fault;
use crate::runtime::clock::Clock;

/// A running server of both fake booking sites. It stops when this is dropped.
pub struct FakeSite {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl FakeSite {
    /// Starts the server on an address. Port 0 means any free port.
    ///
    /// # Errors
    /// If the server cannot listen on the address, for example because it is in use.
    pub async fn start(
        address: SocketAddr,
        site: Site,
        clock: SiteClock,
        faults: Faults,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            site,
            clock,
            sessions: Sessions::default(),
            faults: RwLock::new(faults),
            requests: AtomicUsize::new(0),
            asked: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            has_etags: AtomicBool::new(false),
            not_modified: AtomicUsize::new(0),
        });
        let router = Router::new()
            .route("/api/v1/reservation/getHutAvailability", get(availability))
            .route("/api/v1/reservation/hutInfo/{id}", get(info))
            .merge(huetten_holiday::router())
            .layer(from_fn_with_state(Arc::clone(&shared), fail_on_demand))
            .layer(CompressionLayer::new())
            .with_state(Arc::clone(&shared))
            .into_make_service_with_connect_info::<RawAnswer>();
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            if let Err(error) = serve(RawListener(listener), router).await {
                tracing::error!("the fake booking site has stopped: {error}");
            }
        });
        Ok(Self { address, shared, server })
    }

    /// The base URL of the server.
    #[must_use]
    pub fn url(&self) -> Url {
        format!("http://{}", self.address).parse().expect("a socket address makes a URL")
    }

    /// Sets the site's clock.
    pub fn set_clock(&self, clock: Clock) {
        self.shared.clock.set(clock);
    }

    /// Sets how the site fails from now on.
    pub fn set_faults(&self, faults: Faults) {
        *self.shared.faults.write().expect("no thread panics while it sets the faults") = faults;
    }

    /// From now on, availability answers of hut-reservation.org have an ETag, and conditional requests are
    /// answered with 304 if nothing has changed.
    pub fn give_etags(&self) {
        self.shared.has_etags.store(true, Ordering::Relaxed);
    }

    /// The number of all requests so far, to both sites, including lists of huts, tokens and failed requests.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// The last requests for availability at hut-reservation.org, in the order of their arrival.
    #[must_use]
    pub fn asked(&self) -> Vec<ReceivedRequest> {
        self.shared.remembered().iter().cloned().collect()
    }

    /// The number of requests that were answered with 304.
    #[must_use]
    pub fn not_modified(&self) -> usize {
        self.shared.not_modified.load(Ordering::Relaxed)
    }

    /// The number of sessions at huetten-holiday.com so far.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.shared.sessions.count()
    }

    /// The most requests that were in flight at the same time.
    #[must_use]
    pub fn most_in_flight(&self) -> usize {
        self.shared.most_in_flight.load(Ordering::Relaxed)
    }
}

impl Drop for FakeSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[derive(Deserialize)]
struct HutQuery {
    #[serde(rename = "hutId")]
    hut_id: String,
}

async fn availability(
    State(shared): State<Arc<Shared>>,
    Query(HutQuery { hut_id }): Query<HutQuery>,
    headers: HeaderMap,
) -> Response<Body> {
    shared.remember(&hut_id);
    let Some(days) = shared.site.availability(&hut_id, shared.clock.now()) else {
        return unknown_hut();
    };
    let answer = json(&days);
    if !shared.has_etags.load(Ordering::Relaxed) {
        return answer;
    }
    let answer = with_etag(answer, &days, &headers);
    let is_not_modified = answer.status() == StatusCode::NOT_MODIFIED;
    shared.not_modified.fetch_add(usize::from(is_not_modified), Ordering::Relaxed);
    answer
}

/// The answer with its ETag, or 304 if the request has this ETag.
fn with_etag(mut answer: Response<Body>, days: &[Day], headers: &HeaderMap) -> Response<Body> {
    let json = serde_json::to_vec(days).expect("plain values have JSON");
    let etag = format!("W/\"{}\"", hex_digest(&json));
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return status(StatusCode::NOT_MODIFIED, "");
    }
    answer.headers_mut().insert(ETAG, etag.parse().expect("digits"));
    answer
}

async fn info(State(shared): State<Arc<Shared>>, Path(hut_id): Path<String>) -> Response<Body> {
    let info = shared.site.info(&hut_id);
    info.map_or_else(unknown_hut, |info| json(&info))
}

fn unknown_hut() -> Response<Body> {
    status(StatusCode::BAD_REQUEST, "Hut Id not found")
}

/// Middleware of all routes: counts the request, delays the answer, and applies the fault of the request,
/// if any.
async fn fail_on_demand(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<RawAnswer>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let number = shared.requests.fetch_add(1, Ordering::Relaxed);
    let faults = shared.faults.read().expect("no thread panics while it sets the faults").clone();
    let fault = faults.of_request(number);
    if fault == Some(Fault::ExpiredToken) {
        shared.sessions.expire();
    }
    let in_flight = shared.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
    shared.most_in_flight.fetch_max(in_flight, Ordering::Relaxed);
    let answer = next.run(request).await;
    tokio::time::sleep(faults.latency).await;
    shared.in_flight.fetch_sub(1, Ordering::Relaxed);
    let Some(fault) = fault else { return answer };
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("the body is in memory");
    let json = String::from_utf8_lossy(&body);
    match corrupt(fault, &json, faults.retry_after) {
        Corrupted::Not => Response::from_parts(head, body.into()),
        Corrupted::Answer(answer) => answer,
        Corrupted::Raw(bytes) => {
            connection.set(bytes);
            Response::default()
        }
        Corrupted::Never => std::future::pending().await,
    }
}
