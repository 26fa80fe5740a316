//! Wrong clocks of the site, the machine and the database.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::lease::claim_huts;
use hut_availability::db::schema::{lease, site_pace};
use hut_availability::db::timestamp::Timestamp as Stored;
use hut_availability::db::{request_slots, update_run};
use hut_availability::domain::lease::{ClaimRequest, LastTry};
use hut_availability::domain::run::Mode;

use crate::on_both_databases;
use crate::support::database::{current, number};
use crate::support::model::assert_invariants;
use crate::support::program::{hut_availability, run};
use crate::support::running::Running;
use crate::support::site::TestSite;

/// Moves the shared leases and request slots into the future, as if the clock had been set back since.
fn set_back(db: &mut Db, time: TimeDelta) {
    let then: Stored = (Utc::now() + time).into();
    let end: Stored = (Utc::now() + time + TimeDelta::seconds(60)).into();
    diesel::update(lease::table)
        .set((lease::renewed_at.eq(then), lease::expires_at.eq(end)))
        .execute(db)
        .unwrap();
    diesel::update(site_pace::table)
        .set((site_pace::next_request.eq(end), site_pace::paused_until.eq(Some(end))))
        .execute(db)
        .unwrap();
}

on_both_databases! {
    /// Older checks never overwrite newer data. One warning states the number of huts and the reason.
    fn checks_in_the_future_are_not_overwritten_and_are_reported(database) {
        drop(database.with_huts(3));
        let site = TestSite::with_huts(3);
        assert_eq!(site.update(database, "2026-07-10T10:00:00Z", &["--hut-id", "1"]).status, 0);
        assert_eq!(site.update(database, "2026-07-10T10:00:00Z", &["--hut-id", "2"]).status, 0);
        let before = current(&mut database.open());
        let ran = site.update(database, "2026-07-01T10:00:00Z", &["--all"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &1.into()), "{ran:?}");
        let warning = "2 huts were last checked in the future, the last one at 2026-07-10T10:00:00Z";
        assert_eq!(ran.stderr.matches(warning).count(), 1, "{ran:?}");
        let mut db = database.open();
        let stored: Vec<_> = current(&mut db).into_iter().filter(|row| row.hut_id < 3).collect();
        assert_eq!(stored, before);
        assert_invariants(&mut db);

        let status = |as_of: &str, output: &str| {
            let args = ["status", "--as-of", as_of, "--output", output, "--database-url", &database.url];
            run(hut_availability().args(args))
        };
        let then = status("2026-07-01T10:00:30Z", "table");
        assert!(then.stdout.contains("2 huts were last checked in the future"), "{then:?}");
        assert_eq!(status("2026-07-01T10:00:30Z", "json").json()["checked_in_future"], 2);
        let later = status("2026-07-11T10:00:00Z", "table");
        assert!(!later.stdout.contains("in the future"), "{later:?}");

        let ran = site.update(database, "2026-07-11T10:00:00Z", &["--all"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &3.into()), "{ran:?}");
        assert!(!ran.stderr.contains("in the future"), "{ran:?}");
        assert_invariants(&mut db);
    }

    /// A site with a wrong date lists other dates. Only the dates in the requested range are stored.
    fn the_clock_of_a_site_can_be_wrong_by_days(database) {
        drop(database.with_huts(2));
        let site = TestSite::with_huts(2);
        for (step, site_day) in ["2026-07-01", "2026-07-05", "2026-06-20", "2026-07-04", "2027-02-01"].into_iter().enumerate() {
            let as_of = format!("2026-07-0{}T10:00:00Z", step + 1);
            let site_now: DateTime<Utc> = format!("{site_day}T23:30:00Z").parse().unwrap();
            site.set_now(site_now);
            let ran = run(site.update_command(&database.url).args(["--all", "--as-of", &as_of, "--request-interval", "0"]));
            assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &2.into()), "{site_day}: {ran:?}");
            let mut db = database.open();
            assert_invariants(&mut db);
            let today = as_of[..10].parse().unwrap();
            let listed = current(&mut db).into_iter().filter(|row| row.last_checked().to_rfc3339().starts_with(&as_of[..10]));
            assert!(listed.clone().count() > 0 && listed.clone().all(|row| row.date >= today), "{site_day}");
        }
    }

    /// Leases and request slots from before the clock was set back by days do not block the next run.
    fn leases_and_request_slots_survive_a_clock_that_is_set_back(database) {
        let mut db = database.with_huts(4);
        let other = update_run::begin(&mut db, Utc::now(), Mode::All, "elsewhere", 4, TimeDelta::seconds(60)).unwrap();
        let claim_requests = [1, 2, 3, 4].map(|hut_id| ClaimRequest { hut_id, last_try: LastTry::default() });
        claim_huts(&mut db, other, &claim_requests, &[], TimeDelta::seconds(60)).unwrap();
        request_slots::take(&mut db, "hrs", 1, TimeDelta::seconds(1)).unwrap();
        set_back(&mut db, TimeDelta::days(2));
        let site = TestSite::with_huts(4);
        let ran = Running::start(site.update_command(&database.url).args(["--all", "--request-interval", "0.05"])).end();
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &4.into()), "{ran:?}");
        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM hut_check WHERE last_success IS NOT NULL"), 4);
    }
}
