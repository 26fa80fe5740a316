//! The faults of a fake booking site: how often it fails, and in which ways.

use std::time::Duration;

use clap::ValueEnum;

use crate::domain::fault::Fault;

/// How often a fake booking site fails, and in which ways.
#[derive(Clone, Debug)]
pub struct Faults {
    /// The number of requests at the start that do not fail.
    pub after: usize,
    /// Requests from this number on do not fail.
    pub until: usize,
    /// The share of requests that fail, from 0 to 1.
    pub error_rate: f64,
    /// The kinds of faults, one of which is chosen at random for each failing request.
    pub kinds: Vec<Fault>,
    pub seed: u64,
    /// The delay of each answer.
    pub latency: Duration,
    /// The `Retry-After` of rate limits.
    pub retry_after: Duration,
}

impl Faults {
    /// A site without faults.
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

    /// A site that answers each request with this fault.
    #[must_use]
    pub fn always(kind: Fault) -> Self {
        Self { error_rate: 1.0, kinds: vec![kind], ..Self::none() }
    }

    /// The fault of the request with this number, from 0 on, if it fails. The same seed always gives the
    /// same faults.
    #[must_use]
    pub fn of_request(&self, number: usize) -> Option<Fault> {
        if !(self.after..self.until).contains(&number) {
            return None;
        }
        let mut random = fastrand::Rng::with_seed(self.seed);
        let of_request = random.u64(..).wrapping_add(number as u64);
        let mut random = fastrand::Rng::with_seed(of_request);
        let fails = random.f64() < self.error_rate;
        random.choice(&self.kinds).copied().filter(|_| fails)
    }
}
