//! A live database: while checks are written, and with more history than fits into memory.

use std::process::Command;

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::write::update_availability;

use crate::on_both_databases;
use crate::support::checks::check;
use crate::support::database::violations;
use crate::support::program::{hut_availability, run};

/// Entries of one night. All of them at once would take some 20 MiB by their texts alone.
const ENTRIES: u32 = 60_000;

/// Bytes of memory of its own that the program may have, in KiB as `ulimit` has it.
const MEMORY_KIB: u32 = 24 << 10;

/// Checks of two huts, each of which changes some dates, drops some, and takes back some.
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
    fn a_run_that_writes_meanwhile_is_no_false_alarm(database) {
        let mut db = database.with_huts(2);
        let looks = std::thread::scope(|scope| {
            let writer = scope.spawn(|| write(&mut database.open()));
            let mut looks = 0;
            while !writer.is_finished() {
                assert_eq!(violations(&mut db), []);
                looks += 1;
            }
            looks
        });
        assert!(looks > 3, "looked at {looks} times");
    }

    /// One night that changed all the time: no date, let alone a hut, is held as a whole.
    fn a_long_history_takes_no_more_memory_than_a_short_one(database) {
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
