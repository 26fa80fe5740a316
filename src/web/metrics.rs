//! The metrics of the service.

use std::sync::Arc;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

pub const PREFIX: &str = "hut_availability";

/// Bucket bounds in seconds, from a cached response (1 ms) to a request that may time out (10 s).
const DURATIONS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];

/// Counters, gauges and histograms. Cloning it is cheap.
#[derive(Clone)]
pub struct Metrics {
    pub requests: Family<RequestLabels, Counter>,
    pub durations: Family<RouteLabel, Histogram>,
    pub open_connections: Gauge,
    pub cache_hits: Counter,
    pub cache_misses: Counter,
    pub registry: Arc<Registry>,
}

/// The labels of a request. They contain the route, never the path, because the number of paths has no limit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    pub method: &'static str,
    pub route: String,
    pub status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabel {
    pub route: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Family::default();
        let durations = Family::new_with_constructor((|| Histogram::new(DURATIONS)) as fn() -> _);
        let (open_connections, cache_hits, cache_misses) =
            (Gauge::default(), Counter::default(), Counter::default());
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register("http_requests", "HTTP requests answered", requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time to the first byte of the response",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register("http_connections", "Open connections", open_connections.clone());
        registry.register("cache_hits", "Responses from the cache", cache_hits.clone());
        registry.register("cache_misses", "Responses not from the cache", cache_misses.clone());
        let registry = Arc::new(registry);
        Self { requests, durations, open_connections, cache_hits, cache_misses, registry }
    }
}
