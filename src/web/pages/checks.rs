//! The page *Checks*: the failing huts with their errors, and the last runs.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};

use super::format;
use super::hut_fields::{CheckView, check};
use super::layout::{Layout, Section, page};
use super::times::{Moment, Times};
use crate::db::pages::checks::{self, CheckedHut};
use crate::db::{polling, update_run};
use crate::domain::day::Now;
use crate::domain::tier::NEXT_DAYS;
use crate::query::polling::{BudgetStatus, Polling, StaleHut};
use crate::query::run_log::Run;
use crate::text::humanize::{duration, pluralize};
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "checks.html")]
struct ChecksPage {
    layout: Layout,
    summary: Summary,
    polling: PollingView,
    rows: Vec<Row>,
    runs: Vec<RunView>,
    shows_watches: bool,
}

/// The number of huts by the result of their last check.
struct Summary {
    successful: String,
    /// The success that is longest ago, of the huts that do not fail.
    oldest_success: Option<Moment>,
    newest_check: Option<Moment>,
    never_checked: String,
    not_followed: String,
    failing: String,
}

/// How the huts are polled.
struct PollingView {
    budget: Option<String>,
    shortfall: Option<String>,
    accuracy: Option<String>,
    stalest: Vec<StaleRow>,
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

struct Row {
    hut_url: String,
    name: String,
    check: CheckView,
}

struct RunView {
    started: Moment,
    duration: String,
    run: Run,
    host: String,
}

/// The number of runs on the page: a day of runs that start every half hour.
const RUNS: i64 = 48;

/// `GET /checks`
pub async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let huts = app.read(checks::load).await?;
    let runs = app.read(|db| update_run::newest(db, RUNS)).await?;
    let (schedule, now) = (app.schedule(), Now::new(app.now(), app.timezone()));
    let (_, polling) = app.read(move |db| polling::load(db, &schedule, &now, NEXT_DAYS)).await?;
    let (followed, others): (Vec<_>, Vec<_>) =
        huts.iter().partition(|hut| hut.is_active && hut.booking_ref.is_some());
    let (failing, not_failing): (Vec<_>, Vec<_>) =
        followed.into_iter().partition(|hut| hut.check.consecutive_failures > 0);
    Ok(page(&ChecksPage {
        layout: Layout::new(&visitor, visitor.t.get("nav-checks"), Section::Checks),
        summary: summary(&failing, &not_failing, others.len(), &times),
        polling: polling_view(&polling, &huts, now.at),
        rows: failing.into_iter().map(|hut| row(hut, &times)).collect(),
        runs: runs.into_iter().map(|run| run_view(run, &times)).collect(),
        shows_watches: app.shows_watches(),
    }))
}

fn summary(
    failing: &[&CheckedHut],
    not_failing: &[&CheckedHut],
    others: usize,
    times: &Times,
) -> Summary {
    let successes = || not_failing.iter().filter_map(|hut| hut.check.last_success);
    let checks = failing.iter().chain(not_failing).filter_map(|hut| hut.check.last_checked);
    let successful = successes().count();
    Summary {
        successful: pluralize(successful, "hut"),
        oldest_success: successes().min().map(|at| times.ago(at.into())),
        newest_check: checks.max().map(|at| times.ago(at.into())),
        never_checked: pluralize(not_failing.len() - successful, "hut"),
        not_followed: pluralize(others, "hut"),
        failing: pluralize(failing.len(), "hut"),
    }
}

fn polling_view(polling: &Polling, huts: &[CheckedHut], now: DateTime<Utc>) -> PollingView {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let budget = polling.budget.as_ref();
    let expected = polling.expected_true.zip(polling.expected_true_mean);
    PollingView {
        budget: budget.map(|budget| {
            let BudgetStatus { per_day, spent_today, available, .. } = budget;
            format!("{per_day:.0} checks a day; {spent_today} spent today, {available} available now")
        }),
        shortfall: budget.and_then(|budget| {
            let (needed, per_hut) = (budget.needed_per_day, budget.needed_per_hut?);
            Some(format!(
                "The longest intervals need {needed:.0} checks a day: raise --checks-per-day to {per_hut:.2} or more."
            ))
        }),
        accuracy: expected.map(|(now, mean)| {
            format!(
                "{} of the open nights are expected to be as stored, {} in the mean of a day",
                percent(now),
                percent(mean)
            )
        }),
        stalest: polling
            .stalest
            .iter()
            // Huts that are not public are on no page.
            .filter(|stale| huts.iter().any(|hut| hut.slug == stale.slug))
            .map(|hut| stale_row(hut, now))
            .collect(),
    }
}

fn stale_row(hut: &StaleHut, now: DateTime<Utc>) -> StaleRow {
    let is_due = hut.due <= now;
    StaleRow {
        hut_url: format::hut_url(&hut.slug),
        slug: format::text(&hut.slug),
        age: duration(TimeDelta::seconds(hut.age_seconds)),
        changes_per_day: format!("{:.1}", hut.changes_per_day),
        open_nights: hut.open_nights,
        untrue_nights: format!("{:.1}", hut.untrue_nights),
        due: if is_due { "now".into() } else { format!("in {}", duration(hut.due - now)) },
    }
}

fn row(hut: &CheckedHut, times: &Times) -> Row {
    Row {
        hut_url: format::hut_url(&hut.slug),
        name: format::text(&hut.name),
        check: check(&hut.check, times),
    }
}

fn run_view(run: Run, times: &Times) -> RunView {
    RunView {
        started: times.ago(run.started_at),
        duration: run.duration().map(duration).unwrap_or_default(),
        host: format::text(&run.host),
        run,
    }
}
