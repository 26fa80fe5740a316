//! `hut-availability copy` copies between the two kinds of database in all four directions. It copies a hut
//! completely or not at all.

mod everything;
mod refused;
mod resumed;

use std::collections::BTreeMap;
use std::process::Command;

use chrono::WeekdaySet;
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, connect};
use hut_availability::db::register;
use hut_availability::db::watch::stored;
use hut_availability::db::write::update_availability;
use hut_availability::domain::availability::Check;
use hut_availability::domain::state::State;
use hut_availability::domain::stay::{Group, Stage};
use hut_availability::domain::watch::{DEFAULT_COOLDOWN, Goal, Watch};
use hut_availability::watch::matching::{Moment, Trigger, match_watch};

use crate::support::checks::{at, july, state};
use crate::support::database::{TestDatabase, lines};
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::site::TestSite;

/// The number of huts of [`filled`] that the site knows. It does not know one more.
const HUTS: u32 = 12;

/// The day after the last run of [`filled`].
pub const NEXT_DAY: &str = "2026-07-03T10:00:00Z";

/// Tables with temporary data, which are not copied.
const TEMPORARY_TABLES: [&str; 2] = ["lease", "site_pace"];

/// Fills a database with rows in each table, and returns the fake site that they come from.
pub fn filled(database: &TestDatabase) -> TestSite {
    let mut db = database.with_huts(HUTS as usize + 1);
    let site = TestSite::with_huts(HUTS);
    for (day, days) in [(1, "60"), (2, "30")] {
        let as_of = format!("2026-07-0{day}T10:00:00Z");
        let ran = site.update(database, &as_of, &["--all", "--days", days, "--retries=0"]);
        assert_eq!(ran.status, 1, "the site does not know one hut: {ran:?}");
    }
    db.batch_execute(
        "INSERT INTO hut (id, slug, name, country, latitude, longitude, elevation, is_active, is_public)
            VALUES (77, 'täschhütte', 'Täsch\"hütte', 'CH', 46.1, 7.123456789012345, 2701, TRUE, FALSE);
         UPDATE hut SET takeover_read_at = '2026-07-01T10:00:00.123456Z', takeover_record = '{}' WHERE id = 77;
         UPDATE hut_type SET identifier = 'H', color = '#abcdef', sort_order = -3 WHERE slug = 'hut';
         INSERT INTO hut_source (hut_id, organization, source_hut_id, link, last_listed, moved_to)
            VALUES (1, 'huetten-holiday', '9', NULL, '2026-07-01T10:00:00.123456Z', 77);
         INSERT INTO hut_field_set_by_hand VALUES (1, 'elevation'), (77, 'name');
         INSERT INTO discovery VALUES ('hrs', '2026-07-01T10:00:00.000000Z', 800, 1, NULL);
         INSERT INTO update_run (id, started_at, mode, host)
            VALUES (7001, '2026-07-03T10:00:00.000000Z', 'due', 'pod');
         INSERT INTO update_run (id, started_at, finished_at, mode, host, exit_status, interrupted)
            VALUES (7002, '2026-07-03T10:30:00.000001Z', '2026-07-03T10:30:00.000002Z', 'all', 'pod', 143, TRUE)",
    )
    .unwrap();
    with_watch(&mut db);
    site
}

/// Adds a watch with arrivals that are open, and a message.
fn with_watch(db: &mut Db) {
    let group = Group::new((july(3), july(30)), WeekdaySet::ALL, 1).unwrap();
    let watch = Watch {
        name: "july".into(),
        goal: Goal::Stay(Stage { huts: vec![1, 2], nights: 1 }),
        group,
        channels: vec!["me".into()],
        quiet_start: false,
        closings: true,
        cooldown: DEFAULT_COOLDOWN,
    };
    let now = at("12:00") + chrono::TimeDelta::days(2);
    let id = stored::insert(db, &watch, Some("/etc/watches.toml"), now).unwrap();
    let matched = match_watch(db, id, Moment { now, today: july(2) }, Trigger::Always).unwrap();
    assert!(matched.is_queued, "{matched:?}");
}

/// Gives a hut more history than one page of the copy holds, newer than the last run of [`filled`].
fn with_long_history(db: &mut Db, hut_id: i32) {
    for minute in 0..150 {
        let check = Check {
            hut_id,
            at: at("12:00") + chrono::TimeDelta::days(2) + chrono::TimeDelta::minutes(minute),
            organization: "hrs".into(),
            source_hut_id: hut_id.to_string(),
            new_link: None,
            days: (1..=30)
                .map(|day| (july(day), state((minute % 2) as i16, 40)))
                .collect::<BTreeMap<_, State>>(),
            range: july(1)..=july(30),
            adjustments: Default::default(),
            unknown_values: Default::default(),
            validators: Default::default(),
        };
        update_availability(db, &check, check.at).unwrap();
    }
}

fn copy_command(from: &TestDatabase, to: &TestDatabase) -> Command {
    let mut command = hut_availability();
    command.args(["copy", "--from", &from.url, "--to", &to.url]);
    command
}

pub fn copy(from: &TestDatabase, to: &TestDatabase) -> RunOutput {
    run(copy_command(from, to).args(["--output", "json"]))
}

/// Connects without changing anything in the database.
fn connect_unchanged(database: &TestDatabase) -> Db {
    connect(&database.url(), Access::ReadWrite).unwrap()
}

/// Every row of every table, as text that is the same for both databases. Floating-point numbers are left
/// out, because the databases round them differently.
fn rows(database: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    let db = &mut connect_unchanged(database);
    let tables = match db {
        Db::Postgres(_) => "SELECT tablename AS line FROM pg_tables WHERE schemaname = 'public'",
        Db::Sqlite(_) => "SELECT name AS line FROM sqlite_schema WHERE type = 'table'",
    };
    let tables = lines(db, tables).into_iter();
    let tables =
        tables.filter(|table| !table.starts_with("__") && !TEMPORARY_TABLES.contains(&&**table));
    tables
        .map(|table| {
            let rows = rows_of(db, &table);
            (table, rows)
        })
        .collect()
}

fn rows_of(db: &mut Db, table: &str) -> Vec<String> {
    let columns = match db {
        Db::Postgres(_) => format!(
            "SELECT CASE data_type
                WHEN 'timestamp with time zone'
                    THEN format('to_char(%I AT TIME ZONE ''UTC'', ''YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'')', column_name)
                WHEN 'boolean' THEN format('%I::integer::text', column_name)
                ELSE format('%I::text', column_name) END AS line
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'
                AND data_type <> 'double precision'
             ORDER BY column_name"
        ),
        Db::Sqlite(_) => {
            format!("SELECT 'CAST(' || name || ' AS text)' AS line FROM pragma_table_info('{table}') WHERE type <> 'REAL' ORDER BY name")
        }
    };
    let columns: Vec<String> =
        lines(db, &columns).into_iter().map(|column| format!("coalesce({column}, '-')")).collect();
    let mut rows =
        lines(db, &format!("SELECT {} AS line FROM {table}", columns.join(" || '|' || ")));
    rows.sort();
    rows
}

/// Asserts that a copy equals its original.
pub fn assert_same(from: &TestDatabase, to: &TestDatabase) {
    let (from_rows, to_rows) = (rows(from), rows(to));
    assert_eq!(from_rows.keys().collect::<Vec<_>>(), to_rows.keys().collect::<Vec<_>>());
    for (table, rows) in from_rows {
        assert!(
            rows == to_rows[&table],
            "{table}: {} rows and {}",
            rows.len(),
            to_rows[&table].len()
        );
    }
    // This compares the floating-point numbers as well.
    assert_eq!(
        register::load(&mut connect_unchanged(from)).unwrap(),
        register::load(&mut connect_unchanged(to)).unwrap()
    );
}
