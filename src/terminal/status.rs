//! Renders the status report: tiers, runs and failing huts.

mod tables;

use std::fmt::Write;

use chrono_tz::Tz;
use indicatif::HumanBytes;

use super::polling;
use super::screen::Screen;
use crate::query::status::Status;
use crate::query::watch_fields::DeliveryFields;
use crate::runtime::clock::checked_in_the_future;
use crate::text::humanize::{age, instant_and_age, pluralize};
use crate::text::spreadsheet::to_csv;
use crate::text::visible::visible;

/// Renders the status for people.
#[must_use]
pub fn text(status: &Status, timezone: Tz, screen: Screen) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, status, timezone, screen);
    text
}

fn write(out: &mut String, status: &Status, timezone: Tz, screen: Screen) -> std::fmt::Result {
    let size = HumanBytes(status.database.size_bytes.unsigned_abs());
    writeln!(out, "database      {}, {size}", visible(&status.database.url))?;
    let huts = &status.huts;
    let (not_followed, inactive) = (huts.not_followed, huts.inactive);
    writeln!(
        out,
        "huts          {} polled, {not_followed} without a booking site, {inactive} inactive",
        huts.followed
    )?;
    if huts.taken_over > 0 {
        let huts = pluralize(huts.taken_over, "hut");
        writeln!(
            out,
            "takeover      {huts} being taken over, not polled until `hut-availability takeover --finish`"
        )?;
    }
    let success = status.last_success.map(|at| instant_and_age(at, status.at, timezone));
    writeln!(out, "last success  {}", success.unwrap_or_else(|| "never".into()))?;
    if status.checked_in_future > 0 {
        let huts = checked_in_the_future(status.checked_in_future);
        writeln!(
            out,
            "clock         {huts}: if this machine's clock is right, run `hut-availability repair`"
        )?;
    }
    write!(out, "{}", polling::text(&status.polling))?;
    writeln!(out, "\n{}", tables::tiers(status, screen))?;
    if !status.polling.stalest.is_empty() {
        writeln!(out, "\n{}", polling::stalest(&status.polling, status.at, screen))?;
    }
    if !status.runs.is_empty() {
        writeln!(out, "\n{}", tables::runs(status, timezone, screen))?;
    }
    let watches = &status.watches;
    if watches.active + watches.unsent.len() > 0 {
        let (active, huts) =
            (pluralize(watches.active, "active watch"), pluralize(watches.huts, "hut"));
        let since =
            watches.oldest_pending.map(|at| format!(", the oldest made {}", age(at, status.at)));
        let pending = pluralize(watches.pending, "message");
        writeln!(
            out,
            "\nwatches       {active} of {huts}; {pending} to be sent{}",
            since.unwrap_or_default()
        )?;
        for message in &watches.unsent {
            let DeliveryFields { watch, channel, state, attempts, .. } = message;
            let error = tables::shortened(message.last_error.as_deref());
            let attempts = pluralize(attempts.unsigned_abs() as usize, "attempt");
            writeln!(
                out,
                "  {} to {}: {state} after {attempts}: {error}",
                visible(watch),
                visible(channel)
            )?;
        }
    }
    if status.failing.is_empty() {
        return writeln!(out, "\nno failing huts");
    }
    let failing = pluralize(status.failing.len(), "failing hut");
    writeln!(out, "\n{failing}:\n{}", tables::failing(status, screen))
}

/// CSV with a line for each failing hut.
#[must_use]
pub fn csv(status: &Status) -> String {
    let columns = [
        "slug",
        "organization",
        "consecutive_failures",
        "failing_since",
        "last_success",
        "last_error",
    ];
    to_csv(&columns, status.failing.iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::Reason;
    use crate::query::polling::Polling;
    use crate::query::run_log::{Run, RunDates, RunHuts};
    use crate::query::status::{Database, Failing, Huts, Tier};
    use crate::terminal::sample::{coloured, now};
    use chrono::{DateTime, TimeDelta, Utc};

    /// A run with its end and exit status; without them, the run is still running.
    fn run(started_at: DateTime<Utc>, end: Option<(DateTime<Utc>, i16)>) -> Run {
        let failed = end.map_or(0, |(_, exit_status)| exit_status.into());
        Run {
            started_at,
            finished_at: end.map(|(at, _)| at),
            mode: "due".into(),
            host: "update-29\x1b[7m".into(),
            huts: RunHuts { selected: 14, updated: 14 - failed, failed, skipped: 0 },
            dates: RunDates { created: 2, changed: 40, unchanged: 4000, dropped_out: 14 },
            history_entries: 42,
            exit_status: end.map(|(_, exit_status)| exit_status),
            interrupted: false,
            is_running: end.is_none(),
        }
    }

    fn status() -> Status {
        let ago = |minutes| now() - TimeDelta::minutes(minutes);
        Status {
            at: now(),
            database: Database {
                kind: "sqlite",
                url: "sqlite://huts.db".into(),
                size_bytes: 12_345_678,
            },
            huts: Huts { followed: 24, taken_over: 0, not_followed: 2, inactive: 1 },
            tiers: vec![
                Tier { tier: Reason::High, huts: 14, overdue: 3, overdue_since: Some(ago(190)) },
                Tier { tier: Reason::New, huts: 1, overdue: 1, overdue_since: None },
                Tier { tier: Reason::Low, huts: 9, overdue: 0, overdue_since: None },
            ],
            polling: Polling::default(),
            last_success: Some(ago(27)),
            checked_in_future: 0,
            runs: vec![
                run(ago(0), None),
                run(ago(28), Some((ago(27), 1))),
                run(ago(58), Some((ago(57), 0))),
            ],
            watches: crate::query::status::Watches::default(),
            failing: vec![Failing {
                slug: "taellihuette".into(),
                organization: "hrs".into(),
                consecutive_failures: 4,
                failing_since: Some(ago(300)),
                last_success: None,
                last_error: Some("malformed: \x1b[31mexpected value\nat line 1".into()),
            }],
        }
    }

    fn rendered(status: &Status, screen: Screen) -> String {
        text(status, chrono_tz::Europe::Zurich, screen)
    }

    #[test]
    fn the_status_has_huts_tiers_runs_and_failing_huts() {
        insta::assert_snapshot!(rendered(&status(), Screen::PLAIN), @r#"
        database      sqlite://huts.db, 11.77 MiB
        huts          24 polled, 2 without a booking site, 1 inactive
        last success  Tue 30 Jun 2026 13:33 CEST (27 minutes ago)

         TIER  HUTS  OVERDUE  SINCE
         high    14        3  3 hours ago
         new      1        1
         low      9        0

         LAST RUNS                              TOOK      HUTS  FAILED  CHANGES  RESULT            HOST
         2026-06-30 14:00 CEST  just now                    14       0       42  running           update-29\u{1b}[7m
         2026-06-30 13:32 CEST  28 minutes ago  1 minute    14       1       42  some huts failed  update-29\u{1b}[7m
         2026-06-30 13:02 CEST  58 minutes ago  1 minute    14       0       42  succeeded         update-29\u{1b}[7m

        1 failing hut:
         HUT           SITE  FAILURES  SINCE        LAST SUCCESS  LAST ERROR
         taellihuette  hrs          4  5 hours ago  never         malformed: \u{1b}[31mexpected value\nat line 1
        "#);
    }

    #[test]
    fn problems_are_red_on_a_terminal_with_colours() {
        let rendered = rendered(&status(), coloured(None)).replace('\x1b', "^");
        insta::assert_snapshot!(rendered, @r#"
        database      sqlite://huts.db, 11.77 MiB
        huts          24 polled, 2 without a booking site, 1 inactive
        last success  Tue 30 Jun 2026 13:33 CEST (27 minutes ago)

         TIER  HUTS  OVERDUE  SINCE
         high    14 ^[38;5;9m       3 ^[39m 3 hours ago
         new      1 ^[38;5;9m       1 ^[39m
         low      9        0

         LAST RUNS                              TOOK      HUTS  FAILED  CHANGES  RESULT            HOST
         2026-06-30 14:00 CEST  just now                    14       0       42  running           update-29\u{1b}[7m
         2026-06-30 13:32 CEST  28 minutes ago  1 minute    14 ^[38;5;9m      1 ^[39m      42 ^[38;5;9m some huts failed ^[39m update-29\u{1b}[7m
         2026-06-30 13:02 CEST  58 minutes ago  1 minute    14       0       42  succeeded         update-29\u{1b}[7m

        1 failing hut:
         HUT           SITE  FAILURES  SINCE        LAST SUCCESS  LAST ERROR
         taellihuette  hrs  ^[38;5;9m        4 ^[39m 5 hours ago  never         malformed: \u{1b}[31mexpected value\nat line 1
        "#);
    }

    #[test]
    fn an_empty_database_has_a_status() {
        let status = Status {
            huts: Huts::default(),
            tiers: Vec::new(),
            last_success: None,
            runs: Vec::new(),
            failing: Vec::new(),
            watches: crate::query::status::Watches::default(),
            ..status()
        };
        insta::assert_snapshot!(rendered(&status, Screen::PLAIN), @r"
        database      sqlite://huts.db, 11.77 MiB
        huts          0 polled, 0 without a booking site, 0 inactive
        last success  never

         TIER  HUTS  OVERDUE  SINCE

        no failing huts
        ");
    }

    #[test]
    fn the_csv_has_a_line_for_each_failing_hut() {
        insta::assert_snapshot!(csv(&status()).replace('\x1b', "^"), @r#"
        slug,organization,consecutive_failures,failing_since,last_success,last_error
        taellihuette,hrs,4,2026-06-30T07:00:00Z,,"malformed: ^[31mexpected value
        at line 1"
        "#);
    }

    #[test]
    fn the_json_has_every_field() {
        insta::assert_snapshot!(crate::terminal::data::to_json(&status()), @r#"{"at":"2026-06-30T12:00:00Z","database":{"kind":"sqlite","url":"sqlite://huts.db","size_bytes":12345678},"huts":{"followed":24,"taken_over":0,"not_followed":2,"inactive":1},"tiers":[{"tier":"high","huts":14,"overdue":3,"overdue_since":"2026-06-30T08:50:00Z"},{"tier":"new","huts":1,"overdue":1,"overdue_since":null},{"tier":"low","huts":9,"overdue":0,"overdue_since":null}],"polling":{"schedule":"","budget":null,"expected_true":null,"expected_true_mean":null,"stalest":[]},"last_success":"2026-06-30T11:33:00Z","checked_in_future":0,"runs":[{"started_at":"2026-06-30T12:00:00Z","finished_at":null,"mode":"due","host":"update-29\u001b[7m","huts":{"selected":14,"updated":14,"failed":0,"skipped":0},"dates":{"created":2,"changed":40,"unchanged":4000,"dropped_out":14},"history_entries":42,"exit_status":null,"interrupted":false,"is_running":true},{"started_at":"2026-06-30T11:32:00Z","finished_at":"2026-06-30T11:33:00Z","mode":"due","host":"update-29\u001b[7m","huts":{"selected":14,"updated":13,"failed":1,"skipped":0},"dates":{"created":2,"changed":40,"unchanged":4000,"dropped_out":14},"history_entries":42,"exit_status":1,"interrupted":false,"is_running":false},{"started_at":"2026-06-30T11:02:00Z","finished_at":"2026-06-30T11:03:00Z","mode":"due","host":"update-29\u001b[7m","huts":{"selected":14,"updated":14,"failed":0,"skipped":0},"dates":{"created":2,"changed":40,"unchanged":4000,"dropped_out":14},"history_entries":42,"exit_status":0,"interrupted":false,"is_running":false}],"failing":[{"slug":"taellihuette","organization":"hrs","consecutive_failures":4,"failing_since":"2026-06-30T07:00:00Z","last_success":null,"last_error":"malformed: \u001b[31mexpected value\nat line 1"}],"watches":{"active":0,"huts":0,"pending":0,"oldest_pending":null,"unsent":[]}}"#);
    }
}
