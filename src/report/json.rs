//! Formats a run for programs: one JSON object. Users rely on its keys.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::timings::Seconds;
use crate::domain::delivery::Notified;
use crate::domain::failure::Failure;
use crate::domain::run::{HutOutcome, Mode, RunResult, SiteResult};
use crate::domain::schedule::Reason;

#[derive(Serialize)]
struct Report<'a> {
    started_at: DateTime<Utc>,
    finished_at: DateTime<Utc>,
    mode: Mode,
    dry_run: bool,
    interrupted: bool,
    huts: Huts,
    dates: Dates,
    history_entries: usize,
    sites: Vec<SiteResult<'a>>,
    /// Without an active watch there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    watches: Option<&'a Notified>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<Seconds<'a>>,
    results: Vec<HutReport<'a>>,
}

#[derive(Serialize)]
struct Huts {
    selected: usize,
    updated: usize,
    failed: usize,
    skipped: usize,
}

#[derive(Serialize)]
struct Dates {
    created: usize,
    changed: usize,
    unchanged: usize,
    dropped_out: usize,
}

#[derive(Serialize)]
struct HutReport<'a> {
    hut: &'a str,
    organization: &'a str,
    reason: Reason,
    outcome: HutOutcome,
    created: usize,
    changed: usize,
    unchanged: usize,
    error: Option<&'a Failure>,
}

/// Formats a run as one line of JSON.
#[must_use]
pub fn format(run: &RunResult) -> String {
    let diff = run.diff();
    let results = run.results.iter().map(|result| HutReport {
        hut: &result.hut,
        organization: &result.organization,
        reason: result.reason,
        outcome: result.outcome,
        created: result.diff.created,
        changed: result.diff.changed,
        unchanged: result.diff.unchanged,
        error: result.failure.as_ref(),
    });
    let report = Report {
        started_at: run.started_at,
        finished_at: run.finished_at,
        mode: run.mode,
        dry_run: run.dry_run,
        interrupted: run.stopped_by.is_some(),
        huts: Huts {
            selected: run.results.len(),
            updated: run.count(HutOutcome::Updated),
            failed: run.count(HutOutcome::Failed),
            skipped: run.count(HutOutcome::Skipped),
        },
        dates: Dates {
            created: diff.created,
            changed: diff.changed,
            unchanged: diff.unchanged,
            dropped_out: diff.dropped_out,
        },
        history_entries: diff.history_entries,
        sites: run.sites(),
        watches: run.notified.as_ref(),
        timings: run.timings.as_ref().map(|timings| Seconds(timings, run.elapsed)),
        results: results.collect(),
    };
    let mut json = serde_json::to_string(&report).expect("plain values have JSON");
    json.push('\n');
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{abandoned, failed, run, updated};

    #[test]
    fn the_report_is_one_line_of_json() {
        insta::assert_snapshot!(format(&run(vec![updated(), failed()])), @r#"{"started_at":"2026-07-01T10:00:00Z","finished_at":"2026-07-01T10:00:03.250Z","mode":"due","dry_run":false,"interrupted":false,"huts":{"selected":2,"updated":1,"failed":1,"skipped":0},"dates":{"created":1,"changed":12,"unchanged":352,"dropped_out":1},"history_entries":13,"sites":[{"organization":"hrs","selected":2,"updated":1,"failed":1,"skipped":0,"left":null,"mass_change":null,"shrunk":null,"unknown_values":[]}],"results":[{"hut":"watzmannhaus","organization":"hrs","reason":"high","outcome":"updated","created":1,"changed":12,"unchanged":352,"error":null},{"hut":"taellihuette","organization":"hrs","reason":"new","outcome":"failed","created":0,"changed":0,"unchanged":0,"error":{"kind":"timeout","message":"no complete answer within 30 s"}}]}"#);
    }

    #[test]
    fn each_site_has_its_counts_and_why_it_was_abandoned() {
        let report =
            format(&run(vec![updated(), failed(), abandoned("hut-1"), abandoned("hut-2")]));
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!(
            report["sites"],
            serde_json::json!([
                {"organization": "hrs", "selected": 2, "updated": 1, "failed": 1, "skipped": 0, "left": null,
                 "mass_change": null, "shrunk": null, "unknown_values": []},
                {"organization": "huetten-holiday", "selected": 2, "updated": 0, "failed": 0, "skipped": 2,
                 "left": {"kind": "connect", "message": "the site was abandoned: 5 huts in a row …"},
                 "mass_change": null, "shrunk": null, "unknown_values": []},
            ])
        );
        assert_eq!(report["results"][2]["error"], report["sites"][1]["left"]);
        assert_eq!(report["results"][2]["outcome"], "skipped");
    }

    #[test]
    fn a_shrunk_listing_and_unknown_values_are_reported() {
        let mut shrunk = updated();
        shrunk.diff.lost = 182;
        shrunk.unknown_values.add("hutStatus", "TEMPORARILY_CLOSED");
        let report: serde_json::Value = serde_json::from_str(&format(&run(vec![shrunk]))).unwrap();
        let site = &report["sites"][0];
        assert_eq!(site["shrunk"], serde_json::json!({"huts": 1, "nights": 182, "share": 0.5}));
        assert_eq!(
            site["unknown_values"],
            serde_json::json!([{"field": "hutStatus", "value": "TEMPORARILY_CLOSED", "count": 1}])
        );
    }

    #[test]
    fn a_mass_change_is_reported() {
        let mut closed = updated();
        closed.diff.turned = 187;
        let report: serde_json::Value = serde_json::from_str(&format(&run(vec![closed]))).unwrap();
        let mass_change = serde_json::json!({"huts": 1, "share": 0.93});
        assert_eq!(report["sites"][0]["mass_change"], mass_change);
    }
}
