//! The big tables, distributed by `hut_id` into partitions on one server. The program stores and returns
//! the same data as with whole tables, and a snapshot lists the statements that need more than one shard.

mod citus;
mod rules;
mod shards;

use chrono::{TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use hut_availability::db::check as hut_check;
use hut_availability::db::connection::Db;
use hut_availability::db::guard::Guard;
use hut_availability::db::lease::claim_huts;
use hut_availability::db::pages::changes::{self, ChangeFilter};
use hut_availability::db::pages::nights::{self, NightFilter, Sort, SortBy};
use hut_availability::db::pages::{checks, huts};
use hut_availability::db::reading::for_filling::for_filling;
use hut_availability::db::reading::for_hut_detail::for_hut_detail;
use hut_availability::db::reading::for_map::for_map;
use hut_availability::db::reading::for_trend::for_trend;
use hut_availability::db::schedule::{Selection, get_huts_needing_update};
use hut_availability::db::write::{
    RunContext, Stored, record_failure, store_check, update_availability,
};
use hut_availability::db::{check as last_check, status, update_run};
use hut_availability::domain::day::Now;
use hut_availability::domain::lease::{Claim, ClaimRequest, LastTry};
use hut_availability::domain::run::Mode;
use hut_availability::domain::schedule::{Intervals, Schedule};
use hut_availability::ops::prune::{LongPast, database};
use hut_availability::query::paging::Cursor;
use hut_availability::query::views::dates;
use hut_availability::runtime::timing::Meter;
use shards::{NamedQuery, shards_touched_by};

use crate::support::checks::{at, check, july};
use crate::support::database::{TestDatabase, current, history, violations};
use crate::support::statements::statements_of;

const BY_HUT: &str = include_str!("distributed/by_hut.sql");

/// Stores 39 huts with a month each, and one hut that was never checked.
fn with_months(database: &TestDatabase) -> Db {
    let mut db = database.with_huts(40);
    for hut_id in 1..40 {
        store(&mut db, hut_id, "10:00", &month(5));
    }
    db
}

fn month(free: i16) -> Vec<(u32, i16)> {
    (1..=31).map(|day| (day, free)).collect()
}

fn store(db: &mut Db, hut_id: i32, time: &str, days: &[(u32, i16)]) {
    let check = check(hut_id, time, days);
    update_availability(db, &check, check.at).unwrap();
}

fn distributed() -> (TestDatabase, Db) {
    let database = TestDatabase::postgres();
    let mut db = with_months(&database);
    db.batch_execute(BY_HUT).unwrap();
    db.batch_execute("ANALYZE").unwrap();
    (database, db)
}

fn due(db: &mut Db, selection: &Selection) -> usize {
    let schedule = Schedule::Tiers(Intervals::all(TimeDelta::zero()));
    let now = Now::new(at("12:00"), chrono_tz::UTC);
    get_huts_needing_update(db, selection, &now, 14, &schedule, None).unwrap().huts.len()
}

fn claim_eight(db: &mut Db) {
    let minute = TimeDelta::minutes(1);
    let run = update_run::begin(db, Utc::now(), Mode::Due, "here", 8, minute).unwrap();
    let wanted = (1..=8).map(|hut_id| ClaimRequest { hut_id, last_try: Default::default() });
    claim_huts(db, run, &wanted.collect::<Vec<_>>(), &[], minute).unwrap();
}

/// Stores a check of a hut that a run has claimed: one that finds nothing new, then a change.
fn under_claim(db: &mut Db) {
    let minute = TimeDelta::minutes(1);
    let run = update_run::begin(db, Utc::now(), Mode::Due, "here", 1, minute).unwrap();
    let last_checked = Some(at("10:00"));
    let wanted =
        ClaimRequest { hut_id: 12, last_try: LastTry { last_checked, ..LastTry::default() } };
    let (claim, claims) = claim_huts(db, run, &[wanted], &[], minute).unwrap();
    assert_eq!(claims, [Claim::Taken]);
    for (time, free) in [("11:00", 5), ("11:30", 6)] {
        let check = check(12, time, &month(free));
        let source = (check.organization.clone(), check.source_hut_id.clone());
        let guard = Guard { claim: Some(claim), source: Some(source), at: Some(check.at.into()) };
        let run = RunContext::started(check.at);
        let observed = hut_check::load(db, 12).unwrap().observed();
        let stored =
            store_check(db, &check, run, &observed, &guard, &Meter::default(), |_| ()).unwrap();
        assert!(matches!(stored, Stored::Updated(_)), "{stored:?}");
    }
}

fn nights_by(db: &mut Db, by: SortBy) {
    let sort = Sort { by, ..Sort::default() };
    assert_eq!(
        nights::page(db, &NightFilter::default(), sort, &Cursor::Start, 50).unwrap().len(),
        51
    );
}

fn fail(db: &mut Db) {
    let attempt = last_check::Attempt { at: at("14:00").into(), run_started: at("14:00").into() };
    assert!(record_failure(db, 9, attempt, false, "timeout").unwrap());
}

const QUERIES: &[NamedQuery] = &[
    ("the huts that are due", |db| assert_eq!(due(db, &Selection::Due), 40)),
    ("one hut by its slug", |db| assert_eq!(due(db, &Selection::Slug("hut-7".into())), 1)),
    ("claim eight huts", claim_eight),
    ("the first check of a hut", |db| store(db, 40, "11:00", &month(5))),
    ("a check that finds nothing new", |db| store(db, 7, "11:00", &month(5))),
    ("a check under a claim", under_claim),
    ("one that finds a change", |db| store(db, 7, "12:00", &[&[(1, 6)], &month(5)[1..]].concat())),
    ("one that misses a date", |db| store(db, 7, "12:30", &month(5)[1..])),
    ("one that finds it again", |db| store(db, 7, "13:00", &month(5))),
    ("one that fails", fail),
    ("whether a check is of the future", |db| {
        assert_eq!(status::checked_after(db, at("23:00")).unwrap().0, 0);
    }),
    ("map", |db| assert_eq!(for_map(db, &dates(july(1), 4), None).unwrap().len(), 40)),
    ("map of one hut", |db| {
        let one = Some(&["hut-7".to_owned()][..]);
        assert_eq!(for_map(db, &dates(july(1), 4), one).unwrap().len(), 1);
    }),
    ("hut", |db| {
        assert_eq!(
            for_hut_detail(db, "hut-7", &dates(july(1), 14)).unwrap().unwrap().days.len(),
            14
        );
    }),
    ("trend", |db| {
        let trend = for_trend(db, "hut-7", july(1), at("00:00")).unwrap().unwrap();
        assert_eq!(trend.entries.len(), 3);
    }),
    ("page of nights by date", |db| nights_by(db, SortBy::Date)),
    ("page of nights by free places", |db| nights_by(db, SortBy::Free)),
    ("how many nights", |db| {
        assert_eq!(nights::count(db, &NightFilter::default()).unwrap(), 40 * 31);
    }),
    ("page of the history", |db| {
        let page = changes::page(db, &ChangeFilter::default(), &Cursor::Start, 50);
        assert_eq!(page.unwrap().len(), 51);
    }),
    ("history of a night", |db| {
        assert_eq!(changes::of_night(db, 7, july(1)).unwrap().rows.len(), 3);
    }),
    ("histories of similar nights", |db| {
        assert_eq!(for_filling(db, 7, &[july(1), july(8)]).unwrap()[&july(1)].len(), 3);
    }),
    ("page of the checks", |db| assert_eq!(checks::load(db).unwrap().len(), 40)),
    ("page of the huts", |db| assert_eq!(huts::load(db).unwrap().len(), 40)),
    ("status", |db| {
        assert_eq!(status::failing(db).unwrap().len(), 1);
        status::last_success(db).unwrap().unwrap();
    }),
    ("verify", |db| assert_eq!(violations(db), [])),
    ("prune a hut", |db| {
        let past = LongPast::new(july(2), 0, chrono_tz::Europe::Zurich);
        assert_eq!(database::step_of_hut(db, 7, past).unwrap().dates, 1);
    }),
];

/// Check every new line of the snapshot: a statement that needs all shards goes to every server, however
/// many there are. `docs/scaling.md` says what to do about each. `INSTA_UPDATE=always` updates the
/// snapshot.
#[test]
fn which_statements_need_more_than_one_shard_is_known() {
    let (_database, mut db) = distributed();
    let shards_of_statements: Vec<String> =
        QUERIES.iter().map(|query| shards_touched_by(&mut db, query)).collect();
    insta::assert_snapshot!(shards_of_statements.join("\n"));
}

#[test]
fn citus_runs_every_statement() {
    let database = TestDatabase::postgres();
    let mut db = with_months(&database);
    for (name, query) in QUERIES {
        for statement in statements_of(&mut db, query) {
            let problems = rules::problems(&statement);
            assert!(problems.is_empty(), "{name}: {}\n{statement}", problems.join("; "));
        }
    }
}

#[test]
fn distributed_tables_hold_the_same_data_as_whole_tables() {
    let whole = TestDatabase::postgres();
    let mut whole_db = with_months(&whole);
    let (_database, mut db) = distributed();
    for (_, query) in QUERIES {
        query(&mut whole_db);
        query(&mut db);
    }
    assert_eq!(current(&mut db), current(&mut whole_db));
    assert_eq!(history(&mut db), history(&mut whole_db));
    let map = |db| for_map(db, &dates(july(1), 31), None).unwrap();
    assert_eq!(map(&mut db), map(&mut whole_db));
}

/// Tests the list of shards itself: it must tell statements on all shards from those on one.
#[test]
fn a_query_over_all_huts_is_reported_as_needing_all_shards() {
    let (_database, mut db) = distributed();
    let all: NamedQuery =
        ("all", |db| db.batch_execute("SELECT count(*) FROM availability").unwrap());
    assert!(
        shards_touched_by(&mut db, &all).contains("all shards"),
        "{}",
        shards_touched_by(&mut db, &all)
    );
    let one: NamedQuery = ("one", |db| {
        db.batch_execute("SELECT count(*) FROM availability WHERE hut_id = 7").unwrap();
    });
    assert!(
        shards_touched_by(&mut db, &one).contains("one shard "),
        "{}",
        shards_touched_by(&mut db, &one)
    );
}
