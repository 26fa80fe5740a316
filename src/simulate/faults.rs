//! How the stand-in fails, on demand.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{Response, StatusCode};
use clap::ValueEnum;
use futures_util::{StreamExt, stream};

/// One way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// Status 500
    ServerError,
    /// Status 429 with Retry-After
    RateLimit,
    /// Status 403
    Forbidden,
    /// A page with status 200
    Html,
    /// JSON that ends in the middle
    Truncated,
    /// An answer that ends in the middle, and so does the connection
    Reset,
    /// An answer that begins and does not go on
    Stall,
    /// An empty array
    Empty,
    /// A number that is a text
    WrongType,
    /// More than 8 MiB
    TooLarge,
    /// "Hut Id not found"
    UnknownHut,
    /// Status 419: the tokens given out so far are void, which is a matter of huetten-holiday only
    ExpiredToken,
}

/// Numbers in the answers, each in another one.
const NUMBERS: [&str; 4] = ["freeBeds", "totalPlaces", "hutId", "last_page"];

/// How often the site fails, and in which ways.
#[derive(Clone, Debug)]
pub struct Faults {
    /// The first so many requests do not fail.
    pub after: usize,
    /// The part of requests that fails, 0 to 1.
    pub error_rate: f64,
    /// The ways, in turn by chance.
    pub kinds: Vec<Fault>,
    pub seed: u64,
    pub latency: Duration,
    pub retry_after: Duration,
}

impl Faults {
    /// A site that works.
    #[must_use]
    pub fn none() -> Self {
        Self {
            after: 0,
            error_rate: 0.0,
            kinds: Fault::value_variants().to_vec(),
            seed: 0,
            latency: Duration::ZERO,
            retry_after: Duration::from_secs(1),
        }
    }

    /// Every request fails in this way.
    #[must_use]
    pub fn always(kind: Fault) -> Self {
        Self { error_rate: 1.0, kinds: vec![kind], ..Self::none() }
    }

    /// How the `number`th request fails, if it does: always the same for the same seed.
    #[must_use]
    pub fn of_request(&self, number: usize) -> Option<Fault> {
        if number < self.after {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        (self.seed, number).hash(&mut hasher);
        let hash = hasher.finish();
        let fails = ((hash >> 11) as f64 / (1_u64 << 53) as f64) < self.error_rate;
        let choice = hash as usize % self.kinds.len().max(1);
        self.kinds.get(choice).copied().filter(|_| fails)
    }

    /// The answer to a request that fails and would have been answered with `json`; none where the
    /// fault is not in the answer.
    #[must_use]
    pub fn answer(&self, fault: Fault, json: &str) -> Option<Response<Body>> {
        let half = json.get(..json.len() / 2).unwrap_or_default().to_owned();
        Some(match fault {
            Fault::ServerError => {
                status(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
            }
            Fault::Forbidden => status(StatusCode::FORBIDDEN, "Forbidden"),
            Fault::RateLimit => {
                let mut response = status(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
                let seconds = self.retry_after.as_secs();
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
                response
            }
            Fault::Html => {
                let page =
                    "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head></html>\n";
                with_type("text/html", page.into())
            }
            Fault::Truncated => with_type("application/json", half.into()),
            Fault::Reset => {
                let end = stream::iter([Ok(half), Err(std::io::Error::other("a fault"))]);
                with_type("application/json", Body::from_stream(end))
            }
            Fault::Stall => {
                let begin = stream::iter([Ok::<_, std::io::Error>(half)]);
                with_type("application/json", Body::from_stream(begin.chain(stream::pending())))
            }
            Fault::Empty => with_type("application/json", "[]".into()),
            Fault::WrongType => {
                let replaced = NUMBERS.iter().fold(json.to_owned(), |json, name| {
                    json.replace(&format!("\"{name}\":"), &format!("\"{name}\":\"x\",\"was\":"))
                });
                with_type("application/json", replaced.into())
            }
            Fault::TooLarge => {
                let page = vec![b' '; 9 * 1024 * 1024];
                with_type("application/json", page.into())
            }
            Fault::UnknownHut => status(StatusCode::BAD_REQUEST, "Hut Id not found"),
            Fault::ExpiredToken => return None,
        })
    }
}

/// An answer that is only a status and a word.
#[must_use]
pub fn status(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = with_type("text/plain", text.into());
    *response.status_mut() = status;
    response
}

/// An answer with status 200.
#[must_use]
pub fn with_type(content_type: &'static str, body: Body) -> Response<Body> {
    let builder = Response::builder().header(CONTENT_TYPE, content_type);
    builder.body(body).expect("a valid constant")
}
