//! Manners towards the booking sites themselves, seen from outside.

use crate::support::database::TestDatabase;
use crate::support::program::{Ran, run, update_availability};
use crate::support::site::TestSite;

/// Runs the job on one hut of a name within a real site's domain. No such request leaves this
/// machine: the stand-in is the proxy of all of them.
fn ask_real_site(database: &TestDatabase, site: &TestSite, args: &[&str]) -> Ran {
    let mut command = update_availability();
    for (name, value) in [("HTTP_PROXY", site.stand_in.url().as_str()), ("NO_PROXY", "")] {
        command.env(name, value).env(name.to_lowercase(), value);
    }
    command.args(["--all", "--retries=0", "--no-progress"]);
    command.args(["--source-url", "hrs=http://no-such-host.hut-reservation.org"]);
    run(command.args(["--database-url", &database.url]).args(args))
}

#[test]
fn a_real_site_is_asked_in_short_intervals_only_when_forced() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let refused = ask_real_site(&database, &site, &["--request-interval=0.01"]);
    assert_eq!((refused.status, refused.stdout.as_str(), site.stand_in.requests()), (2, "", 0));
    let words =
        "error: a request interval of 0.01 s is too short for no-such-host.hut-reservation.org: ";
    assert!(refused.stderr.starts_with(words), "{refused:?}");
    let forced = ["--request-interval=0.01", "--force-request-interval"];
    let forced = ask_real_site(&database, &site, &forced);
    assert_eq!((forced.status, site.stand_in.requests()), (0, 1), "{forced:?}");
}

#[test]
fn a_run_that_asks_a_real_site_is_told_once_to_name_a_contact() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(2));
    let site = TestSite::with_huts(2);
    let warnings = |ran: &Ran| ran.stderr.matches("AVAILABILITY_CONTACT").count();
    let without = ask_real_site(&database, &site, &[]);
    assert_eq!((without.status, warnings(&without)), (0, 1), "{without:?}");
    let with = ask_real_site(&database, &site, &["--contact", "me@example.org"]);
    assert_eq!((with.status, warnings(&with)), (0, 0), "{with:?}");
    assert_eq!(site.stand_in.requests(), 4, "both runs asked");
    let stand_in = site.update(&database, "2026-07-01T10:00:00Z", &["--all"]);
    assert_eq!(warnings(&stand_in), 0, "{stand_in:?}");
}
