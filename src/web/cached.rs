//! Answers that many ask for are made once: kept packed in memory for some seconds, with an ETag by which
//! a client that has them already is told so.

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

use self::answer::{CachedAnswer, Uncacheable, made};
use self::encoding::Encoding;
use self::memory_budget::MemoryBudget;
use super::metrics::Metrics;

/// How long an answer is kept: a stored change is to be visible within a minute.
const TIME_TO_LIVE: Duration = Duration::from_secs(20);

/// All answers together, in bytes: some hundred maps of a few days. Three quarters of the budget, so that what is
/// kept leaves some for what is being sent.
const MAX_CACHE_BYTES: u64 = 12 * 1024 * 1024;

/// The answers that are kept.
#[derive(Clone)]
pub struct Answers {
    kept: Cache<String, Arc<CachedAnswer>>,
    budget: MemoryBudget,
    metrics: Metrics,
}

impl Answers {
    /// No answers yet.
    #[must_use]
    pub fn new(metrics: Metrics) -> Self {
        Self::with_time_to_live(metrics, TIME_TO_LIVE)
    }

    /// No answers yet, and none that will be kept for longer.
    #[must_use]
    pub fn with_time_to_live(metrics: Metrics, time_to_live: Duration) -> Self {
        let kept = Cache::builder()
            .weigher(|key: &String, answer: &Arc<CachedAnswer>| {
                u32::try_from(key.len() + answer.bytes()).unwrap_or(u32::MAX)
            })
            .max_capacity(MAX_CACHE_BYTES)
            .time_to_live(time_to_live)
            .build();
        Self { kept, budget: MemoryBudget::new(), metrics }
    }
}

/// Packs the answers of a router, and keeps them.
pub fn kept<S>(router: Router<S>, answers: Answers) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(CompressionLayer::new()).layer(from_fn_with_state(answers, answer))
}

async fn answer(State(answers): State<Answers>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (mut asked, _) = request.into_parts();
    let encoding = Encoding::accepted(&asked.headers);
    let path_and_query = asked.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let key = format!("{encoding} {path_and_query}");
    if let Some(answer) = answers.kept.get(&key).await {
        answers.metrics.cache_hits.inc();
        return answer.to(&asked.headers);
    }
    // What is made is for everyone who asks with this key, and for HEAD as well.
    asked.method = Method::GET;
    let if_none_match = asked.headers.clone();
    asked.headers.insert(header::ACCEPT_ENCODING, encoding.into());
    let make = || next.clone().run(Request::from_parts(asked.clone(), Body::empty()));

    let alone = Mutex::new(None);
    let making = async {
        match made(make().await, &answers.budget).await {
            Ok(answer) => Ok(Arc::new(answer)),
            Err(Uncacheable::Shareable(answer)) => Err(Some(answer)),
            Err(Uncacheable::Alone(response)) => {
                *alone.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
                Err(None)
            }
        }
    };
    let entry = answers.kept.entry(key).or_try_insert_with(making).await;
    let is_hit = entry.as_ref().is_ok_and(|entry| !entry.is_fresh());
    let metrics = &answers.metrics;
    if is_hit { &metrics.cache_hits } else { &metrics.cache_misses }.inc();
    match entry.as_ref().map_err(AsRef::as_ref) {
        Ok(entry) => entry.value().to(&if_none_match),
        Err(Some(answer)) => answer.response(),
        Err(None) => {
            let own = alone.lock().unwrap_or_else(PoisonError::into_inner).take();
            match own {
                Some(response) => response,
                // Who waited for somebody else's has to make one of their own.
                None => match made(make().await, &answers.budget).await {
                    Ok(answer) => answer.to(&if_none_match),
                    Err(Uncacheable::Shareable(answer)) => answer.response(),
                    Err(Uncacheable::Alone(response)) => response,
                },
            }
        }
    }
}
