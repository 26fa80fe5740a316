//! A machine that is suspended, or whose clock is set, while a site is asked. Nobody knows when the answer arrived.

use chrono::{TimeDelta, Utc};

use crate::on_both_databases;
use crate::support::database::{TestDatabase, number};
use crate::support::faketime::WrongClock;
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, run};
use crate::support::proxy::HeldSite;
use crate::support::running::Running;
use crate::support::site::{TestSite, update_command_at};

const ARGS: [&str; 5] = ["--all", "--days", "30", "--request-interval", "0"];
const MESSAGE: &str = "hut-1: asking again: this machine's clock jumped while the site was asked";

/// Runs the job on a machine whose clock jumps from `before` to the right time while the site is asked.
fn update_with_jump(
    database: &TestDatabase,
    site: &TestSite,
    clock: &WrongClock,
    before: &str,
) -> RunOutput {
    let held = HeldSite::start(&site.fake_site.url());
    clock.set(before);
    let running =
        Running::start(clock.apply_to(update_command_at(&held.url, &database.url).args(ARGS)));
    held.wait_for_answer();
    clock.set("+0");
    site.set_now(Utc::now());
    held.release();
    running.end()
}

on_both_databases! {
    /// The clock may jump in either direction.
    fn an_answer_during_which_the_clock_jumps_is_discarded_and_asked_for_again(database) {
        let Some(clock) = WrongClock::new("+0") else { return };
        drop(database.with_huts(1));
        let site = TestSite::with_huts(1);
        for (number, before) in (1..).zip(["-4m", "+4m"]) {
            let ran = update_with_jump(database, &site, &clock, before);
            assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &1.into()), "{before}: {ran:?}");
            assert!(ran.stderr.contains(MESSAGE), "{before}: {ran:?}");
            assert_eq!(site.fake_site.requests(), 2 * number, "{before}");
        }
        assert_invariants(&mut database.open());
    }
}

/// The answer of before lists the nights of before. They must not stay listed.
#[test]
fn nights_that_passed_while_the_machine_was_suspended_are_not_listed() {
    let Some(clock) = WrongClock::new("-5d") else { return };
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    site.set_now(Utc::now() - TimeDelta::days(5));
    let ran = run(clock.apply_to(site.update_command(&database.url).args(ARGS)));
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &1.into()), "{ran:?}");
    let past = (Utc::now() - TimeDelta::days(1)).date_naive();
    let count = |condition: &str| {
        let sql = format!(
            "SELECT count(*) AS number FROM availability WHERE availability_date < '{past}' AND {condition}"
        );
        number(&mut database.open(), &sql)
    };
    assert!(count("last_checked IS NULL") > 0, "they are listed before");

    let requests = site.fake_site.requests();
    let ran = update_with_jump(&database, &site, &clock, "-5d");
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &1.into()), "{ran:?}");
    assert_eq!(site.fake_site.requests(), requests + 2, "{ran:?}");
    assert_eq!(count("last_checked IS NULL"), 0);
    assert_eq!(count("withdrawn"), 0, "they are past, not withdrawn");
    assert_invariants(&mut database.open());
}
