//! Where the time of a run goes: measured at the places where it passes, by whichever task.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use strum::EnumCount;

use crate::domain::timings::{Stage, Timings};

/// In seconds: from a site that is near and idle to one that is given up on.
const LATENCIES: [f64; 10] = [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// How long requests took, by site.
pub type Latencies = Family<OfSite, Histogram>;

/// Of requests to the site of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OfSite {
    pub organization: String,
}

/// What is measured of a run. Clones share it.
#[derive(Clone)]
pub struct Meter {
    /// Nanoseconds of each stage.
    stages: Arc<[AtomicU64; Stage::COUNT]>,
    requests: Arc<AtomicU64>,
    statements: Arc<AtomicU64>,
    latencies: Latencies,
}

impl Default for Meter {
    fn default() -> Self {
        let histogram = (|| Histogram::new(LATENCIES)) as fn() -> _;
        Self {
            stages: Arc::default(),
            requests: Arc::default(),
            statements: Arc::default(),
            latencies: Family::new_with_constructor(histogram),
        }
    }
}

impl Meter {
    /// Adds the time that passed since `begin`.
    pub fn since(&self, begin: Instant, stage: Stage) {
        self.add(begin.elapsed(), stage);
    }

    /// Adds time that was measured.
    pub fn add(&self, time: Duration, stage: Stage) {
        // 584 years of them.
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.stages[stage as usize].fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Does what a stage consists of, and adds the time that it takes.
    pub fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let done = work();
        self.since(begin, stage);
        done
    }

    /// Takes note of a request to a site, which began so and has just ended, well or not.
    pub fn request(&self, organization: &str, begin: Instant) {
        let time = begin.elapsed();
        self.add(time, Stage::WaitingForAnswers);
        self.requests.fetch_add(1, Ordering::Relaxed);
        let of_site = OfSite { organization: organization.to_owned() };
        self.latencies.get_or_create(&of_site).observe(time.as_secs_f64());
    }

    /// Takes note of a statement on the database.
    pub fn statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// The times so far.
    #[must_use]
    pub fn timings(&self) -> Timings {
        let stage =
            |nanoseconds: &AtomicU64| Duration::from_nanos(nanoseconds.load(Ordering::Relaxed));
        Timings {
            by_stage: self.stages.each_ref().map(stage),
            requests: self.requests.load(Ordering::Relaxed),
            statements: self.statements.load(Ordering::Relaxed),
        }
    }

    /// How long requests took so far.
    #[must_use]
    pub fn latencies(&self) -> Latencies {
        self.latencies.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_add_up_by_stage_over_all_tasks() {
        let meter = Meter::default();
        let of_another_task = meter.clone();
        meter.add(Duration::from_millis(20), Stage::Parsing);
        of_another_task.add(Duration::from_millis(30), Stage::Parsing);
        of_another_task.add(Duration::from_secs(3), Stage::WaitingForSpacing);
        let times: Vec<_> =
            meter.timings().stages().map(|(stage, time)| (stage, time.as_millis())).collect();
        assert_eq!(
            times,
            [
                (Stage::Selecting, 0),
                (Stage::Agreeing, 0),
                (Stage::WaitingForSpacing, 3000),
                (Stage::WaitingForAnswers, 0),
                (Stage::Parsing, 50),
                (Stage::Comparing, 0),
                (Stage::Writing, 0),
            ]
        );
    }

    #[test]
    fn a_request_counts_as_one_and_as_time_that_an_answer_was_waited_for() {
        let meter = Meter::default();
        let begin = Instant::now().checked_sub(Duration::from_secs(2)).unwrap();
        meter.request("hrs", begin);
        let timings = meter.timings();
        assert_eq!(timings.requests, 1);
        let (stage, time) = timings.stages().nth(3).unwrap();
        assert!(stage == Stage::WaitingForAnswers && time >= Duration::from_secs(2), "{time:?}");
    }
}
