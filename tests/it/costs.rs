//! What a check costs, in counts that are the same on every machine: a regression fails here, whatever the
//! time that it takes. docs/performance.md says what they mean in seconds.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::schedule::candidates;
use hut_availability::db::write::update_availability;
use hut_availability::domain::availability::Check;

use crate::on_both_databases;
use crate::support::checks::{at, check, july, state};
use crate::support::database::{TestDatabase, lines, number};
use crate::support::postgres::Server;
use crate::support::running::wait_until;
use crate::support::site::TestSite;
use crate::support::statements::statements_of;

const HUTS: i32 = 40;

/// A year of dates, of which each `every`th has another number of free places.
fn year(hut_id: i32, at: DateTime<Utc>, every: usize, free: i16) -> Check {
    let days = (0..365).map(|day| {
        let is_other = (day as usize).is_multiple_of(every);
        (july(1) + Days::new(day), state(if is_other { free } else { 5 }, 40))
    });
    Check { days: days.collect::<BTreeMap<_, _>>(), at, ..check(hut_id, "10:00", &[]) }
}

/// What a check's statements are, by their first words.
fn statements(db: &mut Db, check: &Check) -> Vec<String> {
    let statements = statements_of(db, |db| {
        update_availability(db, check, check.at).unwrap();
    });
    let words = |text: &String| text.split([' ', '(']).take(2).collect::<Vec<_>>().join(" ");
    statements.iter().map(words).collect()
}

on_both_databases! {
    fn statements_of_a_check(database) {
        let mut db = database.with_huts(1);
        let mut of = |minute: i64, every: usize, free: i16| {
            let check = year(1, at("10:00") + TimeDelta::minutes(minute), every, free);
            statements(&mut db, &check).len()
        };
        let (first, steady, changed) = (of(0, 20, 7), of(30, 20, 7), of(60, 20, 8));
        // To begin and to commit is one each. SQLite has a statement for each entry, as one is added and
        // as one is closed, and for each date that changed: 19 of them.
        let expected =
            if database.is_sqlite() { (9 + 365, 1, 6 + 3 * 19) } else { (10, 1, 9) };
        assert_eq!((first, steady, changed), expected);
    }

    fn which_huts_are_due_is_one_statement_that_reads_no_date(database) {
        let mut db = database.with_huts(HUTS as usize);
        for hut_id in 1..=HUTS {
            update_availability(&mut db, &year(hut_id, at("10:00"), 20, 7), at("10:00")).unwrap();
        }
        let tiers: Vec<_> = candidates(&mut db, july(1), 14).unwrap();
        // Had it read them, it would find none.
        db.batch_execute("DELETE FROM availability_change; DELETE FROM availability").unwrap();
        database.breaks_rules("dates are taken away, to see whether they are read");
        let statements = statements_of(&mut db, |db| {
            assert_eq!(candidates(db, july(1), 14).unwrap(), tiers);
        });
        assert_eq!(statements.len(), 1);
    }

    /// As by a version from before what is kept in short, or by hand.
    fn what_another_program_has_stored_since_is_compared_date_by_date(database) {
        let mut db = database.with_huts(1);
        let mut store = |minute: i64, free: i16, is_aware: bool| {
            let check = year(1, at("10:00") + TimeDelta::minutes(minute), 20, free);
            let kept = "SELECT content_digest || ' ' || tier || ' ' || listed_at AS line FROM hut_check";
            let before = lines(&mut db, kept);
            update_availability(&mut db, &check, check.at).unwrap();
            if let (false, [before]) = (is_aware, &before[..]) {
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

    fn a_whole_run_in_which_nothing_changed(database) {
        let mut db = database.with_huts(HUTS as usize);
        let site = TestSite::with_huts(HUTS as u32);
        let run = |as_of: &str| {
            site.updated(database, as_of, &["--all", "--timings", "--no-progress"])
        };
        site.set_now("2026-07-01T10:00:00Z".parse().unwrap());
        run("2026-07-01T10:00:00Z");
        let writes = RowWrites::begin(&mut db);
        let report = run("2026-07-01T10:30:00Z").json();
        assert_eq!(report["dates"]["changed"], 0);
        assert_eq!(report["timings"]["requests"], HUTS);
        // One a hut; of each eight that are claimed seven more, and some of the run itself.
        let statements = report["timings"]["statements"].as_i64().unwrap();
        let huts = i64::from(HUTS);
        let most = huts + 7 * (huts / 8) + 20;
        assert!((huts..=most).contains(&statements), "{statements} statements, at most {most}");
        // A row a hut; the lease for each eight, and the run's own, as it begins and ends.
        let written = writes.end(&mut db);
        let most = huts + huts / 8 + 5;
        assert!((huts..=most).contains(&written), "{written} row writes, at most {most}");
    }
}

/// Counts the rows that are written by all connections.
struct RowWrites(i64);

impl RowWrites {
    const OF_POSTGRES: &str =
        "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint AS number
        FROM pg_stat_user_tables";

    fn begin(db: &mut Db) -> Self {
        if let Db::Postgres(_) = db {
            return Self(Self::of_postgres(db));
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

    /// As soon as all others are gone: a session hands its counts in at its end.
    fn of_postgres(db: &mut Db) -> i64 {
        db.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
        wait_until("the end of the others' sessions", || {
            let others = "SELECT count(*) AS number FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            number(db, others) == 0
        });
        number(db, Self::OF_POSTGRES)
    }

    fn end(self, db: &mut Db) -> i64 {
        match db {
            Db::Postgres(_) => Self::of_postgres(db) - self.0,
            Db::Sqlite(_) => number(db, "SELECT number FROM row_writes"),
        }
    }
}

/// On a server of its own: the log is one for all databases.
#[test]
fn the_log_of_a_check_is_short() {
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
    // Each begins after a checkpoint, so that a page is written whole when it is first touched.
    let of = [(first, 180_000), (steady, 600), (changed, 85_000)];
    for (bytes, most) in of {
        assert!((1..=most).contains(&bytes), "{bytes} bytes a hut, at most {most}: {of:?}");
    }
    eprintln!("WAL a hut: {of:?}");
}
