//! How long readers wait: 700 huts, a year back and a year ahead, ten states per night.
//!
//!     cargo bench --bench reading                                    on SQLite, in target/
//!     DATABASE_URL=postgres://… cargo bench --bench reading          on an empty database
//!
//! The first run fills the database, which takes minutes. Later runs use it as it is.

mod year;

use std::env;
use std::ops::RangeInclusive;
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, Days, NaiveDate, Utc};
use divan::{Bencher, black_box};
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, open};
use hut_availability::db::reading::for_hut_detail::for_hut_detail;
use hut_availability::db::reading::for_map::for_map;
use hut_availability::db::reading::for_trend::for_trend;
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
