//! How long the programs take to start, and to find that no hut is due.

use comfy_table::Table;

use crate::backend::Backend;
use crate::program::{Programs, Ran};
use crate::site::BookingSite;
use crate::{markdown, median};

const HUTS: u32 = 10_000;
const REPETITIONS: usize = 15;

/// A table with a row for each command.
pub fn table(programs: &Programs, backends: &[Backend]) -> Table {
    let time = |run: &dyn Fn() -> Ran| {
        let walls = (0..REPETITIONS).map(|_| run().wall.as_secs_f64() * 1000.0).collect();
        format!("{:.1}", median(walls))
    };
    let mut rows = vec![
        vec!["update-availability --help".into(), time(&|| programs.update(&["--help"]))],
        vec!["hut-availability --help".into(), time(&|| programs.operate(&["--help"]))],
    ];
    for backend in backends {
        eprintln!("{}, {HUTS} huts, none of them due", backend.name());
        let mut site = BookingSite::new(HUTS);
        backend.create("bench", HUTS, programs);
        let (url, source) = (backend.url("bench"), format!("hrs={}", site.url()));
        let update = |at: &str| {
            let options =
                ["--as-of", at, "--request-interval", "0", "--days", "30", "--output", "json"];
            programs.update(
                &[&options[..], &["--database-url", &url, "--source-url", &source]].concat(),
            )
        };
        update(&site.later().to_rfc3339());
        backend.settle("bench");
        for (what, minutes) in [("a minute later", 0), ("20 minutes later", 19)] {
            let mut now = site.later().to_rfc3339();
            for _ in 0..minutes {
                now = site.later().to_rfc3339();
            }
            let ran = update(&now);
            let selected = ran.report().number("huts", "selected");
            let time = time(&|| update(&now));
            rows.push(vec![
                format!("{}, {HUTS} huts, {what}: {selected} due", backend.name()),
                time,
            ]);
        }
        backend.remove("bench");
    }
    markdown(&["what", "ms"], rows)
}
