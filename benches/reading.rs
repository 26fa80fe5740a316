//! How long readers wait: 700 huts, a year back and a year ahead, ten states per night.
//!
//!     cargo bench --bench reading                                    on SQLite, in target/
//!     DATABASE_URL=postgres://… cargo bench --bench reading          on an empty database, after `hut-availability migrate`
//!
//! The first run fills the database, which takes minutes. Later runs use it as it is.

mod year;

use std::env;
use std::ops::RangeInclusive;
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, Days, NaiveDate, Utc, WeekdaySet};
use divan::{Bencher, black_box};
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, open};
use hut_availability::db::reading::for_hut_detail::for_hut_detail;
use hut_availability::db::reading::for_map::for_map;
use hut_availability::db::reading::for_stays::{StaySearch, TourSearch, find_stays, find_tours};
use hut_availability::db::reading::for_trend::for_trend;
use hut_availability::domain::stay::Group;
use hut_availability::query::audience::Audience;
use hut_availability::query::stay_filter::StayFilter;
use hut_availability::query::views::dates;

static DATABASE: LazyLock<Mutex<Db>> = LazyLock::new(|| {
    let url = env::var("DATABASE_URL")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/target/reading.db").into())
        .parse()
        .expect("DATABASE_URL names a database");
    let mut db = open(&url, Access::ReadWrite).expect("the database opens");
    year::fill(&mut db);
    Mutex::new(db)
});

fn main() {
    drop(DATABASE.lock());
    divan::main();
}

/// Measures a query.
fn ask<T>(bencher: Bencher<'_, '_>, query: impl Fn(&mut Db) -> T + Sync) {
    bencher.bench(|| black_box(query(&mut DATABASE.lock().expect("one at a time"))));
}

fn days(count: u16) -> RangeInclusive<NaiveDate> {
    dates(year::TODAY + Days::new(30), count)
}

#[divan::bench(args = [1, 4, 31, 365])]
fn map(bencher: Bencher<'_, '_>, count: u16) {
    ask(bencher, |db| for_map(db, &days(count), None).expect("it is read").len());
}

#[divan::bench(args = [1, 14, 365])]
fn hut(bencher: Bencher<'_, '_>, count: u16) {
    ask(bencher, |db| for_hut_detail(db, "hut-350", &days(count)).expect("it is read"));
}

#[divan::bench]
fn trend(bencher: Bencher<'_, '_>) {
    let since = DateTime::<Utc>::MIN_UTC;
    ask(bencher, |db| for_trend(db, "hut-350", year::TODAY, since).expect("it is read"));
}

fn group() -> Group {
    let first = year::TODAY + Days::new(1);
    Group::new((first, first + Days::new(89)), WeekdaySet::ALL, 4).expect("a range")
}

/// 700 huts and 90 arrivals.
#[divan::bench(args = [1, 7])]
fn stays(bencher: Bencher<'_, '_>, nights: u16) {
    let search = StaySearch { group: group(), nights, filter: StayFilter::default(), limit: 1000 };
    ask(bencher, |db| find_stays(db, &search, Audience::Operators).expect("it is read").found);
}

/// Seven stages with two alternatives each.
#[divan::bench]
fn tours(bencher: Bencher<'_, '_>) {
    let stage = |number: usize| format!("hut-{number},hut-{}", number + 100);
    let stages = (1..=7).map(|number| stage(number).parse().expect("a stage")).collect();
    let search = TourSearch { group: group(), stages, limit: 1000 };
    ask(bencher, |db| find_tours(db, &search, Audience::Operators).expect("it is read").found);
}
