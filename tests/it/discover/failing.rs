//! Sites that fail sometimes or always.

use std::time::Duration;

use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;

use super::{HRS, TWO_SITES, demo_site, discover_at, outcome};
use crate::on_both_databases;
use crate::support::database::number;
use crate::support::program::{discover, run};
use crate::support::site::TestSite;

on_both_databases! {
    fn a_failing_site_is_abandoned_and_the_other_goes_on(database) {
        let dead = TestSite::with_huts(40);
        dead.fake_site.set_faults(Faults::always(Fault::ServerError));
        let alive = demo_site();
        let mut command = discover(&alive.fake_site.url(), database);
        command.args(TWO_SITES);
        command.args(["--source-url", &format!("hrs={}", dead.fake_site.url()), "--output", "json"]);
        let ran = run(command.args(["--request-interval", "0", "--retries", "0", "--max-in-flight", "4"]));
        assert_eq!((ran.status, outcome(&ran, "huetten-holiday", "added")), (1, 24), "{ran:?}");
        assert!(dead.fake_site.requests() <= 5 + 4, "{} requests", dead.fake_site.requests());
        let both = discover_at(&dead, database, &[]);
        assert_eq!(both.status, 2, "no hut was found: {both:?}");
        assert!(both.stderr.contains("hrs: ID 1 failed: http_status: HTTP 500"), "{}", both.stderr);
        let inactive = "SELECT count(*) AS number FROM hut WHERE NOT is_active";
        assert_eq!(number(&mut database.open(), inactive), 0, "a failed request does not mean that a hut is gone");
    }

    /// Each kind of failure now and then. Failures are reported, and the next discovery asks for the failed
    /// IDs again.
    fn a_discovery_continues_after_failed_steps(database) {
        let site = TestSite::with_huts(40);
        let kinds = vec![Fault::Html, Fault::Truncated, Fault::WrongType, Fault::TooLarge, Fault::Empty];
        site.fake_site.set_faults(Faults { error_rate: 0.3, kinds, ..Faults::none() });
        // One ID after the other: the order of the failures decides whether the discovery abandons the site.
        let some = discover_at(&site, database, &[&HRS[..], &["--max-in-flight", "1"]].concat());
        let failures = some.json()["sites"][0]["failures"].as_array().unwrap().len() as u64;
        assert_eq!((some.status, outcome(&some, "hrs", "added")), (1, 40 - failures), "{some:?}");
        assert!((4..=24).contains(&failures), "{failures}");
        site.fake_site.set_faults(Faults::none());
        let rest = discover_at(&site, database, &HRS);
        assert_eq!((rest.status, outcome(&rest, "hrs", "added")), (0, failures));
    }

    /// After five failures in a row, the site is not asked for hundreds of further huts.
    fn a_site_that_always_fails_is_abandoned(database) {
        for fault in [Fault::Html, Fault::RateLimit, Fault::Forbidden, Fault::Truncated] {
            let site = TestSite::with_huts(40);
            site.fake_site.set_faults(Faults { retry_after: Duration::ZERO, ..Faults::always(fault) });
            let ran = discover_at(&site, database, &["--organization", "hrs", "--fresh", "--max-in-flight", "4"]);
            assert_eq!(ran.status, 2, "{ran:?}");
            assert!(site.fake_site.requests() <= 5 + 4, "{fault:?}: {} requests", site.fake_site.requests());
            let left = &ran.json()["sites"][0]["left"]["message"];
            assert!(left.as_str().unwrap().contains("5 steps in a row failed"), "{left}");
        }
    }
}
