//! The stand-in's HTTP server.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use axum::routing::get;
use axum::{Router, serve};
use reqwest::Url;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::compression::CompressionLayer;

use super::faults::{Fault, Faults, status, with_type};
use super::sessions::Sessions;
use super::{Site, SiteClock, huetten_holiday};
use crate::clock::Clock;

/// A running stand-in. It stops when this is dropped.
pub struct StandIn {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

pub(super) struct Shared {
    pub site: Site,
    pub clock: SiteClock,
    pub sessions: Sessions,
    faults: RwLock<Faults>,
    requests: AtomicUsize,
    asked: Mutex<VecDeque<Asked>>,
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
}

/// A question for the places of a hut of hut-reservation.org, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub hut_id: String,
    pub at: Instant,
}

/// So many of the last questions are remembered.
const MOST_REMEMBERED: usize = 10_000;

impl StandIn {
    /// Listens on an address; port 0 is any free one.
    ///
    /// # Errors
    /// When the address is taken.
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
        });
        let router = Router::new()
            .route("/api/v1/reservation/getHutAvailability", get(availability))
            .route("/api/v1/reservation/hutInfo/{id}", get(info))
            .merge(huetten_holiday::router())
            .layer(CompressionLayer::new())
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            if let Err(error) = serve(listener, router).await {
                tracing::error!("the stand-in has stopped: {error}");
            }
        });
        Ok(Self { address, shared, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> Url {
        format!("http://{}", self.address).parse().expect("a socket address makes a URL")
    }

    /// Sets the site's time.
    pub fn set_clock(&self, clock: Clock) {
        self.shared.clock.set(clock);
    }

    /// Sets how the site fails from now on.
    pub fn set_faults(&self, faults: Faults) {
        *self.shared.faults.write().expect("nobody panics while setting them") = faults;
    }

    /// Requests that have come so far, to either site: pages, tokens and tries that failed, too.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// The last questions for the places of huts of hut-reservation.org, in the order in which they came.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.remembered().iter().cloned().collect()
    }

    /// Sessions of huetten-holiday.com that have begun so far.
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

impl Drop for StandIn {
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
) -> Response<Body> {
    shared.remember(&hut_id);
    let days = shared.site.availability(&hut_id, shared.clock.now());
    shared.request().await.answer(days.map(|days| to_json(&days)).ok_or_else(unknown_hut))
}

async fn info(State(shared): State<Arc<Shared>>, Path(hut_id): Path<String>) -> Response<Body> {
    let info = shared.site.info(&hut_id);
    shared.request().await.answer(info.map(|info| to_json(&info)).ok_or_else(unknown_hut))
}

fn unknown_hut() -> Response<Body> {
    status(StatusCode::BAD_REQUEST, "Hut Id not found")
}

pub(super) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain values have JSON")
}

/// A request, and how it fails, if it does.
pub(super) struct Request {
    pub fault: Option<Fault>,
    faults: Faults,
}

impl Request {
    /// What is answered: some JSON, or another answer, or in place of either the fault's.
    pub fn answer(&self, answer: Result<String, Response<Body>>) -> Response<Body> {
        let json = answer.as_deref().unwrap_or_default();
        let failed = self.fault.and_then(|fault| self.faults.answer(fault, json));
        failed.unwrap_or_else(|| match answer {
            Ok(json) => with_type("application/json", json.into()),
            Err(other) => other,
        })
    }
}

impl Shared {
    fn remembered(&self) -> std::sync::MutexGuard<'_, VecDeque<Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, hut_id: &str) {
        let mut asked = self.remembered();
        if asked.len() == MOST_REMEMBERED {
            asked.pop_front();
        }
        asked.push_back(Asked { hut_id: hut_id.to_owned(), at: Instant::now() });
    }

    /// Counts a request, lets it wait, and decides whether it fails.
    pub async fn request(&self) -> Request {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let faults = self.faults.read().expect("nobody panics while setting them").clone();
        let in_flight = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_in_flight.fetch_max(in_flight, Ordering::Relaxed);
        tokio::time::sleep(faults.latency).await;
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        Request { fault: faults.of_request(number), faults }
    }
}
