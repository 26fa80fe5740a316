//! No page scans a whole table of nights or changes.

use hut_availability::db::connection::Db;
use hut_availability::db::pages::changes::{self, ChangeFilter, ChangeKey};
use hut_availability::db::pages::nights::{self, NightFilter, NightKey, Sort, SortBy, Value};
use hut_availability::db::reading::for_hut_detail::for_hut_detail;
use hut_availability::query::paging::{Cursor, ROWS_OF_PAGE};
use hut_availability::query::views::dates;

use super::plans::with_many_rows;
use crate::on_both_databases;
use crate::support::checks::july;
use crate::support::statements::{plan, statements_of};

/// A query of a page, with its name.
type PageQuery = (&'static str, fn(&mut Db));

const QUERIES: [PageQuery; 9] = [
    ("nights by date", |db| nights_of_page(db, 7, SortBy::Date, &Cursor::Start)),
    ("all nights by date", |db| nights_of_page(db, 0, SortBy::Date, &Cursor::Start)),
    ("all nights by date, deep", |db| nights_of_page(db, 0, SortBy::Date, &deep_in_nights())),
    ("all nights by hut", |db| nights_of_page(db, 0, SortBy::Hut, &Cursor::Start)),
    ("all nights by hut, deep", |db| nights_of_page(db, 0, SortBy::Hut, &deep_in_nights())),
    ("history", |db| history(db, &Cursor::Start)),
    ("history, deep", |db| {
        let first_checked = "2026-01-01T01:00:00Z".parse().unwrap();
        history(db, &Cursor::After(ChangeKey { first_checked, hut_id: 100, date: july(1) }));
    }),
    ("a night", |db| assert_eq!(changes::of_night(db, 7, july(1)).unwrap().rows.len(), 4)),
    ("a year of a hut", |db| {
        let year = for_hut_detail(db, "hut-7", &dates(july(1), 365)).unwrap().unwrap();
        assert!(!year.days.is_empty());
    }),
];

/// Loads a page of the nights from 1 July on: of `days` nights, or of all if `days` is 0.
fn nights_of_page(db: &mut Db, days: u16, by: SortBy, cursor: &Cursor<NightKey>) {
    let filter =
        NightFilter { dates: (days > 0).then(|| dates(july(1), days)), ..NightFilter::default() };
    let sort = Sort { by, ..Sort::default() };
    let rows = nights::page(db, &filter, sort, cursor, ROWS_OF_PAGE).unwrap();
    assert_eq!(rows.len(), ROWS_OF_PAGE + 1);
}

fn deep_in_nights() -> Cursor<NightKey> {
    Cursor::After(NightKey { value: Value::None, date: july(1), slug: "hut-5".into() })
}

fn history(db: &mut Db, cursor: &Cursor<ChangeKey>) {
    let rows = changes::page(db, &ChangeFilter::default(), cursor, ROWS_OF_PAGE).unwrap();
    assert_eq!(rows.len(), ROWS_OF_PAGE + 1);
}

/// Inserts the number of rows into the statement, since a planner estimates an unknown limit as a tenth of
/// all rows.
fn with_limit(statement: &str) -> String {
    match statement.rsplit_once("LIMIT $") {
        Some((before, _)) => format!("{before}LIMIT {}", ROWS_OF_PAGE + 1),
        None => statement.to_owned(),
    }
}

on_both_databases! {
    fn pages_read_nights_and_changes_by_an_index(database) {
        let mut db = with_many_rows(database);
        for (name, query) in QUERIES {
            let statements = statements_of(&mut db, query);
            assert_eq!(statements.len(), 1, "{name}: {statements:?}");
            let statement = match db {
                Db::Postgres(_) => with_limit(&statements[0]),
                Db::Sqlite(_) => statements[0].clone(),
            };
            let plan = plan(&mut db, &statement);
            let is_scan = |line: &str| match db {
                Db::Postgres(_) => line.contains("Seq Scan on availability"),
                Db::Sqlite(_) => line.contains("SCAN availability") && !line.contains("USING"),
            };
            assert!(!plan.lines().any(is_scan), "{name}: {statement}\n{plan}");
        }
    }
}
