//! No page scans a whole table of nights or changes.

use hut_availability::db::connection::Db;
use hut_availability::db::pages::changes::{self, ChangeFilter, ChangeKey};
use hut_availability::db::pages::nights::{self, NightFilter, NightKey, Sort, SortBy, Value};
use hut_availability::db::reading::for_filling::for_filling;
use hut_availability::db::reading::for_hut_detail::for_hut_detail;
use hut_availability::db::reading::for_map::{MapFilter, for_filtered_map};
use hut_availability::db::reading::for_stays::{TourSearch, find_stays_by_hut, page_of_tours};
use hut_availability::domain::geo::{Bounds, Place};
use hut_availability::domain::stay::{Group, parse_weekdays};
use hut_availability::query::filling::similar_nights;
use hut_availability::query::paging::{Cursor, ROWS_OF_PAGE};
use hut_availability::query::stay_filter::StayFilter;
use hut_availability::query::views::dates;

use super::plans::{HUTS, with_many_rows};
use crate::on_both_databases;
use crate::support::checks::july;
use crate::support::statements::{plan, statements_of};

/// A query of a page, with its name.
type PageQuery = (&'static str, fn(&mut Db));

const QUERIES: [PageQuery; 11] = [
    ("nights by date", |db| nights_of_page(db, 7, SortBy::Date, &Cursor::Start)),
    ("all nights by date", |db| nights_of_page(db, 0, SortBy::Date, &Cursor::Start)),
    ("all nights by date, deep", |db| nights_of_page(db, 0, SortBy::Date, &deep_in_nights())),
    ("all nights by hut", |db| nights_of_page(db, 0, SortBy::Hut, &Cursor::Start)),
    ("all nights by hut, deep", |db| nights_of_page(db, 0, SortBy::Hut, &deep_in_nights())),
    ("history", |db| history(db, &Cursor::Start)),
    ("history, deep", |db| {
        let first_checked = "2026-01-01T01:00:00Z".parse().unwrap();
        history(
            db,
            &Cursor::After(ChangeKey { first_checked, hut_id: HUTS as i32 / 2, date: july(1) }),
        );
    }),
    ("a night", |db| assert_eq!(changes::of_night(db, 7, july(1)).unwrap().rows.len(), 4)),
    ("similar nights", |db| {
        let nights = similar_nights(july(15), july(15));
        let found = for_filling(db, 7, &nights).unwrap();
        assert_eq!(found.values().map(Vec::len).collect::<Vec<_>>(), [4, 4], "1 and 8 July");
    }),
    ("neighbours", |db| {
        let around = Bounds::around(&Place::new(46.5, 8.5).unwrap(), 15.0);
        let filter =
            MapFilter { bounds: Some(around), only_followed: true, ..MapFilter::default() };
        for_filtered_map(db, &dates(july(1), 2), &filter).unwrap();
    }),
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
    fn a_page_of_stays_or_tours_is_two_statements_that_use_an_index(database) {
        let mut db = with_many_rows(database);
        let group = Group::new((july(1), july(14)), parse_weekdays("").unwrap(), 2).unwrap();
        let stays = statements_of(&mut db, |db| {
            let huts = find_stays_by_hut(db, (&group, 2), &StayFilter::default()).unwrap();
            assert_eq!(huts.iter().map(|hut| hut.stays.len()).sum::<usize>(), HUTS * 14);
        });
        let stage = |slug: &str| slug.parse().unwrap();
        let search = TourSearch { group, stages: vec![stage("hut-1,hut-2"), stage("hut-3:2")], limit: 5 };
        let tours = statements_of(&mut db, |db| {
            let (list, starts) = page_of_tours(db, &search, &Cursor::After(july(3))).unwrap();
            assert_eq!((list.found, starts.rows), (14, (4..=8).map(july).collect()));
        });
        for statements in [stays, tours] {
            assert_eq!(statements.len(), 2, "{statements:?}");
            let plan = plan(&mut db, &statements[1]);
            let (index, scan) = match db {
                Db::Postgres(_) => ("availability_", "Seq Scan on availability"),
                Db::Sqlite(_) => ("SEARCH availability USING PRIMARY KEY", "SCAN availability"),
            };
            assert!(plan.contains(index) && !plan.contains(scan), "{}\n{plan}", statements[1]);
        }
    }

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
