//! The cost of the steps of a check, in time and allocations: parsing an answer, comparing it, deciding which
//! huts are due, storing.
//!
//!     cargo bench --bench update                                    on SQLite
//!     DATABASE_URL=postgres://… cargo bench --bench update          on an empty database

use std::collections::BTreeMap;
use std::env;
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, open};
use hut_availability::db::write::update_availability;
use hut_availability::domain::availability::Check;
use hut_availability::domain::change_rate::ChangeRate;
use hut_availability::domain::diff::{Diff, StoredDay};
use hut_availability::domain::fingerprint::Fingerprint;
use hut_availability::domain::hut::{FollowedHut, HutTypes};
use hut_availability::domain::schedule::{
    Adaptive, Candidate, Intervals, LastCheck, Schedule, Spendable, needing_update,
};
use hut_availability::domain::state::State;
use hut_availability::domain::tier::{NEXT_DAYS, Tier, TierSpan};
use hut_availability::register::file;
use hut_availability::register::import;
use hut_availability::simulate::model::Model;
use hut_availability::sites::hut_reservation::availability::parse;
use hut_availability::sites::registry::Registry;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).expect("it is a day");

/// Noon of the first day plus some minutes.
fn at(minutes: i64) -> DateTime<Utc> {
    TODAY.and_hms_opt(12, 0, 0).expect("it is a time").and_utc() + TimeDelta::minutes(minutes)
}

/// An answer of the site.
static ANSWER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let days = Model::numbered(7, 3).availability("2", at(0)).expect("it knows the hut");
    serde_json::to_vec(&days).expect("plain values have JSON")
});

fn hut() -> FollowedHut {
    FollowedHut {
        id: 1,
        slug: "hut-1".into(),
        organization: "hrs".into(),
        source_hut_id: "1".into(),
        link: Some(hut_availability::sites::hut_reservation::address::booking_link("1")),
        types: HutTypes::default(),
    }
}

/// A check with a year of dates. `round` decides the free places of each twentieth date.
fn check(round: i64) -> Check {
    let answer = parse(&ANSWER, "1").expect("the fake site's answers are valid");
    let dates = TODAY..=TODAY + Days::new(364);
    let mut check = Check::new(&hut(), answer, &dates, at(round));
    for state in check.days.values_mut().step_by(20) {
        state.total = Some(40);
        state.free = Some((round % 40) as i16);
    }
    check
}

#[divan::bench]
fn parse_an_answer(bencher: Bencher<'_, '_>) {
    let answer = &*ANSWER;
    bencher
        .counter(divan::counter::BytesCount::new(answer.len()))
        .bench(|| parse(black_box(answer), "2"));
}

#[divan::bench]
fn convert_an_answer_to_a_check(bencher: Bencher<'_, '_>) {
    let dates = TODAY..=TODAY + Days::new(364);
    let (hut, answer) = (hut(), parse(&ANSWER, "2").expect("the answer is valid"));
    bencher
        .with_inputs(|| answer.clone())
        .bench_values(|answer| Check::new(&hut, answer, &dates, at(0)));
}

#[divan::bench]
fn summarize_a_check(bencher: Bencher<'_, '_>) {
    let check = check(0);
    bencher.bench(|| {
        (Fingerprint::of(black_box(&check)), TierSpan::new(TODAY, NEXT_DAYS, &check.days))
    });
}

#[divan::bench]
fn compare_a_year_of_which_a_twentieth_changed(bencher: Bencher<'_, '_>) {
    let day = |(date, state): (&NaiveDate, &State)| {
        let (organization, source_hut_id) = ("hrs".into(), "1".into());
        (
            *date,
            StoredDay {
                state: *state,
                organization,
                source_hut_id,
                is_listed: true,
                withdrawn: false,
            },
        )
    };
    let stored: BTreeMap<_, _> = check(0).days.iter().map(day).collect();
    let check = check(1);
    bencher.bench(|| Diff::new(black_box(&stored), &check));
}

#[divan::bench(args = [("tiers", 150), ("tiers", 10_000), ("adaptive", 150), ("adaptive", 10_000)])]
fn decide_which_huts_are_due(bencher: Bencher<'_, '_>, (policy, huts): (&str, i32)) {
    let tiers = [Tier::High, Tier::Medium, Tier::Low, Tier::Inactive];
    let candidate = |id: i32| {
        let run = Some(at(-i64::from(id % 200)));
        let tier = tiers[id as usize % 4];
        Candidate {
            hut_id: id,
            slug: format!("hut-{id}"),
            organization: "hrs".into(),
            is_watched: false,
            last_check: LastCheck {
                last_checked: run,
                last_checked_run: run,
                last_success_run: run,
                consecutive_failures: 0,
                tier,
                rate: ChangeRate { interest: f64::from(id % 97), nights: 9.0, hours: 240.0 },
            },
        }
    };
    let candidates: Vec<_> = (1..=huts).map(candidate).collect();
    let schedule = match policy {
        "tiers" => Schedule::Tiers(Intervals::default()),
        _ => {
            let watched = TimeDelta::minutes(30);
            Schedule::Adaptive(Adaptive { checks_per_day: 4.0, watched })
        }
    };
    let spendable = Spendable { checks: 1000, ..Spendable::default() };
    bencher
        .with_inputs(|| candidates.clone())
        .bench_values(|candidates| needing_update(candidates, at(0), &schedule, &spendable, None));
}

/// A database with one hut, and the minute of the hut's last check.
static DATABASE: LazyLock<Mutex<(Db, i64)>> = LazyLock::new(|| {
    let file = tempfile::NamedTempFile::new().expect("a file can be made").into_temp_path();
    let url = env::var("DATABASE_URL").unwrap_or_else(|_| file.display().to_string());
    let mut db = open(&url.parse().expect("DATABASE_URL names a database"), Access::ReadWrite)
        .expect("the database opens");
    let csv = "slug,name,organization,source_hut_id\nhut-1,Hut 1,hrs,1\n";
    let file = file::read(csv.as_bytes(), &Registry::default().organizations())
        .expect("the file is sound");
    import::import(&mut db, &file, &Registry::default().organizations())
        .expect("the hut is stored");
    Mutex::new((db, 0))
});

fn store(bencher: Bencher<'_, '_>, changes: impl Fn(i64) -> i64 + Sync) {
    let mut database = DATABASE.lock().expect("one at a time");
    let (db, minute) = &mut *database;
    bencher
        .with_inputs(|| {
            *minute += 1;
            Check { at: at(*minute), ..check(changes(*minute)) }
        })
        .bench_local_values(|check| {
            update_availability(db, &check, check.at).expect("the check is stored")
        });
}

#[divan::bench]
fn store_a_check_in_which_nothing_changed(bencher: Bencher<'_, '_>) {
    store(bencher, |_| 0);
}

#[divan::bench]
fn store_a_check_in_which_a_twentieth_changed(bencher: Bencher<'_, '_>) {
    store(bencher, |minute| minute);
}

/// A file of huts, read to its end. The time per hut must not grow with their number.
#[divan::bench(args = [1_000, 10_000, 100_000])]
fn read_a_file_of_huts(bencher: Bencher<'_, '_>, huts: usize) {
    let mut csv = String::from("slug,name,organization,source_hut_id\n");
    (1..=huts).for_each(|id| csv += &format!("hut-{id},Hut {id},hrs,{id}\n"));
    let organizations = Registry::default().organizations();
    bencher.counter(ItemsCount::new(huts)).bench(|| {
        let file = file::read(black_box(csv.as_bytes()), &organizations);
        file.expect("the file is sound").huts.len()
    });
}
