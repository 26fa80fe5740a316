//! How much runs at the same time speed each other up: a simulation of workers with leases in virtual time.
//!
//!     cargo bench --bench leases                    10,000 huts
//!     cargo bench --bench leases -- 100000          any other number
//!
//! The library itself decides whether a hut may be polled and when a request may start (`lease::claim`,
//! `request_slots::RequestSlots`), with its real batches and intervals. Simulated are the latency of the sites,
//! the time of a statement, the number of statements that the database runs at a time, and the deaths of
//! workers. The results are the same every time. The simulation fails if two live workers poll the same hut,
//! or if a hut is not polled at all.

mod asking;
mod database;
mod lines;
mod random;
mod worker;
mod world;

use world::{Figures, Setting, World};

const WORKERS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
const HUTS: i32 = 10_000;

const SETTINGS: [Setting; 6] = [
    Setting { interval_ms: 100, latency_ms: 300, in_flight: 24, dying: 0 },
    Setting { interval_ms: 100, latency_ms: 2_000, in_flight: 24, dying: 0 },
    Setting { interval_ms: 100, latency_ms: 2_000, in_flight: 24, dying: 4 },
    Setting { interval_ms: 100, latency_ms: 2_000, in_flight: 4, dying: 0 },
    Setting { interval_ms: 0, latency_ms: 300, in_flight: 24, dying: 0 },
    Setting { interval_ms: 0, latency_ms: 2_000, in_flight: 24, dying: 0 },
];

fn main() {
    // Cargo passes flags of its own, which are not numbers.
    let huts = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(HUTS);
    println!(
        "{huts} huts; a statement takes {} ms, and the database runs {} at a time.",
        database::STATEMENT as f64 / 1_000.0,
        database::CORES,
    );
    for setting in SETTINGS {
        println!("\n{setting}");
        println!(
            "| workers | time | time / (huts × interval) | speed-up | huts/s | requests | statements per hut: \
             claiming, request times, storing | idle | waits for site_pace | database busy |"
        );
        println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        let mut alone = None;
        for workers in WORKERS {
            let figures = World::new(huts, workers, setting).run();
            let alone = *alone.get_or_insert(figures.seconds);
            println!("{}", row(workers, &figures, huts, alone, &setting));
        }
    }
}

fn row(workers: usize, figures: &Figures, huts: i32, alone: f64, setting: &Setting) -> String {
    let per_hut = |statements: u64| statements as f64 / f64::from(huts);
    let ideal = match setting.interval_ms {
        0 => "-".to_owned(),
        interval => {
            let ideal = f64::from(huts) * f64::from(interval) / 1_000.0;
            format!("{:.3}", figures.seconds / ideal)
        }
    };
    let waits = match figures.taken {
        0 => "-".to_owned(),
        taken => format!(
            "{:.1} %, {:.1} ms",
            figures.waits as f64 / taken as f64 * 100.0,
            figures.waited / 1_000.0 / figures.waits.max(1) as f64,
        ),
    };
    format!(
        "| {workers} | {:.1} s | {ideal} | {:.2} | {:.1} | {} | {:.1} + {:.1} + {:.1} | {:.0} % | {waits} | {:.0} % |",
        figures.seconds,
        alone / figures.seconds,
        f64::from(huts) / figures.seconds,
        figures.requests,
        per_hut(figures.claiming),
        per_hut(figures.taking),
        per_hut(figures.storing),
        figures.idle * 100.0,
        figures.database_busy * 100.0,
    )
}
