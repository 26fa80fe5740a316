//! How far runs at the same time help each other: workers under leases, in virtual time.
//!
//!     cargo bench --bench leases                    10,000 huts
//!     cargo bench --bench leases -- 100000          as many as you like
//!
//! Whether a hut may be asked, and when a request may start, is decided by the library itself
//! (`lease::claim`, `pace::Pace`), with its batches and intervals; made up are the sites' latency, how long
//! a statement takes, how many the database works on at a time, and who dies. It is the same every time.
//! It ends with an error where a hut is asked twice by workers that live, or is not done.

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
    // Cargo passes flags of its own.
    let huts = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(HUTS);
    println!(
        "{huts} huts; a statement takes {} ms, and the database works on {} at a time.",
        database::STATEMENT as f64 / 1_000.0,
        database::CORES,
    );
    for setting in SETTINGS {
        println!("\n{setting}");
        println!(
            "| workers | time | of the ideal | speed-up | huts/s | requests | statements a hut: \
             claims, times, storing | idle | waits for site_pace | database busy |"
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
    let a_hut = |statements: u64| statements as f64 / f64::from(huts);
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
        a_hut(figures.claiming),
        a_hut(figures.taking),
        a_hut(figures.storing),
        figures.idle * 100.0,
        figures.database_busy * 100.0,
    )
}
