//! The last runs, as rows and as a chart. Pure functions.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::query::run_log::Run;
use crate::text::texts::Texts;
use crate::web::pages::format;
use crate::web::pages::times::{Moment, Times};

/// The size of the chart in SVG units; a run is a bar.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 120.0;
/// The part of a bar's place that it fills.
const FILLED: f64 = 0.8;

/// A run as a row of the table.
pub struct RunRow {
    pub started: Moment,
    pub duration: String,
    pub mode: String,
    pub selected: i32,
    pub updated: i32,
    pub failed: i32,
    pub skipped: i32,
    pub changes: i32,
    pub result: String,
    pub needs_attention: bool,
    pub host: String,
}

#[must_use]
pub fn row(run: &Run, times: &Times) -> RunRow {
    RunRow {
        started: times.ago(run.started_at),
        duration: run.duration().map(|span| times.t.duration(span)).unwrap_or_default(),
        mode: format::text(&run.mode),
        selected: run.huts.selected,
        updated: run.huts.updated,
        failed: run.huts.failed,
        skipped: run.huts.skipped,
        changes: run.history_entries,
        result: result(times.t, run),
        needs_attention: run.needs_attention(),
        host: format::text(&run.host),
    }
}

/// How a run ended.
#[must_use]
pub fn result(t: Texts, run: &Run) -> String {
    t.get(&format!("run-{}", run.result().replace(' ', "-")))
}

/// A chart of the last runs: the huts of each, by outcome, the oldest run first.
#[derive(Clone, Debug, Template)]
#[template(path = "run_chart.html")]
pub struct RunChart {
    label: String,
    width: f64,
    height: f64,
    bars: Vec<Bar>,
}

impl HtmlSafe for RunChart {}

/// A part of a bar.
#[derive(Clone, Debug, PartialEq)]
struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    /// The CSS class: the outcome.
    class: &'static str,
}

impl RunChart {
    /// The chart of runs, which are the newest first.
    #[must_use]
    pub fn new(runs: &[Run], times: &Times) -> Self {
        let most = runs.iter().map(|run| run.huts.selected).max().unwrap_or(0).max(1);
        // As many places as there are runs.
        let place = WIDTH / f64::from(u32::try_from(runs.len().max(1)).unwrap_or(1));
        let mut bars = Vec::new();
        for (position, run) in (0_u32..).zip(runs.iter().rev()) {
            let mut y = HEIGHT;
            let parts =
                [("done", run.huts.updated), ("bad", run.huts.failed), ("rest", run.huts.skipped)];
            for (class, huts) in parts.into_iter().filter(|(_, huts)| *huts > 0) {
                let height = f64::from(huts) / f64::from(most) * HEIGHT;
                y -= height;
                let x = f64::from(position) * place;
                bars.push(Bar { x, y, width: place * FILLED, height, class });
            }
        }
        let label = times.t.count("chart-of-runs", runs.len()).and("most", most).to_string();
        Self { label, width: WIDTH, height: HEIGHT, bars }
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bars.is_empty()
    }
}
