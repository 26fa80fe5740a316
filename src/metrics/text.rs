//! Formats the metrics of a run in the text format of Prometheus. Pure.
//!
//! Every metric describes one run, so all are gauges, except the histogram. Every label value is present,
//! even if it is 0: a Pushgateway keeps the old value of a series that is left out.

use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode_registry;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};
use strum::VariantArray;

use super::ended::{EndedRun, Figures};
use super::{notifications, polling};
use crate::domain::exit_status::ExitStatus;
use crate::domain::failure::ErrorKind;
use crate::domain::mass_change::MassChange;
use crate::domain::run::{HutOutcome, HutResult, RunResult};
use crate::domain::unknown_values::UnknownValue;
use crate::runtime::timing::SiteLabel;

const PREFIX: &str = "hut_availability_run";

/// What every text begins with, also those of earlier versions: the description of the first metric.
pub const BEGINNING: &str = "# HELP hut_availability_run_";

/// A failed run repeats the value of the previous run.
pub const LAST_SUCCESS: &str = "hut_availability_run_last_success_timestamp_seconds";

/// The labels of a series: names and values.
type Labels = Vec<(&'static str, String)>;

type Counts = Family<Labels, Gauge>;

/// Formats the metrics of a run. `figures` is what the database says, none if it is unknown. `last_success` is when an earlier run last succeeded, in Unix seconds.
#[must_use]
pub fn format(
    ended: &EndedRun<'_>,
    figures: Option<&Figures>,
    last_success: Option<f64>,
) -> String {
    let mut registry = Registry::with_prefix(PREFIX);
    times(&mut registry, ended, last_success);
    huts(&mut registry, ended);
    mass_changes(&mut registry, ended);
    surprises(&mut registry, ended);
    dates(&mut registry, ended);
    stages(&mut registry, ended);
    if let Some(Figures { polling, .. }) = figures {
        polling::register(&mut registry, polling);
    }
    let mut text = String::new();
    encode_registry(&mut text, &registry).expect("writing to a String cannot fail");
    if let Some(Figures { notifications, .. }) = figures {
        text += &notifications::format(notifications);
    }
    text
}

fn times(registry: &mut Registry, ended: &EndedRun<'_>, last_success: Option<f64>) {
    let mut seconds = |name, help, value: f64| {
        registry.register_with_unit(name, help, Unit::Seconds, ConstGauge::new(value));
    };
    seconds("start_timestamp", "When the run started", timestamp(ended.started_at));
    seconds("end_timestamp", "When the run ended", timestamp(ended.finished_at));
    seconds("duration", "How long the run took", ended.elapsed.as_secs_f64());
    let has_succeeded = matches!(ended.exit_status, ExitStatus::Done | ExitStatus::SomeFailed);
    let last_success =
        if has_succeeded { Some(timestamp(ended.finished_at)) } else { last_success };
    if let Some(last_success) = last_success {
        let help = "When a run last ended with exit status 0 or 1, that is with some huts updated";
        seconds("last_success_timestamp", help, last_success);
    }
    let status = i64::from(ended.exit_status.code());
    registry.register("exit_status", "The exit status of the run", ConstGauge::new(status));
    let interrupted = matches!(ended.exit_status, ExitStatus::Stopped(_));
    registry.register(
        "interrupted",
        "Whether a signal ended the run",
        ConstGauge::new(i64::from(interrupted)),
    );
}

fn timestamp(at: DateTime<Utc>) -> f64 {
    at.timestamp_millis() as f64 / 1000.0
}

fn huts(registry: &mut Registry, ended: &EndedRun<'_>) {
    let (huts, failed, abandoned) = (Counts::default(), Counts::default(), Counts::default());
    for organization in ended.organizations.iter().map(|organization| organization.slug) {
        for outcome in HutOutcome::VARIANTS {
            count(&huts, &[("organization", organization), ("outcome", outcome.into())], 0);
        }
        for kind in ErrorKind::VARIANTS {
            count(&failed, &[("organization", organization), ("error_kind", kind.into())], 0);
        }
        count(&abandoned, &[("organization", organization)], 0);
    }
    for HutResult { organization, outcome, failure, .. } in results(ended) {
        count(&huts, &[("organization", organization), ("outcome", outcome.into())], 1);
        if let (HutOutcome::Failed, Some(failure)) = (outcome, failure) {
            let kind = failure.kind.into();
            count(&failed, &[("organization", organization), ("error_kind", kind)], 1);
        }
    }
    for site in ended.run.iter().flat_map(|run| run.sites()) {
        // If the database failed, the site itself is not abandoned.
        let is_abandoned = site.left.is_some_and(|why| why.kind != ErrorKind::Database);
        let is_abandoned = i64::from(is_abandoned);
        count(&abandoned, &[("organization", site.organization)], is_abandoned);
    }
    let selected = results(ended).len();
    registry.register("selected_huts", "Huts that the run selected", gauge(selected));
    registry.register("huts", "Huts by outcome", huts);
    registry.register("failed_huts", "Failed huts by error kind", failed);
    registry.register(
        "site_left",
        "Whether the site was abandoned, so that huts were skipped",
        abandoned,
    );
}

fn mass_changes(registry: &mut Registry, ended: &EndedRun<'_>) {
    let (huts, share) = (Counts::default(), Family::<Labels, Gauge<f64, AtomicU64>>::default());
    let set = |organization: &str, change: Option<MassChange>| {
        let labels = vec![("organization", organization.to_owned())];
        huts.get_or_create(&labels).set(change.map_or(0, |change| change.huts as i64));
        share.get_or_create(&labels).set(change.map_or(0.0, |change| change.share));
    };
    ended.organizations.iter().for_each(|organization| set(organization.slug, None));
    for site in ended.run.iter().flat_map(|run| run.sites()) {
        set(site.organization, site.mass_change);
    }
    let help = "Huts with a mass change: most of their known nights changed at once; 0 without a mass change";
    registry.register("mass_change_huts", help, huts);
    let help = "Share of known nights that changed at once in a mass change, 0 to 1; 0 without a mass change";
    registry.register("mass_change_share", help, share);
}

/// What a site did that nobody expected: huts that no longer list many nights, and unknown values.
fn surprises(registry: &mut Registry, ended: &EndedRun<'_>) {
    let (shrunk, unknown) = (Counts::default(), Counts::default());
    for organization in ended.organizations.iter().map(|organization| organization.slug) {
        count(&shrunk, &[("organization", organization)], 0);
        // Without a series the Pushgateway would keep the values of an earlier run.
        count(&unknown, &[("organization", organization), ("field", ""), ("value", "")], 0);
    }
    for site in ended.run.iter().flat_map(|run| run.sites()) {
        let organization = ("organization", site.organization);
        count(&shrunk, &[organization], site.shrunk.map_or(0, |shrunk| shrunk.huts as i64));
        for UnknownValue { field, value, count: dates } in site.unknown_values.iter() {
            let labels = [organization, ("field", field.as_str()), ("value", value.as_str())];
            count(&unknown, &labels, dates as i64);
        }
    }
    let help = "Huts whose checks no longer list more than a tenth of their coming nights";
    registry.register("shrunk_huts", help, shrunk);
    let help =
        "Dates on which the site gave a value that the program does not know, by field and value";
    registry.register("unknown_values", help, unknown);
}

fn dates(registry: &mut Registry, ended: &EndedRun<'_>) {
    let diff = ended.run.map(RunResult::diff).unwrap_or_default();
    let dates = Counts::default();
    for (change, number) in [
        ("created", diff.created),
        ("changed", diff.changed),
        ("unchanged", diff.unchanged),
        ("dropped_out", diff.dropped_out),
    ] {
        count(&dates, &[("change", change)], number as i64);
    }
    registry.register("dates", "Dates of all huts by the result of the comparison", dates);
    let entries = gauge(diff.history_entries);
    registry.register("history_entries", "Entries added to the history", entries);
}

fn stages(registry: &mut Registry, ended: &EndedRun<'_>) {
    let stages = Family::<Labels, Gauge<f64, AtomicU64>>::default();
    for (stage, time) in ended.meter.timings().stages() {
        let labels = vec![("stage", stage.to_string())];
        stages.get_or_create(&labels).set(time.as_secs_f64());
    }
    registry.register_with_unit(
        "stage",
        "Time per stage, summed over concurrent requests",
        Unit::Seconds,
        stages,
    );
    let latencies = ended.meter.latencies();
    for organization in ended.organizations.iter() {
        drop(latencies.get_or_create(&SiteLabel { organization: organization.to_string() }));
    }
    registry.register_with_unit(
        "request_duration",
        "Time from the start of a request to the end of its answer",
        Unit::Seconds,
        latencies,
    );
}

fn results<'a>(ended: &EndedRun<'a>) -> &'a [HutResult] {
    ended.run.map_or(&[], |run| &run.results)
}

fn count(counts: &Counts, labels: &[(&'static str, &str)], add: i64) {
    let labels = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    counts.get_or_create(&labels).inc_by(add);
}

fn gauge(number: usize) -> ConstGauge {
    ConstGauge::new(number as i64)
}

#[cfg(test)]
mod tests;
