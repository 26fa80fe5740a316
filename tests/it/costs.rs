//! The costs of a check, as counts that are the same on every machine. So a regression fails on slow and
//! fast machines alike. docs/performance.md says what the counts mean in seconds.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::schedule::candidates;
use hut_availability::db::write::update_availability;
use hut_availability::domain::availability::Check;

use crate::on_both_databases;
use crate::support::checks::{at, check, july, state, statements_of_check};
use crate::support::database::{TestDatabase, lines, number};
use crate::support::postgres::Server;
use crate::support::running::wait_until;
use crate::support::site::TestSite;
use crate::support::statements::statements_of;

const HUTS: i32 = 40;

/// A check of a year of dates. Every `every`th date has `free` free places, the others 5.
fn year(hut_id: i32, at: DateTime<Utc>, every: usize, free: i16) -> Check {
    let days = (0..365).map(|day| {
        let differs = (day as usize).is_multiple_of(every);
        (july(1) + Days::new(day), state(if differs { free } else { 5 }, 40))
    });
    let range = july(1)..=july(1) + Days::new(364);
    Check { days: days.collect::<BTreeMap<_, _>>(), at, range, ..check(hut_id, "10:00", &[]) }
}

/// The first two words of each statement that a check executes.
fn statements(db: &mut Db, check: &Check) -> Vec<String> {
    let statements = statements_of_check(db, check);
    let words = |text: &String| text.split([' ', '(']).take(2).collect::<Vec<_>>().join(" ");
    statements.iter().map(words).collect()
}

on_both_databases! {
    fn a_check_needs_a_fixed_number_of_statements(database) {
        let mut db = database.with_huts(1);
        let mut count = |minute: i64, every: usize, free: i16| {
            let check = year(1, at("10:00") + TimeDelta::minutes(minute), every, free);
            statements(&mut db, &check).len()
        };
        let (first, steady, changed) = (count(0, 20, 7), count(30, 20, 7), count(60, 20, 8));
        // BEGIN and COMMIT are one statement each. SQLite needs one statement for each history entry that
        // is added or closed, and one for each of the 19 changed dates.
        let expected =
            if database.is_sqlite() { (9 + 365, 1, 6 + 3 * 19) } else { (10, 1, 9) };
        assert_eq!((first, steady, changed), expected);
    }

    fn selecting_due_huts_is_two_statements_that_read_no_dates(database) {
        let mut db = database.with_huts(HUTS as usize);
        for hut_id in 1..=HUTS {
            update_availability(&mut db, &year(hut_id, at("10:00"), 20, 7), at("10:00")).unwrap();
        }
        let tiers: Vec<_> = candidates(&mut db, july(1), 14).unwrap();
        // The rows are deleted: if the query read them, it would find none.
        db.batch_execute("DELETE FROM availability_change; DELETE FROM availability").unwrap();
        database.allow_violations("the dates are deleted, to show that they are not read");
        let statements = statements_of(&mut db, |db| {
            assert_eq!(candidates(db, july(1), 14).unwrap(), tiers);
        });
        assert_eq!(statements.len(), 2, "the huts of watches, and all huts");
    }

    /// The other program is an older version that does not know the digest, or a person with a SQL client.
    fn rows_changed_by_another_program_are_compared_date_by_date(database) {
        let mut db = database.with_huts(1);
        let mut store = |minute: i64, free: i16, updates_digest: bool| {
            let check = year(1, at("10:00") + TimeDelta::minutes(minute), 20, free);
            let stored_digest = "SELECT content_digest || ' ' || tier || ' ' || listed_at AS line FROM hut_check";
            let before = lines(&mut db, stored_digest);
            update_availability(&mut db, &check, check.at).unwrap();
            if let (false, [before]) = (updates_digest, &before[..]) {
                let [digest, tier, listed_at] = before.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!() };
                let forget = format!("UPDATE hut_check SET content_digest = '{digest}', tier = '{tier}', listed_at = '{listed_at}'");
                db.batch_execute(&forget).unwrap();
            }
        };
        store(0, 7, true);
        store(30, 1, false);
        store(60, 7, true);
        let entries = "SELECT count(*) AS number FROM availability_change WHERE availability_date = '2026-07-01'";
        assert_eq!(number(&mut db, entries), 3, "7, 1 and 7 free places");
    }

    fn a_run_without_changes_writes_one_row_a_hut(database) {
        let mut db = database.with_huts(HUTS as usize);
        let site = TestSite::with_huts(HUTS as u32);
        let run = |as_of: &str| {
            site.update_with_site_clock(database, as_of, &["--all", "--timings", "--no-progress"])
        };
        site.set_now("2026-07-01T10:00:00Z".parse().unwrap());
        run("2026-07-01T10:00:00Z");
        let writes = RowWrites::begin(&mut db);
        let report = run("2026-07-01T10:30:00Z").json();
        assert_eq!(report["dates"]["changed"], 0);
        assert_eq!(report["timings"]["requests"], HUTS);
        // One statement a hut, seven more for each claim of eight huts, and a few of the run itself.
        let statements = report["timings"]["statements"].as_i64().unwrap();
        let huts = i64::from(HUTS);
        let max = huts + 7 * (huts / 8) + 20;
        assert!((huts..=max).contains(&statements), "{statements} statements, at most {max}");
        // One row a hut, one for the lease of each eight huts, and the run's own row at its start and end.
        let written = writes.end(&mut db);
        let max = huts + huts / 8 + 5;
        assert!((huts..=max).contains(&written), "{written} row writes, at most {max}");
    }
}

/// Counts the rows that all connections write.
struct RowWrites(i64);

impl RowWrites {
    const POSTGRES_COUNT: &str =
        "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint AS number
        FROM pg_stat_user_tables";

    fn begin(db: &mut Db) -> Self {
        if let Db::Postgres(_) = db {
            return Self(Self::count_in_postgres(db));
        }
        let mut triggers =
            String::from("CREATE TABLE row_writes (number); INSERT INTO row_writes VALUES (0);");
        for table in
            ["hut_check", "availability", "availability_change", "update_run", "lease", "site_pace"]
        {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                triggers += &format!(
                    "CREATE TRIGGER {table}_{event} AFTER {event} ON {table} BEGIN UPDATE row_writes SET number = number + 1; END;"
                );
            }
        }
        db.batch_execute(&triggers).unwrap();
        Self(0)
    }

    /// Waits until all other sessions have ended, since a session reports its counts when it ends.
    fn count_in_postgres(db: &mut Db) -> i64 {
        db.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
        wait_until("the end of the others' sessions", || {
            let others = "SELECT count(*) AS number FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            number(db, others) == 0
        });
        number(db, Self::POSTGRES_COUNT)
    }

    fn end(self, db: &mut Db) -> i64 {
        match db {
            Db::Postgres(_) => Self::count_in_postgres(db) - self.0,
            Db::Sqlite(_) => number(db, "SELECT number FROM row_writes"),
        }
    }
}

/// On a server of its own, because the write-ahead log is shared by all databases of a server.
#[test]
fn a_check_writes_little_write_ahead_log() {
    let server = Server::start();
    let database = TestDatabase::at(server.new_database());
    let mut db = database.with_huts(HUTS as usize);
    let mut write = |minute: i64, free: i16| {
        db.batch_execute("CHECKPOINT").unwrap();
        let lsn = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint AS number";
        let before = number(&mut db, lsn);
        for hut_id in 1..=HUTS {
            let check = year(hut_id, at("10:00") + TimeDelta::minutes(minute), 20, free);
            update_availability(&mut db, &check, check.at).unwrap();
        }
        (number(&mut db, lsn) - before) / i64::from(HUTS)
    };
    let (first, steady, changed) = (write(0, 7), write(30, 7), write(60, 8));
    // Each measurement begins after a checkpoint, so PostgreSQL logs the full page at its first change.
    let sizes = [(first, 180_000), (steady, 600), (changed, 85_000)];
    for (bytes, max) in sizes {
        assert!((1..=max).contains(&bytes), "{bytes} bytes a hut, at most {max}: {sizes:?}");
    }
    eprintln!("WAL a hut: {sizes:?}");
}
