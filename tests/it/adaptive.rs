//! The adaptive schedule with real runs: the budget, also after a kill and between pods, what is learnt of each hut, and
//! what is said of it. How well it does is measured by replays.

use std::time::Duration;

use hut_availability::simulate::faults::Faults;
use serde_json::Value;

use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::{TestDatabase, execute, lines, number};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, hut_availability, run, update_availability};
use crate::support::random::{count, is_skipped_as_long};
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

const ADAPTIVE: [&str; 4] = ["--schedule", "adaptive", "--days", "30"];

fn update(database: &TestDatabase, site: &TestSite, as_of: &str, args: &[&str]) -> Value {
    let ran = site.update(database, as_of, &[&ADAPTIVE[..], args].concat());
    assert_eq!(ran.status, 0, "{ran:?}");
    ran.json()
}

/// The output of `hut-availability` with the adaptive schedule at an instant.
fn shown(database: &TestDatabase, as_of: &str, args: &[&str]) -> RunOutput {
    let mut command = hut_availability();
    command.args(args).args(["--schedule", "adaptive", "--as-of", as_of]);
    let ran = run(command.args(["--database-url", &database.url]));
    assert_eq!(ran.status, 0, "{ran:?}");
    ran
}

fn status(database: &TestDatabase, as_of: &str, args: &[&str]) -> Value {
    shown(database, as_of, &[&["status", "--output", "json"], args].concat()).json()
}

fn updated(report: &Value) -> u64 {
    report["huts"]["updated"].as_u64().unwrap()
}

/// The instant some minutes after 10:00 UTC on 1 July.
fn after(minutes: i64) -> String {
    let start: chrono::DateTime<chrono::Utc> = "2026-07-01T10:00:00Z".parse().unwrap();
    (start + chrono::TimeDelta::minutes(minutes)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

on_both_databases! {
    /// Six huts at four checks a day: all of them at once in the first run, then one every hour.
    fn a_day_has_its_budget_and_no_hut_is_left_out(database) {
        drop(database.with_huts(6));
        let site = TestSite::with_huts(6);
        let runs = (0..40).map(|number| update(database, &site, &after(number * 30), &[]));
        let runs: Vec<Value> = runs.collect();
        let counts: Vec<u64> = runs.iter().map(updated).collect();
        assert_eq!((counts[0], counts[1]), (6, 0), "{counts:?}");
        // The first runs are made up for in five hours. From then on a check accrues every hour; fourteen hours later
        // the day ends, in the huts' time zone.
        assert_eq!(counts[..24].iter().sum::<u64>(), 6 + 6, "{counts:?}");
        assert!(counts[1..].iter().all(|count| *count <= 2), "{counts:?}");
        let reasons: Vec<&str> = runs
            .iter()
            .flat_map(|run| run["results"].as_array().unwrap())
            .map(|hut| hut["reason"].as_str().unwrap())
            .collect();
        assert!(reasons[..6].iter().all(|reason| *reason == "new"), "{reasons:?}");
        assert!(reasons[6..].iter().all(|reason| *reason == "adaptive"), "{reasons:?}");
        let polled = "SELECT count(*) AS number FROM hut_check WHERE last_success > '2026-07-01T15:00:00.000000Z'";
        assert_eq!(number(&mut database.open(), polled), 6, "each hut again");
        let said = status(database, &after(20 * 60), &[]);
        assert_eq!(said["polling"]["budget"]["per_day"], 24.0, "{said}");
        assert_invariants(&mut database.open());
    }

    /// What a hut has shown is stored by the one UPDATE of its check.
    fn a_check_keeps_what_it_saw_change(database) {
        drop(database.with_huts(2));
        let site = TestSite::with_huts(2);
        let rates = || {
            let columns = "rate_nights || ' ' || rate_interest || ' ' || round(CAST(rate_hours AS numeric), 3)";
            lines(&mut database.open(), &format!("SELECT {columns} AS line FROM hut_check ORDER BY hut_id"))
        };
        update(database, &site, &after(0), &["--all"]);
        assert_eq!(rates(), ["0 0 0.000", "0 0 0.000"].map(|zero| match database.is_sqlite() {
            true => zero.replace("0 0 0.000", "0.0 0.0 0.0"),
            false => zero.to_owned(),
        }));
        // The site shows the same in the second check, and other nights than were stored in the third one.
        update(database, &site, &after(60), &["--all"]);
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut_check WHERE rate_hours > 0.99 AND rate_nights = 0"), 2);
        execute(&mut database.open(), "UPDATE availability SET free = 3, total = 40 WHERE hut_id = 1 AND availability_date < '2026-07-05' AND free <> 3");
        execute(&mut database.open(), "UPDATE hut_check SET content_digest = NULL");
        database.allow_violations("rows are changed without a history, so that a check finds a change");
        let report = update(database, &site, &after(120), &["--all"]);
        let hut = report["results"].as_array().unwrap().iter().find(|hut| hut["hut"] == "hut-1").unwrap();
        let changed = hut["changed"].as_u64().unwrap();
        assert!(changed > 0);
        let seen = format!("SELECT count(*) AS number FROM hut_check WHERE hut_id = 1 AND rate_nights = {changed} AND rate_interest >= {changed} AND rate_hours > 1.9");
        assert_eq!(number(&mut database.open(), &seen), 1, "{:?}", rates());
    }

    /// The checks that a killed run has stored count as spent, and those that it only planned do not.
    fn a_killed_run_has_spent_what_it_stored(database) {
        drop(database.with_huts(8));
        let site = TestSite::with_huts(8);
        site.set_now(after(0).parse().unwrap());
        site.fake_site.set_faults(Faults { latency: Duration::from_millis(100), ..Faults::none() });
        let mut command = site.update_command(&database.url);
        command.args(["--as-of", &after(0), "--request-interval", "0.5", "--lease", "900"]);
        let mut running = Running::start(command.args(ADAPTIVE));
        let stored = || number(&mut database.open(), "SELECT count(*) AS number FROM hut_check");
        wait_until("checks that are stored", || stored() >= 3);
        let spent = || status(database, &after(1), &[])["polling"]["budget"]["spent_today"].as_u64().unwrap();
        assert_eq!(spent(), 8, "a live run has taken what it plans");
        assert!(running.kill());
        execute(&mut database.open(), "DELETE FROM lease");
        assert_eq!(spent(), stored().unsigned_abs());
        site.fake_site.set_faults(Faults::none());
        // The next run settles the account, so that later checks of the same huts do not change it.
        let before = stored();
        // By then eleven checks have accrued, enough for all huts.
        assert_eq!(updated(&update(database, &site, &after(600), &[])), 8);
        let settled = format!("SELECT count(*) AS number FROM update_run WHERE budget_spent = {before} AND finished_at IS NULL");
        assert_eq!(number(&mut database.open(), &settled), 1);
        assert_eq!(status(database, &after(601), &[])["polling"]["budget"]["spent_today"], before + 8);
    }

    /// Pods that start at the same time share one budget.
    fn runs_at_the_same_time_share_the_budget(database) {
        drop(database.with_huts(12));
        let site = TestSite::with_huts(12);
        site.set_now(after(0).parse().unwrap());
        let start = |_| {
            let mut command = site.update_command(&database.url);
            command.args(["--as-of", &after(0), "--checks-per-day", "2"]).args(ADAPTIVE);
            Running::start(&mut command)
        };
        // Of 24 checks a day, the first run may spend the twelve that no hut needs, and new huts get half of them.
        let reports: Vec<Value> = [0, 1, 2].map(start).map(|run| run.end().json()).into();
        assert_eq!(reports.iter().map(updated).sum::<u64>(), 6, "{reports:?}");
        assert_invariants(&mut database.open());
    }

    fn watched_huts_have_a_budget_of_their_own(database) {
        drop(database.with_huts(3));
        let site = TestSite::with_huts(3);
        assert_eq!(updated(&update(database, &site, &after(0), &[])), 3);
        let directory = tempfile::tempdir().unwrap();
        let channels = directory.path().join("channels.toml");
        std::fs::write(&channels, "[channels.me]\nkind = \"ntfy\"\nurl = \"http://127.0.0.1:9/x\"\n").unwrap();
        let mut command = hut_availability();
        command.args(["watches", "add", "july", "--hut", "hut-2", "--from", "2026-07-10", "--to", "2026-07-20", "--notify", "me", "--quiet-start"]);
        command.args(["--channels", channels.to_str().unwrap(), "--as-of", &after(1), "--database-url", &database.url]);
        let added = run(&mut command);
        assert_eq!(added.status, 0, "{added:?}");
        for minutes in [30, 60] {
            let report = update(database, &site, &after(minutes), &[]);
            let results = report["results"].as_array().unwrap();
            assert_eq!((results.len(), &results[0]["hut"], &results[0]["reason"]), (1, &"hut-2".into(), &"watched".into()));
        }
        assert_eq!(status(database, &after(61), &[])["polling"]["budget"]["spent_today"], 3);
    }

    fn a_site_that_wants_a_pause_is_not_selected(database) {
        drop(database.with_huts(2));
        let site = TestSite::with_huts(2);
        execute(&mut database.open(), "INSERT INTO site_pace (organization, next_request, paused_until) VALUES ('hrs', '2026-07-01T10:00:00.000000Z', '2026-07-01T12:00:00.000000Z')");
        assert_eq!(update(database, &site, &after(60), &[])["huts"]["selected"], 0);
        assert_eq!(update(database, &site, &after(121), &["--dry-run=plan"])["huts"]["selected"], 2);
    }

    fn commands_say_why_a_hut_is_polled_and_when(database) {
        drop(database.with_huts(4));
        let site = TestSite::with_huts(4);
        update(database, &site, &after(0), &[]);
        let text = shown(database, &after(60), &["status"]).stdout;
        assert!(text.contains("budget        16 checks a day, 4 spent today, 0 available now"), "{text}");
        assert!(text.contains("% of the open nights are expected to be as stored"), "{text}");
        assert!(text.contains("STALEST HUTS") && text.contains("hut-3"), "{text}");
        let said = status(database, &after(60), &["--checks-per-day", "0.5"]);
        let budget = &said["polling"]["budget"];
        assert_eq!((&budget["needed_per_day"], &budget["needed_per_hut"]), (&4.0.into(), &1.0.into()), "{said}");
        let text = shown(database, &after(60), &["status", "--checks-per-day", "0.5"]).stdout;
        assert!(text.contains("the longest intervals need 4: raise --checks-per-day to 1.00 or more"), "{text}");
        let hut = shown(database, &after(60), &["huts", "show", "hut-1"]).stdout;
        assert!(hut.contains("changed nights a day") && hut.contains("due               in 1 hour 58 minutes (adaptive, every 6 hours)"), "{hut}");
        let hut = shown(database, &after(60), &["huts", "show", "hut-1", "--output", "json"]).json();
        assert_eq!((&hut["polling"]["reason"], &hut["polling"]["interval_seconds"]), (&"adaptive".into(), &21_600.into()));
        let mut plan = update_availability();
        plan.args(["--database-url", &database.url, "--as-of", &after(500), "--dry-run=plan"]).args(ADAPTIVE);
        let plan = run(&mut plan).stdout;
        assert!(plan.contains("(adaptive), then again in 6 hours unless it changes"), "{plan}");
        let small = site.update(database, &after(500), &[&ADAPTIVE[..], &["--checks-per-day", "0.25"]].concat());
        assert!(small.stderr.contains("raise --checks-per-day to 1.00 or more"), "{small:?}");
    }

    fn the_metrics_have_the_budget_and_what_is_expected(database) {
        drop(database.with_huts(3));
        let site = TestSite::with_huts(3);
        let file = tempfile::NamedTempFile::new().unwrap();
        site.set_now(after(0).parse().unwrap());
        let mut command = site.update_command(&database.url);
        command.args(["--as-of", &after(0)]).args(ADAPTIVE).env("AVAILABILITY_METRICS_FILE", file.path());
        assert_eq!(run(&mut command).status, 0);
        let metrics = std::fs::read_to_string(file.path()).unwrap();
        for line in [
            "hut_availability_run_budget_checks_per_day 12.0",
            "hut_availability_run_budget_checks_spent_today 3.0",
            "hut_availability_run_budget_checks_needed_per_day 3.0",
            "hut_availability_run_expected_true_ratio 1.0",
        ] {
            assert!(metrics.contains(line), "{line}: {metrics}");
        }
        assert!(metrics.contains("hut_availability_run_expected_true_mean_ratio 0.9"), "{metrics}");
        assert!(!metrics.contains("stalest_high_tier"), "its huts have no interval of their own: {metrics}");
    }
}

/// `replay` with the adaptive schedule on the captured days.
fn replayed(file: &str, args: &[&str]) -> Option<Value> {
    let path = captured_data()?.join(file);
    let mut command = hut_availability();
    command.args(["replay", "--captures", path.to_str().unwrap(), "--output", "json"]);
    let ran = run(command.args(args));
    assert_eq!(ran.status, 0, "{ran:?}");
    Some(ran.json())
}

/// Without `HUT_FAULTS=full`, with the smaller budget only.
#[test]
fn replays_of_the_captured_spring_reach_what_was_promised() {
    let promised = [("4", 0.975, 0.97, 3.6), ("8", 0.988, 0.985, 2.0)];
    for (budget, open, weighted, freed) in promised.into_iter().take(count(1, 2) as usize) {
        let args =
            ["--schedule", "adaptive", "--checks-per-day", budget, "--copies", "6", "--seeds", "2"];
        let Some(report) = replayed("hut-reservation-snapshots.csv.gz", &args) else { return };
        let result = &report["schedules"][0];
        let value = |key: &str| result[key].as_f64().unwrap();
        assert!(value("open_true") >= open && value("weighted_true") >= weighted, "{result}");
        assert!(value("freed_seen_hours_mean") <= freed, "{result}");
        assert!(value("worst_day_over_budget") <= 0.05, "{result}");
        assert!(value("checks_per_hut_day") <= budget.parse::<f64>().unwrap() * 1.01, "{result}");
        assert!(value("longest_interval_hours") <= 24.5, "{result}");
        assert!(value("shortest_interval_hours") >= 28.0 / 60.0, "{result}");
        assert!((value("expected_true") - value("open_true")).abs() < 0.005, "{result}");
        assert!((value("forecast_ratio") - 1.0).abs() < 0.1, "{result}");
    }
}

#[test]
fn replays_of_the_captured_summer_need_a_fifth_fewer_checks_than_tiers() {
    if is_skipped_as_long("the replay of the captured summer") {
        return;
    }
    let days = ["--to", "2025-09-05", "--seeds", "1"];
    let tiers = replayed("ffcam-snapshots.csv.gz", &[&days[..], &["--schedule", "tiers"]].concat());
    let Some(tiers) = tiers else { return };
    let tiers = &tiers["schedules"][0];
    let checks = tiers["checks_per_hut_day"].as_f64().unwrap();
    let budget = format!("{:.1}", checks * 0.8);
    let adaptive = ["--schedule", "adaptive", "--checks-per-day", &budget];
    let adaptive = replayed("ffcam-snapshots.csv.gz", &[&days[..], &adaptive].concat()).unwrap();
    let weighted = |result: &Value| result["weighted_true"].as_f64().unwrap();
    assert!(weighted(&adaptive["schedules"][0]) >= weighted(tiers), "{adaptive} {tiers}");
}

on_both_databases! {
    /// An operator replays the history of their own huts.
    fn the_history_of_a_database_can_be_replayed(database) {
        drop(database.with_huts(2));
        let site = TestSite::with_huts(2);
        for day in 0..4 {
            site.update(database, &after(day * 24 * 60), &["--all", "--days", "40"]);
        }
        let mut command = hut_availability();
        command.args(["replay", "--from", "2026-07-02", "--to", "2026-07-05", "--seeds", "2", "--database-url", &database.url]);
        let ran = run(&mut command);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.stdout.contains("TIERS   EVEN 4  ADAPTIVE 4"), "{ran:?}");
        let mut command = hut_availability();
        command.args(["replay", "--from", "2020-07-02", "--to", "2020-07-05", "--database-url", &database.url]);
        let ran = run(&mut command);
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains("has a history from 2020-07-02 to 2020-07-05: give other days with --from and --to"), "{ran:?}");
    }
}
