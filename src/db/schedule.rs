//! Selects the huts that a run polls, with the data of their last checks.

mod candidates;

use std::collections::HashMap;

use anyhow::{Context, bail};
use chrono::{DateTime, TimeDelta};
use diesel::prelude::*;

pub use self::candidates::candidates;
use super::check::{RateRow, ValidatorsRow};
use super::connection::Db;
use super::schema::{hut, hut_check, hut_source};
use super::timestamp::Timestamp;
use super::{budget, register, request_slots};
use crate::domain::day::Now;
use crate::domain::hut::{FollowedHut, HutType, HutTypes};
use crate::domain::lease::LastTry;
use crate::domain::schedule::adaptive::needed_per_day;
use crate::domain::schedule::budget::{Budget, Daily};
use crate::domain::schedule::{
    Adaptive, Candidate, DueState, Observed, Reason, Schedule, SelectedHut, Spendable,
    needing_update,
};
use crate::query::hut_name::no_such_hut;

/// Which huts a run polls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The huts that are due.
    Due,
    /// Those of them that an active watch has.
    Watched,
    /// Every hut with a booking reference, due or not.
    All,
    Slug(String),
    Id(i32),
}

/// How many of the due huts are read in one statement, because the number of its parameters is limited.
const BATCH_SIZE: usize = 1000;

/// The huts that a run polls, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selected {
    pub huts: Vec<SelectedHut>,
    /// What the run may spend, if it selects due huts by the adaptive schedule.
    pub budget: Option<Budget>,
}

/// The selected huts. The dates from today to today + `next_days` decide their tiers. With `max_ahead`, huts with a
/// stored instant that is further in the future count as due.
pub fn get_huts_needing_update(
    db: &mut Db,
    selection: &Selection,
    now: &Now,
    next_days: u64,
    schedule: &Schedule,
    max_ahead: Option<TimeDelta>,
) -> anyhow::Result<Selected> {
    ensure_followed(db, selection)?;
    let all = |huts| Selected { huts, budget: None };
    let selected = match selection {
        Selection::Due => select_due(db, now, next_days, schedule, max_ahead),
        Selection::Watched => select_watched(db, now, next_days, schedule, max_ahead).map(all),
        Selection::All => followed(db, Which::All).map(by_slug).map(all),
        Selection::Slug(slug) => followed(db, Which::Slug(slug)).map(all),
        Selection::Id(id) => followed(db, Which::Ids(&[*id])).map(all),
    };
    selected.context("cannot read the huts")
}

fn select_due(
    db: &mut Db,
    now: &Now,
    next_days: u64,
    schedule: &Schedule,
    max_ahead: Option<TimeDelta>,
) -> QueryResult<Selected> {
    let candidates = candidates(db, now.today, next_days)?;
    let (budget, spendable) = match schedule {
        Schedule::Tiers(_) => (None, Spendable::default()),
        Schedule::Adaptive(adaptive) => {
            let budget = budget(db, adaptive, &candidates, now)?;
            let paused = request_slots::paused(db, now.at)?;
            (Some(budget), Spendable { checks: budget.allowance.checks, paused })
        }
    };
    let due = needing_update(candidates, now.at, schedule, &spendable, max_ahead);
    Ok(Selected { huts: with_requests(db, due, budget.is_some())?, budget })
}

/// The budget of the huts that may be due.
pub(super) fn budget(
    db: &mut Db,
    adaptive: &Adaptive,
    candidates: &[Candidate],
    now: &Now,
) -> QueryResult<Budget> {
    let huts = candidates.len();
    let needed = needed_per_day(candidates.iter().map(|hut| &hut.last_check));
    let daily = Daily { budget: adaptive.per_day(huts), needed };
    Ok(Budget { allowance: budget::allowance(db, daily, now)?, huts, daily })
}

/// The watched huts that are due. They have a budget of their own.
fn select_watched(
    db: &mut Db,
    now: &Now,
    next_days: u64,
    schedule: &Schedule,
    max_ahead: Option<TimeDelta>,
) -> QueryResult<Vec<SelectedHut>> {
    let mut candidates = candidates(db, now.today, next_days)?;
    candidates.retain(|hut| hut.is_watched);
    let due = needing_update(candidates, now.at, schedule, &Spendable::default(), max_ahead);
    with_requests(db, due, false)
}

/// Sorts here and not in the database, where it takes longer and depends on the locale.
fn by_slug(mut huts: Vec<SelectedHut>) -> Vec<SelectedHut> {
    huts.sort_unstable_by(|a, b| a.hut.slug.cmp(&b.hut.slug));
    huts
}

/// The due huts, in their order, with the data for their requests.
fn with_requests(
    db: &mut Db,
    due: Vec<DueState>,
    has_budget: bool,
) -> QueryResult<Vec<SelectedHut>> {
    let mut huts = HashMap::with_capacity(due.len());
    for batch in due.chunks(BATCH_SIZE) {
        let ids: Vec<i32> = batch.iter().map(|hut| hut.hut_id).collect();
        huts.extend(followed(db, Which::Ids(&ids))?.into_iter().map(|hut| (hut.hut.id, hut)));
    }
    // A hut that has lost its booking reference meanwhile is left out. If another run tried the hut
    // meanwhile, the stale `last_try` makes the claim fail.
    let selected = |due_state: DueState| {
        let hut = huts.remove(&due_state.hut_id)?;
        Some(SelectedHut {
            reason: due_state.reason(),
            interval: Some(due_state.interval).filter(|interval| !interval.is_zero()),
            is_budgeted: has_budget && !due_state.is_watched,
            last_try: due_state.last_check.last_try(),
            ..hut
        })
    };
    Ok(due.into_iter().filter_map(selected).collect())
}

#[derive(Clone, Copy)]
enum Which<'a> {
    All,
    Slug(&'a str),
    Ids(&'a [i32]),
}

type FollowedRow = (
    (i32, String, Option<HutType>, Option<HutType>, Option<i16>, Option<i16>),
    (String, String, Option<String>),
    Option<(Option<Timestamp>, i32, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>)>,
    Option<ValidatorsRow>,
    Option<RateRow>,
);

/// Huts with a booking reference, with the data for their requests, in no order. Huts that are being taken over are
/// polled by another program.
fn followed(db: &mut Db, which: Which<'_>) -> QueryResult<Vec<SelectedHut>> {
    let of_booking_ref = hut_source::hut_id
        .eq(hut::id)
        .and(hut_source::organization.nullable().eq(hut::booking_ref));
    let query = hut::table
        .inner_join(hut_source::table.on(of_booking_ref))
        .left_join(hut_check::table)
        .filter(hut::takeover_read_at.is_null())
        .select((
            (
                hut::id,
                hut::slug,
                hut::hut_type_open,
                hut::hut_type_closed,
                hut::capacity_open,
                hut::capacity_closed,
            ),
            (hut_source::organization, hut_source::source_hut_id, hut_source::link),
            (
                hut_check::last_checked,
                hut_check::consecutive_failures,
                hut_check::last_checked_run,
                hut_check::last_success_run,
                hut_check::last_success,
            )
                .nullable(),
            (hut_check::etag, hut_check::last_modified, hut_check::asked_digest).nullable(),
            (hut_check::rate_interest, hut_check::rate_nights, hut_check::rate_hours).nullable(),
        ))
        .into_boxed();
    let rows: Vec<FollowedRow> = match which {
        Which::All => query,
        Which::Slug(slug) => query.filter(hut::slug.eq(slug)),
        Which::Ids(ids) => query.filter(hut::id.eq_any(ids)),
    }
    .load(db)?;
    Ok(rows.into_iter().map(selected_hut).collect())
}

fn selected_hut((hut, source, last_try, validators, rate): FollowedRow) -> SelectedHut {
    let (id, slug, open, closed, capacity_open, capacity_closed) = hut;
    let (organization, source_hut_id, link) = source;
    let (last_checked, consecutive_failures, last_run, success_run, last_success) =
        last_try.unwrap_or_default();
    let latest_instant = last_checked.max(last_run).max(success_run).map(DateTime::from);
    let types = HutTypes { open, closed, capacity_open, capacity_closed };
    SelectedHut {
        hut: FollowedHut { id, slug, organization, source_hut_id, link, types },
        reason: Reason::Requested,
        interval: None,
        is_budgeted: false,
        last_try: LastTry { last_checked: last_checked.map(DateTime::from), consecutive_failures },
        cached: validators.unwrap_or_default().into(),
        observed: Observed {
            rate: rate.unwrap_or_default().into(),
            until: last_success.map(DateTime::from),
        },
        latest_instant,
    }
}

/// Returns an error if the hut that is selected by its slug or ID does not exist, has no bookings to follow, or is being
/// taken over.
fn ensure_followed(db: &mut Db, selection: &Selection) -> anyhow::Result<()> {
    let columns = (hut::slug, hut::booking_ref, hut::takeover_read_at);
    let query = hut::table.select(columns).into_boxed();
    let query = match selection {
        Selection::Slug(slug) => query.filter(hut::slug.eq(slug)),
        Selection::Id(id) => query.filter(hut::id.eq(id)),
        Selection::Due | Selection::Watched | Selection::All => return Ok(()),
    };
    let found: Option<(String, Option<String>, Option<Timestamp>)> =
        query.first(db).optional().context("cannot read the huts")?;
    match (found, selection) {
        (None, Selection::Slug(slug)) => Err(no_such_hut(&register::names(db)?, slug).into()),
        (None, Selection::Id(id)) => {
            bail!("there is no hut with the ID {id}: `hut-availability huts list` lists all huts")
        }
        (Some((slug, _, Some(_))), _) => bail!(
            "the hut {slug:?} is being taken over from the Wodore backend, which still polls it: after \
             `hut-availability takeover --finish` this program does"
        ),
        (Some((slug, None, None)), _) => bail!(
            "the hut {slug:?} has no booking reference, so there is no site to ask: \
             set one with `hut-availability huts set {slug} booking_ref=…`"
        ),
        (Some(_) | None, _) => Ok(()),
    }
}
