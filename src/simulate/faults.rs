//! How often the stand-in fails, on demand, and in which ways.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use clap::ValueEnum;

/// One way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// Status 500
    ServerError,
    /// Status 429 with Retry-After
    RateLimit,
    /// Status 429 without
    RateLimitBare,
    /// Status 429 with a Retry-After that makes no sense
    RateLimitAbsurd,
    /// Status 403
    Forbidden,
    /// Status 302 to another site's page, as of a network that wants a login
    Login,
    /// A page with status 200
    Html,
    /// A page that says it is JSON
    HtmlAsJson,
    /// JSON that ends in the middle
    Truncated,
    /// Packed JSON that ends in the middle
    TruncatedGzip,
    /// An answer that ends in the middle, and so does the connection
    Reset,
    /// No answer: the connection is reset
    ResetAtOnce,
    /// An answer that begins and does not go on
    Stall,
    /// No answer, on a connection that stays open
    StallAtOnce,
    /// The right answer, within a second
    Slow,
    /// The right answer, a byte at a time, 20 a second
    Trickle,
    /// A Content-Length that is greater than what follows
    LongLength,
    /// A Content-Length that is half of what follows
    ShortLength,
    /// A Content-Length that is no number
    BadLength,
    /// An empty array
    Empty,
    /// A number that is a text
    WrongType,
    /// A number that is NaN
    NotANumber,
    /// A number that nobody counts in: 1e999
    HugeNumber,
    /// A number under a key that comes twice
    KeyTwice,
    /// A text that is not UTF-8
    NotUtf8,
    /// A million arrays in one another
    Nested,
    /// More than 8 MiB
    TooLarge,
    /// "Hut Id not found"
    UnknownHut,
    /// Status 419: the tokens given out so far are void, which is a matter of huetten-holiday only
    ExpiredToken,
}

/// How often the site fails, and in which ways.
#[derive(Clone, Debug)]
pub struct Faults {
    /// The first so many requests do not fail.
    pub after: usize,
    /// Nor do those from this one on.
    pub until: usize,
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
            until: usize::MAX,
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
        if !(self.after..self.until).contains(&number) {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        (self.seed, number).hash(&mut hasher);
        let hash = hasher.finish();
        let fails = ((hash >> 11) as f64 / (1_u64 << 53) as f64) < self.error_rate;
        let choice = hash as usize % self.kinds.len().max(1);
        self.kinds.get(choice).copied().filter(|_| fails)
    }
}
