//! First, unchanged and changed runs, and the floor under each.

use std::time::Duration;

use comfy_table::Table;
use strum::{Display, VariantArray};

use crate::backend::{Backend, Counts};
use crate::floor::floor;
use crate::program::{Programs, Ran};
use crate::replay::{Replayed, replay};
use crate::site::BookingSite;
use crate::{markdown, median};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "snake_case")]
enum Mode {
    First,
    Unchanged,
    Changed,
}

/// Seconds. Long enough that the program, the server and the fake site do not wait for each other's processor
/// time. They do not in production either.
const INTERVAL: &str = "0.02";

const HEADER: [&str; 13] = [
    "backend",
    "huts",
    "mode",
    "wall s",
    "in database s",
    "in the run s",
    "floor s",
    "ratio",
    "statements per hut",
    "row writes",
    "WAL KiB",
    "peak MiB",
    "cells changed",
];

struct Measured {
    ran: Ran,
    replayed: Replayed,
    floor: Duration,
    counts: Counts,
}

/// A table with a row for each backend, number of huts and mode.
pub fn table(programs: &Programs, backends: &[Backend], huts: &[u32], rounds: usize) -> Table {
    let mut rows = Vec::new();
    for (backend, &huts) in
        backends.iter().flat_map(|backend| huts.iter().map(move |huts| (backend, huts)))
    {
        let mut measured: Vec<Vec<Measured>> = Mode::VARIANTS.iter().map(|_| Vec::new()).collect();
        for _ in 0..rounds {
            let mut site = BookingSite::new(huts);
            backend.create("bench", huts, programs);
            for mode in Mode::VARIANTS {
                eprintln!("{}, {huts} huts, {mode}", backend.name());
                if *mode == Mode::Changed {
                    site.change();
                }
                measured[*mode as usize].push(measure(programs, backend, &mut site));
            }
        }
        for (mode, measured) in Mode::VARIANTS.iter().zip(measured) {
            rows.push(row(backend, huts, *mode, &measured));
        }
    }
    for database in ["bench", "before", "replayed", "counted"] {
        backends.iter().for_each(|backend| backend.remove(database));
    }
    markdown(&HEADER, rows)
}

/// Measures a run on the database `bench`, its part in the database alone, and the floor under that part.
fn measure(programs: &Programs, backend: &Backend, site: &mut BookingSite) -> Measured {
    let at = site.later();
    let now = at.to_rfc3339();
    for copy in ["before", "replayed", "counted"] {
        backend.copy("bench", copy);
        backend.settle(copy);
    }
    let counting = match backend {
        Backend::Sqlite(_) => {
            backend.count_by_triggers("counted");
            "counted"
        }
        Backend::Postgres(_) => "bench",
    };
    backend.settle("bench");
    let before = backend.counts(counting);
    let ran = update(programs, backend, "bench", site, &now);
    if counting != "bench" {
        update(programs, backend, counting, site, &now);
    }
    let after = backend.counts(counting);
    let counts = Counts {
        row_writes: after.row_writes - before.row_writes,
        wal_bytes: after.wal_bytes.zip(before.wal_bytes).map(|(after, before)| after - before),
    };
    let replayed = replay(&mut backend.connect("replayed"), site, at);
    Measured { ran, replayed, floor: floor(backend, "before", "bench", &now), counts }
}

fn update(
    programs: &Programs,
    backend: &Backend,
    database: &str,
    site: &BookingSite,
    at: &str,
) -> Ran {
    let (database, source) = (backend.url(database), format!("hrs={}", site.url()));
    programs.update(&[
        "--all",
        "--request-interval",
        INTERVAL,
        "--max-in-flight",
        "8",
        "--output",
        "json",
        "--timings",
        "--as-of",
        at,
        "--database-url",
        &database,
        "--source-url",
        &source,
    ])
}

fn row(backend: &Backend, huts: u32, mode: Mode, measured: &[Measured]) -> Vec<String> {
    let median_of =
        |number: &dyn Fn(&Measured) -> f64| median(measured.iter().map(number).collect());
    let in_database = median_of(&|m| m.replayed.in_database().as_secs_f64());
    let floor = median_of(&|m| m.floor.as_secs_f64());
    let last = measured.last().expect("there is a round");
    let report = last.ran.report();
    let cells = report.number("dates", "changed") as f64 / (f64::from(huts) * 365.0);
    let statements = report.number("timings", "statements") as f64 / f64::from(huts);
    let kib = last
        .counts
        .wal_bytes
        .map(|_| median_of(&|m| m.counts.wal_bytes.unwrap_or_default() as f64) / 1024.0);
    vec![
        backend.name().into(),
        huts.to_string(),
        mode.to_string(),
        format!("{:.2}", median_of(&|m| m.ran.wall.as_secs_f64())),
        format!("{in_database:.3}"),
        format!("{:.3}", median_of(&|m| m.ran.report().in_database())),
        format!("{floor:.3}"),
        format!("{:.1}", in_database / floor),
        format!("{statements:.1}"),
        last.counts.row_writes.to_string(),
        kib.map_or("-".into(), |kib| format!("{kib:.0}")),
        format!("{:.0}", median_of(&|m| m.ran.peak as f64) / 1024.0),
        format!("{:.1} %", cells * 100.0),
    ]
}
