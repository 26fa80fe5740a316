//! Each query of the readers is one statement that uses an index.

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::reading::for_hut_detail::for_hut_detail;
use hut_availability::db::reading::for_map::for_map;
use hut_availability::db::reading::for_trend::for_trend;
use hut_availability::query::views::dates;

use crate::on_both_databases;
use crate::support::checks::july;
use crate::support::database::TestDatabase;
use crate::support::statements::{plan, statements_of};
use crate::support::template::Template;

/// The number of huts in a database with many rows.
pub const HUTS: usize = 100;

static MANY_ROWS: Template = Template::new(store_many_rows);

/// Fills an empty database with huts, each with 200 dates of four states, and with the planner's statistics. There are
/// enough rows that reading a whole table costs more than using an index.
pub fn with_many_rows(database: &TestDatabase) -> Db {
    MANY_ROWS.fill(database);
    allow_violations(database);
    database.open()
}

fn allow_violations(database: &TestDatabase) {
    database
        .allow_violations("many equal rows are inserted directly, to give the planner enough data");
}

fn store_many_rows(database: &TestDatabase) {
    allow_violations(database);
    let mut db = database.with_huts(HUTS);
    let (date, at_hour, yes) = match db {
        Db::Postgres(_) => (
            "date '2026-01-01' + n",
            "timestamptz '2026-01-01Z' + make_interval(hours => hour)",
            "true",
        ),
        Db::Sqlite(_) => (
            "date('2026-01-01', '+' || n || ' days')",
            "printf('2026-01-01T%02d:00:00.000000Z', hour)",
            "1",
        ),
    };
    let rows = "WITH RECURSIVE
            days (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n < 199),
            hours (hour) AS (SELECT 0 UNION ALL SELECT hour + 1 FROM hours WHERE hour < 3)
        SELECT hut.id,";
    db.batch_execute(&format!(
        "INSERT INTO hut_check (hut_id, last_checked, last_checked_run, last_success, last_success_run, has_data)
            {rows} {at_hour}, {at_hour}, {at_hour}, {at_hour}, {yes} FROM hut, hours WHERE hour = 3;
        INSERT INTO availability (hut_id, availability_date, source_organization, source_hut_id, free, total, hut_type, reservation_status, first_checked)
            {rows} {date}, 'hrs', '1', 3, 40, 'hut', 'possible', {at_hour} FROM hut, days, hours WHERE hour = 0;
        INSERT INTO availability_change (hut_id, availability_date, first_checked, last_checked, free, total, hut_type, reservation_status)
            {rows} {date}, {at_hour}, {at_hour}, 3, 40, 'hut', 'possible' FROM hut, days, hours;
        ANALYZE",
    ))
    .unwrap();
}

/// A query with its name, and the index that it uses: the beginning of its name, or SQLite's description of
/// the search.
struct ReaderQuery {
    name: &'static str,
    query: fn(&mut Db),
    postgres: &'static str,
    sqlite: &'static str,
}

const QUERIES: [ReaderQuery; 4] = [
    ReaderQuery {
        name: "map",
        query: |db| assert_eq!(for_map(db, &dates(july(1), 4), None).unwrap().len(), HUTS),
        postgres: "availability_by_date",
        sqlite: "SEARCH availability USING PRIMARY KEY (hut_id=? AND availability_date>? AND availability_date<?)",
    },
    ReaderQuery {
        name: "map of one hut",
        query: |db| {
            let one = Some(&["hut-7".to_owned()][..]);
            assert_eq!(for_map(db, &dates(july(1), 4), one).unwrap().len(), 1);
        },
        postgres: "availability_pkey",
        sqlite: "SEARCH availability USING PRIMARY KEY (hut_id=? AND availability_date>? AND availability_date<?)",
    },
    ReaderQuery {
        name: "hut",
        query: |db| {
            let detail = for_hut_detail(db, "hut-7", &dates(july(1), 14)).unwrap().unwrap();
            assert_eq!(detail.days.len(), 14);
        },
        postgres: "availability_pkey",
        sqlite: "SEARCH availability USING PRIMARY KEY (hut_id=? AND availability_date>? AND availability_date<?)",
    },
    ReaderQuery {
        name: "trend",
        query: |db| {
            let begin = "2026-01-01T00:00:00Z".parse().unwrap();
            let trend = for_trend(db, "hut-7", july(1), begin).unwrap().unwrap();
            assert_eq!(trend.entries.len(), 4);
        },
        postgres: "availability_change_pkey",
        sqlite: "SEARCH availability_change USING PRIMARY KEY (hut_id=? AND availability_date=?)",
    },
];

on_both_databases! {
    fn each_reader_query_is_one_statement_that_uses_an_index(database) {
        let mut db = with_many_rows(database);
        for ReaderQuery { name, query, postgres, sqlite } in QUERIES {
            let statements = statements_of(&mut db, query);
            assert_eq!(statements.len(), 1, "{name}: {statements:?}");
            let plan = plan(&mut db, &statements[0]);
            let (index, scan) = match db {
                Db::Postgres(_) => (postgres, "Seq Scan on availability"),
                Db::Sqlite(_) => (sqlite, "SCAN availability"),
            };
            assert!(plan.contains(index) && !plan.contains(scan), "{name}: {}\n{plan}", statements[0]);
        }
    }
}
