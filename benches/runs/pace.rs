//! Whether a run keeps the interval between two requests, however slowly the site answers.

use std::time::Duration;

use comfy_table::Table;

use crate::backend::Backend;
use crate::program::Programs;
use crate::site::BookingSite;
use crate::{markdown, median};

const HUTS: u32 = 150;
const INTERVAL: f64 = 0.1;
const LATENCIES: [f64; 5] = [0.0, 0.1, 0.5, 1.0, 2.0];

const HEADER: [&str; 6] =
    ["backend", "huts", "latency s", "wall s", "huts x interval + latency", "ratio"];

/// A table with a row for each backend and latency.
pub fn table(programs: &Programs, backends: &[Backend], rounds: usize) -> Table {
    let mut rows = Vec::new();
    for backend in backends {
        let mut site = BookingSite::new(HUTS);
        backend.create("bench", HUTS, programs);
        for latency in LATENCIES {
            eprintln!("{}, latency {latency} s", backend.name());
            site.set_latency(Duration::from_secs_f64(latency));
            let walls = (0..rounds).map(|_| {
                let (at, source) = (site.later().to_rfc3339(), format!("hrs={}", site.url()));
                let ran = programs.update(&[
                    "--all",
                    "--as-of",
                    &at,
                    "--database-url",
                    &backend.url("bench"),
                    "--source-url",
                    &source,
                ]);
                ran.wall.as_secs_f64()
            });
            let (wall, ideal) = (median(walls.collect()), f64::from(HUTS) * INTERVAL + latency);
            rows.push(vec![
                backend.name().into(),
                HUTS.to_string(),
                format!("{latency}"),
                format!("{wall:.2}"),
                format!("{ideal:.1}"),
                format!("{:.3}", wall / ideal),
            ]);
        }
        backend.remove("bench");
    }
    markdown(&HEADER, rows)
}
