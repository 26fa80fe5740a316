//! Measures how much time a run spends in each stage, summed over all tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use strum::EnumCount;

use crate::domain::timings::{Stage, Timings};

/// Histogram buckets in seconds: from a fast answer of an idle site up to the default request time-out.
const LATENCY_BUCKETS: [f64; 10] = [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// The durations of requests, by site.
pub type Latencies = Family<SiteLabel, Histogram>;

/// The label of a site: the slug of its organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct SiteLabel {
    pub organization: String,
}

/// The measurements of a run. Clones share them.
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
        let histogram = (|| Histogram::new(LATENCY_BUCKETS)) as fn() -> _;
        Self {
            stages: Arc::default(),
            requests: Arc::default(),
            statements: Arc::default(),
            latencies: Family::new_with_constructor(histogram),
        }
    }
}

impl Meter {
    /// Adds the time since `begin` to a stage.
    pub fn since(&self, begin: Instant, stage: Stage) {
        self.add(begin.elapsed(), stage);
    }

    /// Adds a measured time to a stage.
    pub fn add(&self, time: Duration, stage: Stage) {
        // A u64 holds 584 years of nanoseconds.
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.stages[stage as usize].fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Runs `work`, adds its duration to a stage, and returns its result.
    pub fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = work();
        self.since(begin, stage);
        result
    }

    /// Records a request to a site that started at `begin` and has just ended, successfully or not.
    pub fn request(&self, organization: &str, begin: Instant) {
        let time = begin.elapsed();
        self.add(time, Stage::WaitingForAnswers);
        self.requests.fetch_add(1, Ordering::Relaxed);
        let label = SiteLabel { organization: organization.to_owned() };
        self.latencies.get_or_create(&label).observe(time.as_secs_f64());
    }

    /// Records a database statement.
    pub fn statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// The time per stage so far.
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

    /// The durations of the requests so far.
    #[must_use]
    pub fn latencies(&self) -> Latencies {
        self.latencies.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_add_up_per_stage_over_all_tasks() {
        let meter = Meter::default();
        let other_task = meter.clone();
        meter.add(Duration::from_millis(20), Stage::Parsing);
        other_task.add(Duration::from_millis(30), Stage::Parsing);
        other_task.add(Duration::from_secs(3), Stage::WaitingForSpacing);
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
    fn a_request_adds_to_the_count_and_to_the_time_waiting_for_answers() {
        let meter = Meter::default();
        let begin = Instant::now().checked_sub(Duration::from_secs(2)).unwrap();
        meter.request("hrs", begin);
        let timings = meter.timings();
        assert_eq!(timings.requests, 1);
        let (stage, time) = timings.stages().nth(3).unwrap();
        assert!(stage == Stage::WaitingForAnswers && time >= Duration::from_secs(2), "{time:?}");
    }
}
