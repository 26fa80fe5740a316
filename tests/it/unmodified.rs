//! A site that answers by ETag that nothing has changed: the answer counts as an unchanged check, where
//! that is safe.

use serde_json::Value;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, history, number};
use crate::support::model::assert_invariants;
use crate::support::program::RunOutput;
use crate::support::site::TestSite;

/// Runs the job as of an instant, while the site's clock stands still.
fn update(site: &TestSite, database: &TestDatabase, as_of: &str, args: &[&str]) -> RunOutput {
    let ran =
        site.update_with_site_clock(database, as_of, &[&["--all", "--no-progress"], args].concat());
    assert_eq!(ran.status, 0, "{ran:?}");
    ran
}

fn dates(ran: &RunOutput) -> Value {
    ran.json()["dates"].clone()
}

/// The number of answers with the status 304 that the site has sent.
fn count_not_modified(site: &TestSite) -> usize {
    site.fake_site.not_modified()
}

on_both_databases! {
    fn an_unmodified_answer_confirms_the_stored_dates(database) {
        let mut db = database.with_huts(3);
        let site = TestSite::with_huts(3);
        site.fake_site.give_etags();
        site.set_now("2026-07-01T10:00:00Z".parse().unwrap());
        let first = update(&site, database, "2026-07-01T10:00:00Z", &[]);
        assert_eq!(count_not_modified(&site), 0);
        let entries = history(&mut db);

        let preview = update(&site, database, "2026-07-01T10:30:00Z", &["--dry-run"]);
        let second = update(&site, database, "2026-07-01T10:30:00Z", &[]);
        assert_eq!(count_not_modified(&site), 6);
        assert_eq!(dates(&preview), dates(&second));
        assert_eq!(dates(&second)["unchanged"], dates(&first)["created"], "every date counts as read and unchanged");
        let checked = "SELECT count(*) AS number FROM hut_check WHERE last_success = '2026-07-01T10:30:00.000000Z'
            AND last_checked_run = '2026-07-01T10:30:00.000000Z' AND consecutive_failures = 0";
        assert_eq!(number(&mut db, checked), 3);
        assert_eq!(history(&mut db).len(), entries.len());
        assert_invariants(&mut db);

        // Bookings arrive, so the site's answers have changed.
        site.set_now("2026-07-05T10:00:00Z".parse().unwrap());
        let changed = update(&site, database, "2026-07-05T10:00:00Z", &[]);
        assert_eq!(count_not_modified(&site), 6);
        assert!(dates(&changed)["changed"].as_u64() > Some(0), "{changed:?}");
    }

    fn an_old_etag_is_not_sent_for_other_dates_or_hut_types(database) {
        let mut db = database.with_huts(2);
        let site = TestSite::with_huts(2);
        site.fake_site.give_etags();
        site.set_now("2026-07-01T10:00:00Z".parse().unwrap());
        let update_again = |as_of: &str, args: &[&str]| update(&site, database, as_of, args);
        update_again("2026-07-01T10:00:00Z", &["--days", "30"]);
        let more = update_again("2026-07-01T10:30:00Z", &["--days", "60"]);
        assert_eq!((count_not_modified(&site), dates(&more)["created"].as_u64()), (0, Some(60)));
        // On the next day, the same answer would mean other dates.
        let tomorrow = update_again("2026-07-02T10:00:00Z", &["--days", "60"]);
        assert_eq!((count_not_modified(&site), dates(&tomorrow)["dropped_out"].as_u64()), (0, Some(2)));
        // The hut type of a date depends on the register.
        update_again("2026-07-02T10:30:00Z", &["--days", "60"]);
        assert_eq!(count_not_modified(&site), 2);
        diesel::connection::SimpleConnection::batch_execute(&mut db, "UPDATE hut SET hut_type_open = 'alp'").unwrap();
        let other = update_again("2026-07-02T11:00:00Z", &["--days", "60"]);
        assert_eq!(count_not_modified(&site), 2);
        assert!(dates(&other)["changed"].as_u64() > Some(60), "{other:?}");
    }

    /// Two servers may give the same ETag to different answers, or know different huts by the same ID.
    fn an_etag_is_sent_only_to_the_address_that_gave_it(database) {
        drop(database.with_huts(2));
        let sites = [(); 2].map(|()| TestSite::with_huts(2));
        for site in &sites {
            site.fake_site.give_etags();
            site.set_now("2026-07-01T10:00:00Z".parse().unwrap());
        }
        let not_modified = || sites.each_ref().map(count_not_modified);
        update(&sites[0], database, "2026-07-01T10:00:00Z", &[]);
        let moved = update(&sites[1], database, "2026-07-01T10:30:00Z", &[]);
        assert_eq!(not_modified(), [0, 0], "the other site gave the ETag");
        assert_eq!((dates(&moved)["created"].as_u64(), dates(&moved)["changed"].as_u64()), (Some(0), Some(0)));
        update(&sites[1], database, "2026-07-01T11:00:00Z", &[]);
        assert_eq!(not_modified(), [0, 2]);
        update(&sites[0], database, "2026-07-01T11:30:00Z", &[]);
        assert_eq!(not_modified(), [0, 2]);
    }

    fn an_etag_that_an_earlier_version_stored_is_not_used(database) {
        let mut db = database.with_huts(2);
        let site = TestSite::with_huts(2);
        site.fake_site.give_etags();
        site.set_now("2026-07-01T10:00:00Z".parse().unwrap());
        update(&site, database, "2026-07-01T10:00:00Z", &[]);
        // It stored the digest of the request, and not that of the address.
        let shorten = "UPDATE hut_check SET asked_digest = substr(asked_digest, 1, 32)";
        diesel::connection::SimpleConnection::batch_execute(&mut db, shorten).unwrap();
        update(&site, database, "2026-07-01T10:30:00Z", &[]);
        assert_eq!(count_not_modified(&site), 0);
        update(&site, database, "2026-07-01T11:00:00Z", &[]);
        assert_eq!(count_not_modified(&site), 2);
    }
}
