//! The view `status`.

use serde_json::json;

use super::{AS_OF, run_view, view, with_checked_huts};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::program::{hut_availability, run};

fn assert_table(status: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(status, @r#"
        huts          3 polled, 0 without a booking site, 1 inactive
        last success  Tue 30 Jun 2026 12:01 CEST (1 hour ago)
        accuracy      94.4 % of the open nights are expected to be as stored, 99.3 % in the mean of a day

         TIER      HUTS  OVERDUE  SINCE
         high         2        2  1 hour ago
         new          1        1  1 hour ago
         medium       0        0
         low          0        0
         inactive     0        0

         STALEST HUTS  AGE      CHANGES A DAY  OPEN NIGHTS  UNTRUE  DUE
         hut-1         2 hours            3.0            4     0.2  now
         hut-2         2 hours            1.2            2     0.1  now

         LAST RUNS                           TOOK       HUTS  FAILED  CHANGES  RESULT            HOST
         2026-06-30 12:00 CEST  2 hours ago  3 minutes     3       1       12  some huts failed  update-1

        1 failing hut:
         HUT    SITE  FAILURES  SINCE        LAST SUCCESS  LAST ERROR
         hut-3  hrs          2  3 hours ago  never         timeout: no answer\nwithin 30 s
        "#);
    }
}

fn assert_csv(status: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(status, @r#"
        slug,organization,consecutive_failures,failing_since,last_success,last_error
        hut-3,hrs,2,2026-06-30T08:01:00Z,,"timeout: no answer
        within 30 s"
        "#);
    }
}

/// The tiers with huts, as name, number of huts and number of overdue huts.
fn overdue(database: &TestDatabase, args: &[&str]) -> Vec<(String, u64, u64)> {
    let status = run_view(database, &[&["status", "--output", "json"], args].concat()).json();
    let count = |tier: &serde_json::Value, field: &str| tier[field].as_u64().unwrap();
    let tiers = status["tiers"].as_array().unwrap().iter();
    tiers
        .map(|tier| {
            (tier["tier"].as_str().unwrap().to_owned(), count(tier, "huts"), count(tier, "overdue"))
        })
        .filter(|(_, huts, _)| *huts > 0)
        .collect()
}

on_both_databases! {
    fn the_status_shows_tiers_runs_and_failures(database) {
        drop(with_checked_huts(database));
        let status = view(database, &["status"]);
        let (first, rest) = status.split_once('\n').unwrap();
        let kind = if database.is_sqlite() { "sqlite://" } else { "postgres://" };
        assert!(first.starts_with(&format!("database      {kind}")) && first.contains("iB"), "{first}");
        assert_table(rest);
        assert_csv(&view(database, &["status", "--output", "csv"]));
    }

    fn the_json_has_the_same_data(database) {
        drop(with_checked_huts(database));
        let status = run_view(database, &["status", "--output", "json"]).json();
        assert_eq!(status["at"], AS_OF);
        assert_eq!(status["huts"], json!({"followed": 3, "taken_over": 0, "not_followed": 0, "inactive": 1}));
        assert_eq!(status["last_success"], "2026-06-30T10:01:00Z");
        assert_eq!(status["runs"], json!([{
            "started_at": "2026-06-30T10:00:00Z",
            "finished_at": "2026-06-30T10:03:00Z",
            "mode": "due",
            "host": "update-1",
            "huts": {"selected": 3, "updated": 2, "failed": 1, "skipped": 0},
            "dates": {"created": 0, "changed": 12, "unchanged": 0, "dropped_out": 0},
            "history_entries": 12,
            "exit_status": 1,
            "interrupted": false,
            "is_running": false,
        }]));
        assert_eq!(status["failing"][0]["slug"], "hut-3");
        assert_eq!(status["failing"][0]["failing_since"], "2026-06-30T08:01:00Z");
        let kind = if database.is_sqlite() { "sqlite" } else { "postgres" };
        assert_eq!(status["database"]["kind"], kind);
        assert!(status["database"]["size_bytes"].as_i64().unwrap() > 50_000, "{status}");
    }

    fn overdue_huts_are_counted_by_the_intervals_of_the_job(database) {
        drop(with_checked_huts(database));
        let tier = |tier: &str, huts, overdue| (tier.to_owned(), huts, overdue);
        assert_eq!(overdue(database, &[]), [tier("high", 2, 2), tier("new", 1, 1)]);
        let four_hours = ["--high-priority-minutes", "240"];
        assert_eq!(overdue(database, &four_hours), [tier("high", 2, 0), tier("new", 1, 1)]);
        // No data are stored for today, but for later dates.
        let today = ["--next-days", "0"];
        assert_eq!(overdue(database, &today), [tier("new", 1, 1), tier("low", 2, 0)]);
        let ran = run(hut_availability()
            .args(["status", "--output", "json", "--as-of", AS_OF, "--database-url", &database.url])
            .env("AVAILABILITY_HIGH_PRIORITY_MINUTES", "240"));
        assert_eq!(ran.json()["tiers"][0]["overdue"], 0);
    }

    fn the_status_without_huts_says_how_to_add_some(database) {
        let ran = run_view(database, &["status"]);
        assert_eq!(ran.status, 0);
        assert!(ran.stderr.contains("no huts yet: `hut-availability huts discover`"), "{ran:?}");
    }
}
