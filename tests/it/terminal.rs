//! The views of `hut-availability` in a terminal, with the program, on both databases.

mod dates;
mod find;
mod missing;
mod narrow;
mod screen;
mod status;
mod truth;
mod views;

use diesel::prelude::*;
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::hut;
use hut_availability::db::write::{record_failure, update_availability};
use hut_availability::domain::availability::Check;

use crate::support::checks::{at, check, july, state};
use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::runs::log_run;

/// Four hours after the first run, on the day before July.
const AS_OF: &str = "2026-06-30T12:00:00Z";

/// Stores three huts: one that fills up, one that is closed, and one that was never checked successfully.
/// Runs at 08:00 and 10:00 asked for them.
fn with_checked_huts(database: &TestDatabase) -> Db {
    let mut db = database.with_huts(4);
    let huts =
        [(1, "Älplihütte", Some("CH")), (2, "Rifugio Bosco", Some("IT")), (3, "Zeltplatz", None)];
    for (id, name, country) in huts {
        rename(&mut db, id, name);
        diesel::update(hut::table.find(id)).set(hut::country.eq(country)).execute(&mut db).unwrap();
    }
    diesel::update(hut::table.find(4)).set(hut::is_active.eq(false)).execute(&mut db).unwrap();
    store(&mut db, &check(1, "08:00", &[(1, 40), (2, 30), (3, 5), (31, 1)]), "08:00");
    store(&mut db, &check(1, "10:00", &[(1, 12), (2, 30), (3, 0), (31, 1)]), "10:00");
    let mut closed = check(2, "10:01", &[(1, 3), (2, 40)]);
    closed.days.insert(july(3), state(0, 0));
    store(&mut db, &closed, "10:00");
    for time in ["08:01", "10:02"] {
        let attempt =
            Attempt { at: at(time).into(), run_started: at(&format!("{}:00", &time[..2])).into() };
        record_failure(&mut db, 3, attempt, false, "timeout: no answer\nwithin 30 s").unwrap();
    }
    log_run(&mut db);
    db
}

fn store(db: &mut Db, check: &Check, run: &str) {
    update_availability(db, check, at(run)).unwrap();
}

fn rename(db: &mut Db, id: i32, name: &str) {
    diesel::update(hut::table.find(id)).set(hut::name.eq(name)).execute(db).unwrap();
}

/// Runs `hut-availability` as of [`AS_OF`], and waits for its end.
fn run_view(database: &TestDatabase, args: &[&str]) -> RunOutput {
    run(hut_availability().args(args).args(["--as-of", AS_OF, "--database-url", &database.url]))
}

/// The output of a successful `hut-availability`.
fn view(database: &TestDatabase, args: &[&str]) -> String {
    let ran = run_view(database, args);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{args:?}: {ran:?}");
    ran.stdout
}
