//! A site that says by ETags that nothing is new is taken at its word, as far as that goes.

use serde_json::Value;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, history, number};
use crate::support::model::assert_invariants;
use crate::support::program::Ran;
use crate::support::site::TestSite;

/// At an instant here, while the site stands still.
fn update(site: &TestSite, database: &TestDatabase, as_of: &str, args: &[&str]) -> Ran {
    let ran = site.updated(database, as_of, &[&["--all", "--no-progress"], args].concat());
    assert_eq!(ran.status, 0, "{ran:?}");
    ran
}

fn dates(ran: &Ran) -> Value {
    ran.json()["dates"].clone()
}

/// How many answers the site did not send because they are known.
fn unmodified(site: &TestSite) -> usize {
    site.fake_site.not_modified()
}

on_both_databases! {
    fn what_a_site_says_is_known_is_confirmed(database) {
        let mut db = database.with_huts(3);
        let site = TestSite::with_huts(3);
        site.fake_site.give_etags();
        site.set_now("2026-07-01T10:00:00Z".parse().unwrap());
        let first = update(&site, database, "2026-07-01T10:00:00Z", &[]);
        assert_eq!(unmodified(&site), 0);
        let entries = history(&mut db);

        let preview = update(&site, database, "2026-07-01T10:30:00Z", &["--dry-run"]);
        let second = update(&site, database, "2026-07-01T10:30:00Z", &[]);
        assert_eq!(unmodified(&site), 6);
        assert_eq!(dates(&preview), dates(&second));
        assert_eq!(dates(&second)["unchanged"], dates(&first)["created"], "it counts as if it were read");
        let checked = "SELECT count(*) AS number FROM hut_check WHERE last_success = '2026-07-01T10:30:00.000000Z'
            AND last_checked_run = '2026-07-01T10:30:00.000000Z' AND consecutive_failures = 0";
        assert_eq!(number(&mut db, checked), 3);
        assert_eq!(history(&mut db).len(), entries.len());
        assert_invariants(&mut db);

        // Bookings come in: the answers are others.
        site.set_now("2026-07-05T10:00:00Z".parse().unwrap());
        let changed = update(&site, database, "2026-07-05T10:00:00Z", &[]);
        assert_eq!(unmodified(&site), 6);
        assert!(dates(&changed)["changed"].as_u64() > Some(0), "{changed:?}");
    }

    fn to_another_question_an_old_answer_is_none(database) {
        let mut db = database.with_huts(2);
        let site = TestSite::with_huts(2);
        site.fake_site.give_etags();
        site.set_now("2026-07-01T10:00:00Z".parse().unwrap());
        let ask = |as_of: &str, args: &[&str]| update(&site, database, as_of, args);
        ask("2026-07-01T10:00:00Z", &["--days", "30"]);
        let more = ask("2026-07-01T10:30:00Z", &["--days", "60"]);
        assert_eq!((unmodified(&site), dates(&more)["created"].as_u64()), (0, Some(60)));
        // On the next day the same answer means other dates.
        let tomorrow = ask("2026-07-02T10:00:00Z", &["--days", "60"]);
        assert_eq!((unmodified(&site), dates(&tomorrow)["dropped_out"].as_u64()), (0, Some(2)));
        // What a date's hut type is goes by the register.
        ask("2026-07-02T10:30:00Z", &["--days", "60"]);
        assert_eq!(unmodified(&site), 2);
        diesel::connection::SimpleConnection::batch_execute(&mut db, "UPDATE hut SET hut_type_open = 'alp'").unwrap();
        let other = ask("2026-07-02T11:00:00Z", &["--days", "60"]);
        assert_eq!(unmodified(&site), 2);
        assert!(dates(&other)["changed"].as_u64() > Some(60), "{other:?}");
    }
}
