//! How much years of history and thousands of huts slow down a run.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use comfy_table::Table;
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::schedule::Selection;

use crate::backend::Backend;
use crate::program::Programs;
use crate::replay::{Replayed, replay, select};
use crate::site::BookingSite;
use crate::{markdown, median};

const HEADER: [&str; 12] = [
    "backend",
    "huts",
    "years",
    "history rows",
    "select ms",
    "unchanged ms per hut",
    "as usual ms per hut",
    "nights as usual",
    "changed ms per hut",
    "claims ms per hut",
    "GiB",
    "KiB per hut and year",
];

/// A table with a row for each backend, number of huts, and years of history. Values are medians.
pub fn table(
    programs: &Programs,
    backends: &[Backend],
    huts: &[u32],
    years: &[u32],
    rounds: usize,
) -> Table {
    let mut rows = Vec::new();
    for backend in backends {
        for &huts in huts {
            for &years in years {
                eprintln!("{}, {huts} huts, {years} years", backend.name());
                rows.push(row(programs, backend, huts, years, rounds));
                backend.remove("bench");
            }
        }
    }
    markdown(&HEADER, rows)
}

fn row(
    programs: &Programs,
    backend: &Backend,
    huts: u32,
    years: u32,
    rounds: usize,
) -> Vec<String> {
    let mut site = BookingSite::new(huts);
    backend.create("bench", huts, programs);
    let mut db = backend.connect("bench");
    let at = site.later();
    replay(&mut db, &site, at);
    let before = backend.size("bench");
    let entries = if years > 0 { add_history(&mut db, years) } else { 0 };
    drop(db);
    backend.settle("bench");
    let size = backend.size("bench");
    let mut db = backend.connect("bench");
    let mut run = |site: &mut BookingSite| {
        backend.settle("bench");
        let at = site.later();
        replay(&mut db, site, at)
    };
    let (mut unchanged, mut as_usual, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        unchanged.push(run(&mut site));
        site.change_as_usual();
        as_usual.push(run(&mut site));
        site.change();
        changed.push(run(&mut site));
    }
    let at = site.later();
    let selections = (0..5).map(|_| {
        let begin = Instant::now();
        let due = select(&mut db, &Selection::Due, at + TimeDelta::minutes(5));
        assert!(due.is_empty(), "all huts were just checked");
        begin.elapsed().as_secs_f64() * 1000.0
    });
    let selecting = median(selections.collect());
    let per_hut = |runs: &[Replayed], time: fn(&Replayed) -> Duration| {
        let time = median(runs.iter().map(time).collect());
        format!("{:.3}", time.as_secs_f64() * 1000.0 / f64::from(huts))
    };
    let nights = median(as_usual.iter().map(|run| run.changed).collect());
    let kib_per_year =
        (years > 0).then(|| (size - before) as f64 / 1024.0 / f64::from(huts * years));
    vec![
        backend.name().into(),
        huts.to_string(),
        years.to_string(),
        entries.to_string(),
        format!("{selecting:.1}"),
        per_hut(&unchanged, |run| run.storing),
        per_hut(&as_usual, |run| run.storing),
        format!("{:.2}", nights as f64 / f64::from(huts)),
        per_hut(&changed, |run| run.storing),
        per_hut(&unchanged, |run| run.claiming),
        format!("{:.2}", size as f64 / f64::from(1 << 30)),
        kib_per_year.map_or("-".into(), |kib| format!("{kib:.0}")),
    ]
}

/// The number of states of each past night. At the real site, 10 to 27 of 366 to 731 dates change from one day
/// to the next. That is 3.1 % of them, for the year in which a night is listed.
const STATES: u32 = 11;

/// Adds the nights of past years with their history, and the history of the coming nights. Returns the number
/// of entries.
fn add_history(db: &mut Db, years: u32) -> i64 {
    let postgres = matches!(db, Db::Postgres(_));
    let (date, at) = if postgres {
        (
            "(date '2026-07-01' - day)",
            "timestamptz '2026-07-01 06:00Z' - make_interval(days => day + 33 * (STATES - state), mins => hut.id % 1000)",
        )
    } else {
        (
            "date('2026-07-01', -day || ' days')",
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-07-01 06:00', -(day + 33 * (STATES - state)) || ' days', -(hut.id % 1000) || ' minutes')",
        )
    };
    let at = |state: &str| at.replace("STATES", &STATES.to_string()).replace("state", state);
    let free = |state: &str| format!("(7 * {state} + hut.id + day) % 80");
    let days = years * 365;
    let rows = format!(
        "WITH RECURSIVE days (day) AS (SELECT 1 UNION ALL SELECT day + 1 FROM days WHERE day < {days}),
             states (state) AS (SELECT 0 UNION ALL SELECT state + 1 FROM states WHERE state < {STATES} - 1)"
    );
    // All referenced rows exist by construction. Checking that would take longer than inserting the rows.
    let (unchecked, checked) = if postgres {
        (
            "SET session_replication_role = replica;",
            "SET session_replication_role = origin; VACUUM ANALYZE",
        )
    } else {
        ("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -500000;", "ANALYZE")
    };
    let index = "availability_change_by_first_checked";
    for statement in [
        format!("{unchecked} DROP INDEX {index};"),
        format!(
            "INSERT INTO availability (hut_id, availability_date, source_organization, source_hut_id, free, total, hut_type, reservation_status, first_checked, last_checked)
             {rows} SELECT hut.id, {date}, 'hrs', CAST(hut.id AS text), {}, 80, 'hut', 'possible', {}, {}
             FROM hut, days ORDER BY hut.id, day DESC", free(&(STATES - 1).to_string()), at("0"), at(&STATES.to_string()),
        ),
        format!(
            "INSERT INTO availability_change (hut_id, availability_date, first_checked, last_checked, free, total, hut_type, reservation_status)
             {rows} SELECT hut.id, {date}, {}, {}, {}, 80, 'hut', 'possible'
             FROM hut, days, states ORDER BY hut.id, day DESC, state", at("state"), at("(state + 1)"), free("state"),
        ),
        // The coming nights have half of their states. Their current state begins where these end.
        format!(
            "INSERT INTO availability_change (hut_id, availability_date, first_checked, last_checked, free, total, hut_type, reservation_status)
             WITH RECURSIVE states (state) AS (SELECT 0 UNION ALL SELECT state + 1 FROM states WHERE state < {STATES} / 2 - 1)
             SELECT hut_id, availability_date, {}, {}, (free + 1 + state) % (total + 1), total, hut_type, reservation_status
             FROM availability_change JOIN hut ON hut.id = hut_id, states WHERE last_checked IS NULL",
            at("state").replace("day + 33", "33 + 33"), at("(state + 1)").replace("day + 33", "33 + 33"),
        ),
        format!("CREATE INDEX {index} ON availability_change (first_checked);"),
        checked.to_owned(),
    ] {
        for part in statement.split("; ").flat_map(|part| part.split_inclusive(';')) {
            db.batch_execute(part).expect("the rows are stored");
        }
    }
    crate::backend::number(db, "SELECT count(*) AS number FROM availability_change")
}
