//! The page *Checks*, for operators: tiles that say how it goes, the errors, the stalest huts, and the last runs.

mod errors;
mod runs;
mod tiles;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};

use self::errors::KindRow;
use self::runs::{RunChart, RunRow};
use self::tiles::{Detail, Health, Tile, tiles};
use super::format;
use super::hut_fields::{CheckView, check};
use super::layout::{Layout, Section, page};
use super::times::Times;
use crate::db::connection::Db;
use crate::db::pages::checks::{self, CheckedHut};
use crate::db::watch::delivery;
use crate::db::{polling, update_run};
use crate::domain::day::Now;
use crate::domain::schedule::Schedule;
use crate::domain::tier::NEXT_DAYS;
use crate::query::polling::StaleHut;
use crate::query::run_log::Run;
use crate::query::status::by_tier;
use crate::text::texts::Texts;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

/// The runs of the chart: a day of runs that start every half hour.
const RUNS: i64 = 48;

/// The runs of the table. On a phone each is a card.
const ROWS_OF_RUNS: usize = 10;

/// The failing huts of the table. `status` lists all of them.
const ROWS_OF_FAILING: usize = 20;

#[derive(Template)]
#[template(path = "checks.html")]
struct ChecksPage {
    layout: Layout,
    tiles: Vec<Tile>,
    /// What to do about a budget that does not suffice; may be empty.
    shortfall: String,
    kinds: Vec<KindRow>,
    failing: Vec<FailingRow>,
    /// The failing huts that are not listed.
    more_failing: usize,
    stalest: Vec<StaleRow>,
    chart: RunChart,
    runs: Vec<RunRow>,
    shows_watches: bool,
}

struct FailingRow {
    hut_url: String,
    name: String,
    check: CheckView,
}

struct StaleRow {
    hut_url: String,
    slug: String,
    age: String,
    changes_per_day: String,
    open_nights: u32,
    untrue_nights: String,
    due: String,
}

/// `GET /checks`
pub async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let (schedule, now) = (app.schedule(), Now::new(app.now(), app.timezone()));
    let (huts, runs, health) = app.read(move |db| load(db, &schedule, &now)).await?;
    let is_followed = |hut: &&CheckedHut| hut.is_active && hut.booking_ref.is_some();
    let failing = |hut: &&CheckedHut| hut.check.consecutive_failures > 0;
    let failing: Vec<&CheckedHut> = huts.iter().filter(is_followed).filter(failing).collect();
    let t = visitor.t;
    let stalest = health.polling.stalest.iter();
    // Huts that are not public are on no page.
    let stalest = stalest.filter(|stale| huts.iter().any(|hut| hut.slug == stale.slug));
    Ok(page(&ChecksPage {
        layout: Layout::new(&visitor, t.get("nav-checks"), Section::Checks),
        tiles: tiles(&huts, &runs, &health, &times),
        shortfall: tiles::shortfall(t, &health),
        kinds: errors::by_kind(&failing),
        more_failing: failing.len().saturating_sub(ROWS_OF_FAILING),
        failing: (failing.iter().take(ROWS_OF_FAILING))
            .map(|hut| failing_row(hut, &times))
            .collect(),
        stalest: stalest.map(|hut| stale_row(t, hut, now.at)).collect(),
        chart: RunChart::new(&runs, &times),
        runs: runs.iter().take(ROWS_OF_RUNS).map(|run| runs::row(run, &times)).collect(),
        shows_watches: app.shows_watches(),
    }))
}

fn load(
    db: &mut Db,
    schedule: &Schedule,
    now: &Now,
) -> anyhow::Result<(Vec<CheckedHut>, Vec<Run>, Health)> {
    let huts = checks::load(db)?;
    let runs = update_run::newest(db, RUNS)?;
    let (due_states, polling) = polling::load(db, schedule, now, NEXT_DAYS)?;
    let tiers = by_tier(&due_states, now.at);
    let health = Health {
        overdue: tiers.iter().map(|tier| tier.overdue).sum(),
        overdue_since: tiers.iter().filter_map(|tier| tier.overdue_since).min(),
        polling,
        pending: delivery::pending(db)?,
        oldest_pending: delivery::oldest_pending(db)?,
    };
    Ok((huts, runs, health))
}

fn failing_row(hut: &CheckedHut, times: &Times) -> FailingRow {
    FailingRow {
        hut_url: format::hut_url(&hut.slug),
        name: format::text(&hut.name),
        check: check(&hut.check, times),
    }
}

fn stale_row(t: Texts, hut: &StaleHut, now: DateTime<Utc>) -> StaleRow {
    StaleRow {
        hut_url: format::hut_url(&hut.slug),
        slug: format::text(&hut.slug),
        age: t.duration(TimeDelta::seconds(hut.age_seconds)),
        changes_per_day: t.decimal(hut.changes_per_day, 1),
        open_nights: hut.open_nights,
        untrue_nights: t.decimal(hut.untrue_nights, 1),
        due: match hut.due {
            due if due <= now => t.get("now"),
            due => t.with("in-time", "duration", t.duration(due - now)).to_string(),
        },
    }
}
