//! Metrics of how the huts are polled. Pure.

use std::sync::atomic::AtomicU64;

use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};

use super::ended::PollingFigures;
use crate::query::polling::Polling;

/// Adds the metrics of the schedule.
pub(super) fn register(registry: &mut Registry, figures: &PollingFigures) {
    match figures {
        PollingFigures::Tiers { stalest_high } => registry.register_with_unit(
            "stalest_high_tier_hut_age",
            "Age of the last successful check of the stalest hut of the high tier, 0 if there is \
             no such hut",
            Unit::Seconds,
            ConstGauge::new(stalest_high.num_seconds()),
        ),
        PollingFigures::Adaptive(polling) => adaptive(registry, polling),
    }
}

fn adaptive(registry: &mut Registry, polling: &Polling) {
    let mut number = |name, help, value: f64| {
        let gauge = Gauge::<f64, AtomicU64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    if let Some(budget) = &polling.budget {
        number("budget_checks_per_day", "Checks a day of the budget", budget.per_day);
        let help = "Checks of the budget that the runs of today have made or planned";
        number("budget_checks_spent_today", help, budget.spent_today.into());
        let help = "Checks a day that the longest intervals of all huts need";
        number("budget_checks_needed_per_day", help, budget.needed_per_day);
    }
    if let (Some(now), Some(mean)) = (polling.expected_true, polling.expected_true_mean) {
        let help = "Share of open nights whose stored state is expected to be true now, 0 to 1";
        number("expected_true_ratio", help, now);
        let help = "Share of open nights whose stored state is expected to be true in the mean of a day, 0 to 1";
        number("expected_true_mean_ratio", help, mean);
    }
    let oldest = polling.stalest.iter().map(|hut| hut.age_seconds).max();
    registry.register_with_unit(
        "stalest_hut_age",
        "Age of the oldest last successful check of the ten huts with the most nights that are expected to be \
         untrue, 0 if there is none",
        Unit::Seconds,
        ConstGauge::new(oldest.unwrap_or_default()),
    );
}
