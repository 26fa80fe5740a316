//! A site that is down has two lines on stderr for each kind of failure, and not one for each hut.

use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::port::unused_port;
use crate::support::program::{RunOutput, hut_availability, run, update_availability};
use crate::support::site::TestSite;

const HUTS: usize = 40;

/// Checks all huts, whose failures are lines on stderr.
fn update(database: &TestDatabase, site: &str, args: &[&str]) -> RunOutput {
    let source = format!("hrs={site}");
    let run_of = [
        "--all",
        "--request-interval",
        "0",
        "--source-url",
        &source,
        "--database-url",
        &database.url,
    ];
    run(update_availability().args(run_of).args(args))
}

fn count(ran: &RunOutput, text: &str) -> usize {
    ran.stderr.lines().filter(|line| line.contains(text)).count()
}

/// An address at which nothing listens.
fn nobody() -> String {
    format!("http://127.0.0.1:{}", unused_port())
}

on_both_databases! {
    fn failures_of_one_kind_have_two_lines(database) {
        drop(database.with_huts(HUTS));
        // The site knows one hut.
        let site = TestSite::with_huts(1);
        let ran = update(database, site.fake_site.url().as_str(), &["--retries", "0"]);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert_eq!(count(&ran, ": failed: unknown_hut:"), 1, "{ran:?}");
        let lines: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("not checked")).collect();
        let [line] = lines[..] else { panic!("{ran:?}") };
        assert!(line.starts_with("hrs: 39 huts not checked: unknown_hut: the site does not know the hut"), "{line}");
        let (_, first) = line.split_once("(first: ").unwrap();
        assert_eq!(first.split(", ").count(), 3, "{line}");
        // The report has them all.
        assert_eq!(ran.stdout.lines().filter(|line| line.contains("unknown_hut")).count(), 39);
        let verbose = update(database, site.fake_site.url().as_str(), &["--retries", "0", "--verbose"]);
        assert_eq!(count(&verbose, ": failed: unknown_hut:"), 39, "{verbose:?}");
        let json = update(database, site.fake_site.url().as_str(), &["--retries", "0", "--log-format", "json"]);
        assert_eq!(count(&json, "\"hut failed\""), 39, "a log for programs has each hut");
    }

    fn retries_of_one_kind_have_one_warning(database) {
        drop(database.with_huts(HUTS));
        let ran = update(database, &nobody(), &["--retries", "1"]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert_eq!(count(&ran, "trying again"), 1, "{ran:?}");
        assert!(count(&ran, "connect:") <= 4, "{ran:?}");
        let site = TestSite::with_huts(40);
        let faults = Faults { error_rate: 0.5, kinds: vec![Fault::ServerError], ..Faults::none() };
        site.fake_site.set_faults(faults);
        let flapping = update(database, site.fake_site.url().as_str(), &["--retries", "3"]);
        assert_eq!(count(&flapping, "trying again"), 1, "{flapping:?}");
    }

    fn failed_steps_of_a_discovery_have_two_lines(database) {
        let site = TestSite::with_huts(40);
        let faults = Faults { error_rate: 0.5, kinds: vec![Fault::ServerError], ..Faults::none() };
        site.fake_site.set_faults(faults);
        let source = format!("hrs={}", site.fake_site.url());
        let ran = run(hut_availability().args(["huts", "discover", "--organization", "hrs", "--max-id", "40", "--retries", "0"])
            .args(["--request-interval", "0", "--source-url", &source, "--database-url", &database.url]));
        assert_ne!(ran.status, 0, "{ran:?}");
        assert_eq!(ran.stderr.lines().filter(|line| line.starts_with("hrs: ID ") && line.contains(" failed: ")).count(), 1, "{ran:?}");
        assert_eq!(count(&ran, "IDs failed: http_status: "), 1, "{ran:?}");
    }
}
