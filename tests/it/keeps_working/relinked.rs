//! A hut that gets another ID at its site while an answer for the ID before is under way.

use chrono::Utc;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, current, history, lines};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, huts, run};
use crate::support::proxy::HeldSite;
use crate::support::running::Running;
use crate::support::site::{TestSite, update_command_at};

const ARGS: [&str; 5] = ["--all", "--days", "30", "--request-interval", "0"];

/// Runs the job, and links the hut to the ID 2 while the site's answer for its ID before is under way.
fn update_with_link(database: &TestDatabase, site: &TestSite) -> RunOutput {
    let held = HeldSite::start(&site.fake_site.url());
    let running = Running::start(update_command_at(&held.url, &database.url).args(ARGS));
    held.wait_for_answer();
    let linked = huts(database, &["link", "hut-1", "hrs", "2", "--replace"]);
    assert_eq!(linked.status, 0, "{linked:?}");
    held.release();
    running.end()
}

fn assert_next_run_asks_for_the_new_id(database: &TestDatabase, site: &TestSite) {
    let ran = run(site.update_command(&database.url).args(ARGS));
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &1.into()), "{ran:?}");
    assert_eq!(site.fake_site.asked().last().unwrap().hut_id, "2");
    let today = Utc::now().date_naive();
    let rows = current(&mut database.open());
    let coming: Vec<_> = rows.iter().filter(|row| row.date > today).collect();
    assert!(!coming.is_empty() && coming.iter().all(|row| row.source_hut_id == "2"), "{coming:?}");
    assert_invariants(&mut database.open());
}

on_both_databases! {
    fn the_nights_of_the_id_before_are_not_stored(database) {
        drop(database.with_huts(1));
        let site = TestSite::with_huts(2);
        let ran = update_with_link(database, &site);
        assert_eq!((ran.status, &ran.json()["huts"]["skipped"]), (0, &1.into()), "{ran:?}");
        assert_eq!(current(&mut database.open()), []);
        assert_next_run_asks_for_the_new_id(database, &site);
    }

    /// The hut that had the new ID before is asked for it, too.
    fn the_nights_of_a_hut_that_lost_its_id_are_not_stored(database) {
        drop(database.with_huts(2));
        let site = TestSite::with_huts(2);
        let ran = update_with_link(database, &site);
        assert_eq!((ran.status, &ran.json()["huts"]["skipped"]), (0, &2.into()), "{ran:?}");
        assert_eq!(current(&mut database.open()), []);
        assert_next_run_asks_for_the_new_id(database, &site);
    }

    /// An answer that changes nothing is stored by one statement, which must compare the source, too.
    fn an_unchanged_answer_for_the_id_before_is_not_stored(database) {
        drop(database.with_huts(1));
        let site = TestSite::with_huts(2);
        site.set_now(Utc::now());
        let ran = run(site.update_command(&database.url).args(ARGS));
        assert_eq!(ran.status, 0, "{ran:?}");
        // The link of each date is the one of the hut's source.
        let stored = |database: &TestDatabase| {
            let mut db = database.open();
            let rows = current(&mut db).into_iter().map(|row| (row.date, row.state(), row.last_checked()));
            (rows.collect::<Vec<_>>(), history(&mut db))
        };
        let before = stored(database);
        let ran = update_with_link(database, &site);
        assert_eq!((ran.status, &ran.json()["huts"]["skipped"]), (0, &1.into()), "{ran:?}");
        assert_eq!(stored(database), before);
        assert_next_run_asks_for_the_new_id(database, &site);
    }

    /// A failure belongs to the ID for which the site was asked.
    fn a_failure_of_the_id_before_is_not_stored(database) {
        drop(database.with_huts(1));
        huts(database, &["link", "hut-1", "hrs", "404", "--replace"]);
        let site = TestSite::with_huts(2);
        let ran = update_with_link(database, &site);
        assert_eq!((ran.status, &ran.json()["huts"]["skipped"]), (0, &1.into()), "{ran:?}");
        let failing = "SELECT hut_id || '' AS line FROM hut_check WHERE consecutive_failures > 0";
        assert_eq!(lines(&mut database.open(), failing), [""; 0]);
        assert_next_run_asks_for_the_new_id(database, &site);
    }
}
