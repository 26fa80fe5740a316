//! How the huts are polled, and how much of what is stored is expected to be true.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::Db;
use super::schedule::{budget, candidates};
use super::schema::availability;
use crate::domain::day::Now;
use crate::domain::schedule::{DueState, Schedule, due_states};
use crate::domain::truth::Expected;
use crate::query::polling::Polling;

/// When each followed hut is due, and how the huts are polled. Four statements at most, of which one counts the open
/// nights of all huts.
pub fn load(
    db: &mut Db,
    schedule: &Schedule,
    now: &Now,
    next_days: u64,
) -> QueryResult<(Vec<DueState>, Polling)> {
    let candidates = candidates(db, now.today, next_days)?;
    let budget = match schedule.adaptive() {
        Some(adaptive) => Some(budget(db, adaptive, &candidates, now)?),
        None => None,
    };
    let open = open_nights(db, now.today)?;
    let states: Vec<DueState> = due_states(candidates, schedule).collect();
    let nights = |hut: &DueState| open.get(&hut.hut_id).copied().unwrap_or_default();
    let huts: Vec<(&DueState, u32)> = states.iter().map(|hut| (hut, nights(hut))).collect();
    let expected = Expected::new(&huts, now.at);
    Ok((states, Polling::new(schedule, budget.as_ref(), expected)))
}

/// The number of coming nights of each hut that its last successful check listed, that are not closed, and whose places
/// are known.
fn open_nights(db: &mut Db, today: NaiveDate) -> QueryResult<HashMap<i32, u32>> {
    let is_known =
        availability::total.gt(0).or(availability::free.ge(0).and(availability::total.is_null()));
    let counts: Vec<(i32, i64)> = availability::table
        .filter(availability::availability_date.ge(today))
        .filter(availability::last_checked.is_null())
        .filter(is_known)
        .group_by(availability::hut_id)
        .select((availability::hut_id, diesel::dsl::count_star()))
        .load(db)?;
    Ok(counts
        .into_iter()
        .map(|(hut, nights)| (hut, u32::try_from(nights).unwrap_or(u32::MAX)))
        .collect())
}
