//! Runs wait for a connection of a pooler that has fewer than there are runs.

use crate::support::database::TestDatabase;
use crate::support::pgbouncer::Pooler;
use crate::support::proxy::HeldSite;
use crate::support::running::{Running, wait_until};
use crate::support::site::{TestSite, update_command_at};

#[test]
fn a_run_waits_with_a_message_for_the_connection_of_another_run() {
    runs_wait_for_each_other("");
}

#[test]
fn a_run_waits_for_another_run_if_the_url_names_the_mode() {
    runs_wait_for_each_other("?pool_mode=session");
}

fn runs_wait_for_each_other(parameters: &str) {
    let database = TestDatabase::postgres();
    drop(database.with_huts(3));
    let Some(pooler) = Pooler::start(&database.url, "session", 1) else { return };
    let site = TestSite::with_huts(3);
    let held = HeldSite::start(&site.fake_site.url());
    let url = format!("{}{parameters}", pooler.url());
    let start = || Running::start(update_command_at(&held.url, &url).arg("--all"));
    let first = start();
    held.wait_for_answer();
    let others = [start(), start()];
    for other in &others {
        wait_until("the message of a run that waits", || other.stderr().contains("of a pooler"));
    }
    held.release();
    for run in [first].into_iter().chain(others) {
        let ran = run.end();
        assert_eq!(ran.status, 0, "{ran:?}");
    }
}
