use super::*;
use crate::domain::run::WhySkipped;
use crate::domain::signal::Signal;
use crate::report::sample::{abandoned, failed, run, updated};

#[test]
fn the_summary_has_counts_and_failures() {
    insta::assert_snapshot!(format(&run(vec![updated(), failed()])), @r#"
    2 huts selected: 1 updated, 1 failed, 0 skipped
    1 date created, 12 changed, 352 unchanged, 1 dropped out; 13 entries added to the history
    2 invalid values from the sites were corrected
    took 3.2 s, of which 0.12 s comparing and storing
    failed:
      taellihuette (hrs): timeout: no complete answer within 30 s
    "#);
}

#[test]
fn a_dry_run_lists_what_would_change() {
    let run = RunResult {
        dry_run: true,
        ..run(vec![
            updated(),
            HutResult { outcome: HutOutcome::Skipped, failure: None, ..failed() },
        ])
    };
    insta::assert_snapshot!(format(&run), @r#"
    dry run: nothing was written
      watzmannhaus (high): 1 date to create, 12 to change, 1 dropped out
        2026-07-04: 12/40 free → 8/40
        and 11 more
      taellihuette (new)
    2 huts selected: 1 to update, 0 failed, 1 skipped
    1 date created, 12 changed, 352 unchanged, 1 dropped out; 13 entries to add to the history
    2 invalid values from the sites were corrected
    took 3.2 s, of which 0.12 s comparing and storing
    "#);
}

#[test]
fn an_abandoned_site_is_listed_once() {
    let run = run(vec![updated(), failed(), abandoned("hut-1"), abandoned("hut-2")]);
    insta::assert_snapshot!(format(&run), @r#"
    4 huts selected: 1 updated, 1 failed, 2 skipped
      hrs: 2 selected: 1 updated, 1 failed, 0 skipped
      huetten-holiday: 2 selected: 0 updated, 0 failed, 2 skipped
    1 date created, 12 changed, 352 unchanged, 1 dropped out; 13 entries added to the history
    2 invalid values from the sites were corrected
    took 3.2 s, of which 0.12 s comparing and storing
    abandoned:
      huetten-holiday: 2 huts skipped: connect: the site was abandoned: 5 huts in a row …
    failed:
      taellihuette (hrs): timeout: no complete answer within 30 s
    "#);
    let dry_run = format(&RunResult { dry_run: true, ..run });
    assert!(!dry_run.contains("hut-1"), "{dry_run}");
    assert_eq!(dry_run.matches("the site was abandoned").count(), 1, "{dry_run}");
}

#[test]
fn huts_checked_by_other_runs_are_counted() {
    let other = |why_skipped| HutResult {
        outcome: HutOutcome::Skipped,
        why_skipped: Some(why_skipped),
        ..updated()
    };
    let text = format(&run(vec![
        updated(),
        other(WhySkipped::AnotherRunAsksIt),
        other(WhySkipped::AnotherRunAskedIt),
        other(WhySkipped::NewerIsStored),
    ]));
    let line = "\n2 huts skipped, because other runs are checking them or have checked them\n";
    assert!(text.contains(line), "{text}");
}

#[test]
fn a_mass_change_is_reported() {
    let mut closed = updated();
    closed.diff.turned = 187;
    insta::assert_snapshot!(format(&run(vec![closed])), @r#"
    1 hut selected: 1 updated, 0 failed, 0 skipped
    1 date created, 12 changed, 352 unchanged, 1 dropped out; 13 entries added to the history
    2 invalid values from the sites were corrected
    hrs: mass change: 93 % of the nights changed at once, at 1 hut; check whether the site's answers are right
    took 3.2 s, of which 0.12 s comparing and storing
    "#);
}

#[test]
fn a_shrunk_listing_and_unknown_values_are_reported() {
    let mut shrunk = updated();
    shrunk.diff.lost = 182;
    shrunk.unknown_values.add("hutStatus", "TEMPORARILY_CLOSED");
    insta::assert_snapshot!(format(&run(vec![shrunk])), @r#"
    1 hut selected: 1 updated, 0 failed, 0 skipped
    1 date created, 12 changed, 352 unchanged, 1 dropped out; 13 entries added to the history
    2 invalid values from the sites were corrected
    hrs: 182 nights are no longer listed, 50 % of the coming ones of 1 hut; check whether the site's answers are right
    hrs: values that this version does not know: hutStatus "TEMPORARILY_CLOSED" on 1 date
    took 3.2 s, of which 0.12 s comparing and storing
    "#);
}

#[test]
fn a_stopped_run_says_that_skipped_huts_stay_due() {
    let run = RunResult { stopped_by: Some(Signal::Terminate), ..run(vec![updated()]) };
    insta::assert_snapshot!(format(&run), @r#"
    1 hut selected: 1 updated, 0 failed, 0 skipped
    1 date created, 12 changed, 352 unchanged, 1 dropped out; 13 entries added to the history
    2 invalid values from the sites were corrected
    took 3.2 s, of which 0.12 s comparing and storing
    stopped by a signal; the skipped huts stay due
    "#);
}

#[test]
fn a_run_without_huts_says_why() {
    assert_eq!(format(&run(Vec::new())), "no hut is due\n");
    let all = RunResult { mode: Mode::All, ..run(Vec::new()) };
    assert_eq!(format(&all), "no hut has a booking reference\n");
}
