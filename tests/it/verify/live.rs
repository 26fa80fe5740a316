//! `verify` on a database that is written at the same time, and on one with a history that is larger than
//! memory.

use std::process::Command;

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::write::update_availability;

use crate::on_both_databases;
use crate::support::checks::check;
use crate::support::database::violations;
use crate::support::program::{hut_availability, run};

/// The entries of one night. Their texts alone would take about 20 MiB of memory.
const ENTRIES: u32 = 60_000;

/// The memory that the program may allocate, in KiB, the unit of `ulimit`.
const MEMORY_KIB: u32 = 24 << 10;

/// Stores checks of two huts. Each changes some dates, leaves out some, and lists some again.
fn write(db: &mut Db) {
    for n in 0..80 {
        let days = (1..=30).filter(|day| day % 10 != n % 10);
        let days: Vec<_> = days.map(|day| (day, (n % 3) as i16)).collect();
        for hut_id in [1, 2] {
            let mut check = check(hut_id, "10:00", &days);
            check.at += TimeDelta::seconds(n.into());
            update_availability(db, &check, check.at).unwrap();
        }
    }
}

on_both_databases! {
    fn a_concurrent_run_causes_no_false_alarm(database) {
        let mut db = database.with_huts(2);
        let rounds = std::thread::scope(|scope| {
            let writer = scope.spawn(|| write(&mut database.open()));
            let mut rounds = 0;
            while !writer.is_finished() {
                assert_eq!(violations(&mut db), []);
                rounds += 1;
            }
            rounds
        });
        assert!(rounds > 3, "verified {rounds} times");
    }

    /// One night with very many changes. The program must not load the whole history of a date or a hut.
    fn a_long_history_needs_no_more_memory_than_a_short_one(database) {
        let mut db = database.with_huts(1);
        let day = check(1, "10:00", &[(1, 0)]);
        update_availability(&mut db, &day, day.at).unwrap();
        let at = |n: &str| match db {
            Db::Postgres(_) => format!("timestamptz '2026-05-01Z' + ({n}) * interval '1 second'"),
            Db::Sqlite(_) => format!("strftime('%Y-%m-%dT%H:%M:%f000Z', '2026-05-01', ({n}) || ' seconds')"),
        };
        let rows = format!(
            "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {ENTRIES} - 1)
            INSERT INTO availability_change (hut_id, availability_date, first_checked, last_checked,
                free, total, hut_type, reservation_status)
            SELECT 1, '2026-07-01', {}, {}, 1 + n % 2, 40, 'hut', 'possible' FROM n;",
            at("n"),
            at("n + 1"),
        );
        let join = format!(
            "UPDATE availability SET first_checked = {};
            UPDATE availability_change SET last_checked = '2026-06-30T10:00:00.000000Z'
                WHERE first_checked = {}",
            at("0"),
            at(&format!("{ENTRIES} - 1")),
        );
        db.batch_execute(&rows).unwrap();
        db.batch_execute(&join).unwrap();
        let program = hut_availability();
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit -d {MEMORY_KIB} && exec \"$@\""), "sh"]);
        limited.arg(program.get_program()).args(["verify", "--database-url", &database.url]);
        let ran = run(&mut limited);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.stdout.contains("1 date, 60001 history entries"), "{ran:?}");
    }
}
