//! The HTTP server of the fake booking sites.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::middleware::{Next, from_fn_with_state};
use axum::{Router, serve};
use reqwest::Url;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::compression::CompressionLayer;

use super::clock::SiteClock;
use super::corrupt::{Corrupted, corrupt};
use super::faults::Faults;
use super::ffcam;
use super::huetten_holiday::{self, sessions::Sessions};
use super::hut_reservation;
use super::raw::{RawAnswer, RawListener};
use super::shared::{ReceivedRequest, Shared};
use super::site::Site;
use crate::domain::fault::Fault;
use crate::runtime::clock::Clock;

/// A running server of all fake booking sites. It stops when this is dropped.
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
            .merge(hut_reservation::routes::router())
            .merge(huetten_holiday::routes::router())
            .merge(ffcam::routes::router())
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

    /// The number of all requests so far, to all sites, including lists of huts, tokens and failed requests.
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
