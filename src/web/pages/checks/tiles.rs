//! The tiles of the page: how it goes, at a glance. Pure functions.

use chrono::{DateTime, TimeDelta, Utc};

use crate::db::pages::checks::CheckedHut;
use crate::query::polling::Polling;
use crate::query::run_log::Run;
use crate::text::texts::Texts;
use crate::web::pages::times::{Moment, Times};

/// How the huts are polled.
pub struct Health {
    pub overdue: usize,
    pub overdue_since: Option<DateTime<Utc>>,
    pub polling: Polling,
    /// Notifications that are not sent.
    pub pending: usize,
    pub oldest_pending: Option<DateTime<Utc>>,
}

/// A number with its meaning.
pub struct Tile {
    pub name: String,
    pub value: String,
    pub detail: Detail,
    /// Whether an operator should look into it.
    pub needs_attention: bool,
}

/// What stands below the number of a tile.
pub enum Detail {
    None,
    Text(String),
    At(String, Moment),
}

/// The tiles: overdue, failing, stalest, last run, budget, notifications.
#[must_use]
pub fn tiles(huts: &[CheckedHut], runs: &[Run], health: &Health, times: &Times) -> Vec<Tile> {
    let t = times.t;
    let since = |at: Option<DateTime<Utc>>| {
        at.map_or(Detail::None, |at| Detail::At(t.get("oldest-since"), times.ago(at)))
    };
    let tile = |name, value, detail, needs_attention| Tile {
        name: t.get(name),
        value,
        detail,
        needs_attention,
    };
    let followed: Vec<&CheckedHut> =
        huts.iter().filter(|hut| hut.is_active && hut.booking_ref.is_some()).collect();
    let failing = followed.iter().filter(|hut| hut.check.consecutive_failures > 0);
    let never = followed.iter().filter(|hut| hut.check.last_success.is_none()).count();
    let failing = failing.count();
    let oldest = followed.iter().filter_map(|hut| hut.check.last_success).min();
    let mut tiles = vec![
        tile(
            "tile-overdue",
            t.count("huts", health.overdue).to_string(),
            since(health.overdue_since),
            health.overdue > 0,
        ),
        tile(
            "tile-failing",
            t.count("of-huts", followed.len()).and("part", failing).to_string(),
            Detail::Text(t.count("tile-never", never).to_string()),
            failing > 0,
        ),
        tile(
            "tile-stalest",
            oldest.map_or_else(
                || t.get("never"),
                |at| t.duration(times.limits.now - DateTime::<Utc>::from(at)),
            ),
            accuracy(t, &health.polling),
            false,
        ),
        last_run(runs.first(), times),
    ];
    if let Some(budget) = &health.polling.budget {
        let spent = t.with("spent-today", "spent", budget.spent_today);
        let spent = spent.and("available", budget.available).to_string();
        let per_day = t.with("checks-a-day", "checks", t.decimal(budget.per_day, 0)).to_string();
        let is_short = budget.needed_per_hut.is_some();
        tiles.push(tile("tile-budget", per_day, Detail::Text(spent), is_short));
    }
    let is_late =
        health.oldest_pending.is_some_and(|at| times.limits.now - at > TimeDelta::hours(1));
    let pending = t.with("pending-count", "count", health.pending).to_string();
    tiles.push(tile("tile-pending", pending, since(health.oldest_pending), is_late));
    tiles
}

fn last_run(run: Option<&Run>, times: &Times) -> Tile {
    let t = times.t;
    let (value, detail, needs_attention) = match run {
        None => (t.get("no-runs"), Detail::None, true),
        Some(run) => (
            super::runs::result(t, run),
            Detail::At(t.get("started"), times.ago(run.started_at)),
            run.needs_attention(),
        ),
    };
    Tile { name: t.get("tile-last-run"), value, detail, needs_attention }
}

fn accuracy(t: Texts, polling: &Polling) -> Detail {
    let Some((now, mean)) = polling.expected_true.zip(polling.expected_true_mean) else {
        return Detail::None;
    };
    let percent = |share: f64| t.decimal(share * 100.0, 1);
    Detail::Text(t.with("accuracy", "now", percent(now)).and("mean", percent(mean)).to_string())
}

/// What to do about a budget that does not suffice for the longest intervals; empty if it does.
#[must_use]
pub fn shortfall(t: Texts, health: &Health) -> String {
    let needed = health
        .polling
        .budget
        .as_ref()
        .and_then(|budget| Some((budget.needed_per_day, budget.needed_per_hut?)));
    needed.map_or_else(String::new, |(per_day, per_hut)| {
        t.with("shortfall", "needed", t.decimal(per_day, 0))
            .and("per-hut", format!("{per_hut:.2}"))
            .to_string()
    })
}
