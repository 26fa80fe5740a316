//! How often the stand-in fails, on demand, and in which ways.

use std::time::Duration;

use clap::ValueEnum;

use crate::domain::fault::Fault;

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
        let mut random = fastrand::Rng::with_seed(self.seed);
        let of_request = random.u64(..).wrapping_add(number as u64);
        let mut random = fastrand::Rng::with_seed(of_request);
        let fails = random.f64() < self.error_rate;
        random.choice(&self.kinds).copied().filter(|_| fails)
    }
}
