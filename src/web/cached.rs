//! The response cache: a response that many clients request is made once. It is kept compressed in memory for
//! some seconds, and has an ETag, so that a client that has it already gets `304 Not Modified`.

mod answer;
mod encoding;
mod etag;
mod memory_budget;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use moka::future::Cache;
use tower_http::compression::CompressionLayer;

use self::answer::{CachedResponse, Uncacheable, to_cached};
use self::encoding::Encoding;
use self::memory_budget::MemoryBudget;
use super::metrics::Metrics;
use crate::text::language::Language;

/// How long a response is kept. It is short, so that a stored change is visible within a minute.
const TIME_TO_LIVE: Duration = Duration::from_secs(20);

/// The size of all cached responses in bytes: some hundred maps of a few days. This is three quarters of the
/// memory budget; the rest is for responses that are being sent.
const MAX_CACHE_BYTES: u64 = 12 * 1024 * 1024;

/// The cached responses. Clones share them.
#[derive(Clone)]
pub struct ResponseCache {
    entries: Cache<String, Arc<CachedResponse>>,
    budget: MemoryBudget,
    metrics: Metrics,
}

impl ResponseCache {
    /// Makes an empty cache.
    #[must_use]
    pub fn new(metrics: Metrics) -> Self {
        Self::with_time_to_live(metrics, TIME_TO_LIVE)
    }

    /// Makes an empty cache that keeps responses for `time_to_live`.
    #[must_use]
    pub fn with_time_to_live(metrics: Metrics, time_to_live: Duration) -> Self {
        let entries = Cache::builder()
            .weigher(|key: &String, answer: &Arc<CachedResponse>| {
                u32::try_from(key.len() + answer.bytes()).unwrap_or(u32::MAX)
            })
            .max_capacity(MAX_CACHE_BYTES)
            .time_to_live(time_to_live)
            .build();
        Self { entries, budget: MemoryBudget::new(), metrics }
    }
}

/// Compresses and caches the responses of a router.
pub fn with_cache<S>(router: Router<S>, cache: ResponseCache) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(CompressionLayer::new()).layer(from_fn_with_state(cache, respond))
}

async fn respond(State(cache): State<ResponseCache>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (mut parts, _) = request.into_parts();
    let encoding = Encoding::accepted(&parts.headers);
    let path_and_query = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    // Pages are there in several languages; the API has its language in the query.
    let language = parts.extensions.get::<Language>().map_or("", |language| language.code());
    let key = format!("{encoding} {language} {path_and_query}");
    if let Some(cached) = cache.entries.get(&key).await {
        cache.metrics.cache_hits.inc();
        return cached.response_to(&parts.headers);
    }
    // The response is for every client with this key, whether it sends GET or HEAD.
    parts.method = Method::GET;
    let request_headers = parts.headers.clone();
    parts.headers.insert(header::ACCEPT_ENCODING, encoding.into());
    let run_handler = || next.clone().run(Request::from_parts(parts.clone(), Body::empty()));

    let unshared = Mutex::new(None);
    let make_entry = async {
        match to_cached(run_handler().await, &cache.budget).await {
            Ok(cached) => Ok(Arc::new(cached)),
            Err(Uncacheable::Shareable(shareable)) => Err(Some(shareable)),
            Err(Uncacheable::Unshareable(response)) => {
                *unshared.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
                Err(None)
            }
        }
    };
    let entry = cache.entries.entry(key).or_try_insert_with(make_entry).await;
    let is_hit = entry.as_ref().is_ok_and(|entry| !entry.is_fresh());
    let metrics = &cache.metrics;
    if is_hit { &metrics.cache_hits } else { &metrics.cache_misses }.inc();
    match entry.as_ref().map_err(AsRef::as_ref) {
        Ok(entry) => entry.value().response_to(&request_headers),
        Err(Some(shareable)) => shareable.response(),
        Err(None) => {
            let own_response = unshared.lock().unwrap_or_else(PoisonError::into_inner).take();
            match own_response {
                Some(response) => response,
                // This request waited for another one, whose response cannot be shared.
                None => match to_cached(run_handler().await, &cache.budget).await {
                    Ok(cached) => cached.response_to(&request_headers),
                    Err(Uncacheable::Shareable(shareable)) => shareable.response(),
                    Err(Uncacheable::Unshareable(response)) => response,
                },
            }
        }
    }
}
