//! The tables of the status report.

use chrono_tz::Tz;
use comfy_table::{Cell, Color};

use crate::query::status::{Status, Tier};
use crate::terminal::screen::{Narrowing, Screen};
use crate::text::humanize::{age, duration, narrow_instant};
use crate::text::visible::visible;

/// Characters of an error in the report. The whole error is in the JSON and in the view of the hut.
const MAX_ERROR_LEN: usize = 100;

/// The beginning of an error.
pub fn shortened(error: Option<&str>) -> String {
    visible(error.unwrap_or_default()).chars().take(MAX_ERROR_LEN).collect()
}

/// The number of huts of each tier.
pub fn tiers(status: &Status, screen: Screen) -> String {
    let mut table = screen.table_of(&["TIER", "HUTS", "OVERDUE", "SINCE"], &[1, 2]);
    for Tier { tier, huts, overdue, overdue_since } in &status.tiers {
        let since = overdue_since.map(|since| age(since, status.at));
        let overdue = warning(Cell::new(overdue), *overdue > 0);
        table.add_row([
            Cell::new(tier),
            Cell::new(huts),
            overdue,
            Cell::new(since.unwrap_or_default()),
        ]);
    }
    table.trim_fmt()
}

/// The latest runs.
pub fn runs(status: &Status, timezone: Tz, screen: Screen) -> String {
    let columns = ["LAST RUNS", "", "TOOK", "HUTS", "FAILED", "CHANGES", "RESULT", "HOST"];
    let mut table = screen.table_of(&columns, &[3, 4, 5]);
    for run in &status.runs {
        table.add_row([
            Cell::new(narrow_instant(run.started_at, timezone)),
            Cell::new(age(run.started_at, status.at)),
            Cell::new(run.duration().map(duration).unwrap_or_default()),
            Cell::new(run.huts.selected),
            warning(Cell::new(run.huts.failed), run.huts.failed > 0),
            Cell::new(run.history_entries),
            warning(Cell::new(run.result()), run.needs_attention()),
            Cell::new(visible(&run.host)),
        ]);
    }
    // Without the host, the age, the duration and the changes.
    screen.fit(table, &Narrowing { drop: &[7, 1, 2, 5], shorten: &[7] })
}

/// The huts whose last check has failed.
pub fn failing(status: &Status, screen: Screen) -> String {
    let columns = ["HUT", "SITE", "FAILURES", "SINCE", "LAST SUCCESS", "LAST ERROR"];
    let mut table = screen.table_of(&columns, &[2]);
    for hut in &status.failing {
        let ago = |at| age(at, status.at);
        table.add_row([
            Cell::new(visible(&hut.slug)),
            Cell::new(visible(&hut.organization)),
            warning(Cell::new(hut.consecutive_failures), true),
            Cell::new(hut.failing_since.map(ago).unwrap_or_default()),
            Cell::new(hut.last_success.map_or_else(|| "never".into(), ago)),
            Cell::new(shortened(hut.last_error.as_deref())),
        ]);
    }
    // Without the site and the last success: `hut` shows them.
    screen.fit(table, &Narrowing { drop: &[4, 1], shorten: &[0, 5] })
}

fn warning(cell: Cell, is_bad: bool) -> Cell {
    if is_bad { cell.fg(Color::Red) } else { cell }
}
