use crate::metrics::ended::PollingFigures;
use crate::query::status::Notifications;
use std::time::{Duration, Instant};

use super::*;
use crate::domain::timings::Stage;
use crate::report::sample::{abandoned, failed, run, updated};
use crate::runtime::timing::Meter;
use crate::sites::registry::Registry;

fn text(exit_status: ExitStatus, run: Option<&RunResult>, last_success: Option<f64>) -> String {
    let meter = Meter::default();
    meter.request("hrs", Instant::now());
    meter.time(Stage::Parsing, || ());
    let ended = EndedRun {
        exit_status,
        started_at: "2026-07-01T10:00:00Z".parse().unwrap(),
        finished_at: "2026-07-01T10:00:03.25Z".parse().unwrap(),
        elapsed: Duration::from_millis(3250),
        run,
        meter: &meter,
        organizations: &Registry::default().organizations(),
    };
    let stalest_high = chrono::TimeDelta::minutes(40);
    let figures = Figures {
        polling: PollingFigures::Tiers { stalest_high },
        notifications: Notifications::default(),
    };
    format(&ended, Some(&figures), last_success)
}

/// The metrics without zeros and without measured times, sorted.
fn stable_series(text: &str) -> String {
    let is_stable = |line: &&str| {
        let is_measured = ["stage_seconds", "request_duration"].map(|name| line.contains(name));
        !line.starts_with('#')
            && !line.ends_with(" 0")
            && !line.ends_with(" 0.0")
            && !is_measured.contains(&true)
    };
    // The library writes the series of a family in any order.
    let mut lines: Vec<_> = text.lines().filter(is_stable).collect();
    lines.sort_unstable();
    lines.join("\n")
}

#[test]
fn a_run_has_its_metrics() {
    let run = run(vec![updated(), failed(), abandoned("hut-1"), abandoned("hut-2")]);
    let text = text(ExitStatus::SomeFailed, Some(&run), None);
    insta::assert_snapshot!(stable_series(&text), @r#"
    hut_availability_run_dates{change="changed"} 12
    hut_availability_run_dates{change="created"} 1
    hut_availability_run_dates{change="dropped_out"} 1
    hut_availability_run_dates{change="unchanged"} 352
    hut_availability_run_duration_seconds 3.25
    hut_availability_run_end_timestamp_seconds 1782900003.25
    hut_availability_run_exit_status 1
    hut_availability_run_failed_huts{organization="hrs",error_kind="timeout"} 1
    hut_availability_run_history_entries 13
    hut_availability_run_huts{organization="hrs",outcome="failed"} 1
    hut_availability_run_huts{organization="hrs",outcome="updated"} 1
    hut_availability_run_huts{organization="huetten-holiday",outcome="skipped"} 2
    hut_availability_run_last_success_timestamp_seconds 1782900003.25
    hut_availability_run_selected_huts 4
    hut_availability_run_site_left{organization="huetten-holiday"} 1
    hut_availability_run_stalest_high_tier_hut_age_seconds 2400
    hut_availability_run_start_timestamp_seconds 1782900000.0
    "#);
    let sites = Registry::default().organizations().iter().count();
    assert_eq!(text.matches("request_duration_seconds_count").count(), sites, "{text}");
    assert!(text.starts_with(BEGINNING), "a later run would not replace the file: {text}");
    assert!(text.contains(r#"stage_seconds{stage="waiting_for_spacing"}"#), "{text}");
}

#[test]
fn a_mass_change_has_its_metrics() {
    let mut closed = updated();
    closed.diff.turned = 150;
    let text = text(ExitStatus::Done, Some(&run(vec![closed])), None);
    for line in [
        r#"hut_availability_run_mass_change_huts{organization="hrs"} 1"#,
        r#"hut_availability_run_mass_change_huts{organization="huetten-holiday"} 0"#,
        r#"hut_availability_run_mass_change_share{organization="hrs"} 0.75"#,
        r#"hut_availability_run_mass_change_share{organization="huetten-holiday"} 0.0"#,
    ] {
        assert!(text.lines().any(|other| other == line), "{line} is not in {text}");
    }
}

#[test]
fn a_shrunk_listing_and_unknown_values_have_their_metrics() {
    let mut odd = updated();
    odd.diff.lost = 300;
    odd.unknown_values.add("percentage", "SOLD \"OUT\"");
    let text = text(ExitStatus::Done, Some(&run(vec![odd])), None);
    for line in [
        r#"hut_availability_run_shrunk_huts{organization="hrs"} 1"#,
        r#"hut_availability_run_shrunk_huts{organization="huetten-holiday"} 0"#,
        r#"hut_availability_run_unknown_values{organization="huetten-holiday",field="",value=""} 0"#,
        r#"hut_availability_run_unknown_values{organization="hrs",field="percentage",value="SOLD \"OUT\""} 1"#,
    ] {
        assert!(text.lines().any(|other| other == line), "{line} is not in {text}");
    }
}

#[test]
fn a_failed_run_repeats_when_a_run_last_succeeded() {
    let first = text(ExitStatus::NothingDone, None, None);
    assert!(!first.contains(LAST_SUCCESS), "{first}");
    let next = text(ExitStatus::NothingDone, None, Some(1_782_900_000.5));
    insta::assert_snapshot!(stable_series(&next), @r#"
    hut_availability_run_duration_seconds 3.25
    hut_availability_run_end_timestamp_seconds 1782900003.25
    hut_availability_run_exit_status 2
    hut_availability_run_last_success_timestamp_seconds 1782900000.5
    hut_availability_run_stalest_high_tier_hut_age_seconds 2400
    hut_availability_run_start_timestamp_seconds 1782900000.0
    "#);
}
