//! Stores a check of a hut in one transaction, current state and history together.

use std::time::{self, Duration};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::check::{self, Attempt, HutCheck, Listed};
use super::connection::{Db, write_transaction};
use super::current::Dropped;
use super::guard::{Guard, Refusal, refusal};
use super::schema::hut_source;
use super::{current, history};
use crate::domain::availability::Check;
use crate::domain::change_rate::Seen;
use crate::domain::diff::Diff;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::schedule::Observed;
use crate::domain::tier::{NEXT_DAYS, TierSpan};
use crate::domain::timings::Stage;
use crate::domain::validators::Validators;
use crate::query::night::MAX_EMPTY_ANSWERS;
use crate::runtime::timing::Meter;

/// The result of storing a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The check is stored, or would be in a preview. The diff is what it changes.
    Updated(Diff),
    /// A newer check is stored already, by any run. This check was dropped.
    Outdated,
    Refused(Refusal),
}

/// The result of storing that a check failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    Yes,
    /// A newer check is stored already.
    Outdated,
    Refused(Refusal),
}

/// The run that makes the checks.
#[derive(Clone, Copy, Debug)]
pub struct RunContext {
    pub started_at: DateTime<Utc>,
    /// The dates from the first requested one to this many days later decide a hut's tier.
    pub next_days: u64,
    /// Whether the instants of checks are bounded by the clock of the database: without `--as-of`.
    pub is_bounded: bool,
}

impl RunContext {
    /// A run with the default number of days.
    #[must_use]
    pub fn started(at: DateTime<Utc>) -> Self {
        Self { started_at: at, next_days: NEXT_DAYS, is_bounded: false }
    }
}

/// Stores a check in one transaction, by the five rules of the contract.
pub fn update_availability(
    db: &mut Db,
    check: &Check,
    run_started: DateTime<Utc>,
) -> QueryResult<Stored> {
    let run = RunContext::started(run_started);
    let observed = check::load(db, check.hut_id)?.observed();
    store_check(db, check, run, &observed, &Guard::default(), &Meter::default(), |_| ())
}

/// The same, and calls `before_commit` with the changes. If the connection breaks during the commit, the check
/// may be stored or not ([`is_stored`]). `before_commit` may be called twice; the last call is the valid one.
/// The times go to `meter`.
pub fn store_check(
    db: &mut Db,
    check: &Check,
    run: RunContext,
    observed: &Observed,
    guard: &Guard,
    meter: &Meter,
    mut before_commit: impl FnMut(&Diff),
) -> QueryResult<Stored> {
    let begin = time::Instant::now();
    let fingerprint = Fingerprint::of(check);
    let span = TierSpan::new(*check.range.start(), run.next_days, &check.days);
    let listed = Listed::new(check, &fingerprint, span);
    let attempt = Attempt { at: check.at.into(), run_started: run.started_at.into() };
    let succeeded = |observed: &Observed, seen| {
        let rate = observed.after_check(check.at, seen);
        HutCheck::succeeded(attempt, listed.clone(), check.validators.clone().into(), rate)
    };
    if check.new_link.is_none() {
        let steady = Diff::steady(fingerprint.dates, fingerprint.bookable);
        before_commit(&steady);
        let succeeded = succeeded(observed, Seen::default());
        if check::confirm(db, check.hut_id, &succeeded, observed, guard)? {
            meter.add(begin.elapsed(), Stage::Writing);
            return Ok(Stored::Updated(steady));
        }
    }
    let mut comparing = Duration::ZERO;
    let stored = write_transaction(db, |db| {
        let begin = time::Instant::now();
        let (previous, holds) = check::lock(db, check.hut_id, guard)?;
        let stored = if holds {
            compare(db, check, &previous)?
        } else {
            Stored::Refused(refusal(db, guard, check.hut_id)?)
        };
        comparing = begin.elapsed();
        if let Stored::Updated(diff) = &stored {
            write(db, check, diff, &previous)?;
            let was_empty = previous.empty_answers >= MAX_EMPTY_ANSWERS;
            let seen = Seen::new(&diff.changed, *check.range.start());
            let succeeded = succeeded(&previous.observed(), seen);
            check::save(db, check.hut_id, &succeeded, (was_empty || diff.has_news()).into())?;
            before_commit(diff);
        }
        Ok(stored)
    });
    meter.add(comparing, Stage::Comparing);
    // Beginning and committing the transaction count as writing.
    meter.add(begin.elapsed() - comparing, Stage::Writing);
    stored
}

/// Stores that a site's answer is unchanged since the one with the `cached` validators. The result is
/// `Outdated` if another check has been stored since these validators were read.
pub fn store_unmodified(
    db: &mut Db,
    hut_id: i32,
    attempt: Attempt,
    cached: &Validators,
    observed: &Observed,
    guard: &Guard,
) -> QueryResult<Stored> {
    check::confirm_cached(db, hut_id, attempt, cached, observed, guard)?;
    // This also recognizes an earlier try that was committed and whose answer was lost.
    let check = check::load(db, hut_id)?;
    if check.is_from(attempt) {
        return Ok(unmodified(&check.listed));
    }
    match write_transaction(db, |db| check::lock(db, hut_id, guard))? {
        (_, true) => Ok(Stored::Outdated),
        (_, false) => Ok(Stored::Refused(refusal(db, guard, hut_id)?)),
    }
}

/// What storing an unchanged answer would change. Writes nothing.
pub fn preview_unmodified(db: &mut Db, hut_id: i32, attempt: Attempt) -> QueryResult<Stored> {
    let check = check::load(db, hut_id)?;
    let is_newer = check.is_newer_than(attempt.at);
    Ok(if is_newer { Stored::Outdated } else { unmodified(&check.listed) })
}

/// The result if all dates of the last check are unchanged.
fn unmodified(listed: &Listed) -> Stored {
    let number = |number: Option<i32>| number.unwrap_or_default().unsigned_abs() as usize;
    Stored::Updated(Diff::steady(number(listed.dates_listed), number(listed.dates_bookable)))
}

/// Whether the hut's last check was stored by this attempt.
pub fn is_stored(db: &mut Db, hut_id: i32, attempt: Attempt) -> QueryResult<bool> {
    Ok(check::load(db, hut_id)?.is_from(attempt))
}

/// What storing a check would change. Writes nothing.
pub fn preview(db: &mut Db, check: &Check) -> QueryResult<Stored> {
    let previous = check::load(db, check.hut_id)?;
    compare(db, check, &previous)
}

/// Stores that a check failed or listed nothing. Returns false, and stores nothing, if a newer check is stored.
pub fn record_failure(
    db: &mut Db,
    hut_id: i32,
    attempt: Attempt,
    is_empty: bool,
    error: &str,
) -> QueryResult<bool> {
    let recorded = store_failure(db, hut_id, attempt, is_empty, error, &Guard::default())?;
    Ok(recorded == Recorded::Yes)
}

/// The same, if the guard holds.
pub fn store_failure(
    db: &mut Db,
    hut_id: i32,
    attempt: Attempt,
    is_empty: bool,
    error: &str,
    guard: &Guard,
) -> QueryResult<Recorded> {
    write_transaction(db, |db| {
        let (previous, holds) = check::lock(db, hut_id, guard)?;
        if !holds {
            return Ok(Recorded::Refused(refusal(db, guard, hut_id)?));
        }
        if previous.is_newer_than(attempt.at) {
            return Ok(Recorded::Outdated);
        }
        let was_empty = previous.empty_answers >= MAX_EMPTY_ANSWERS;
        let failed = previous.failed(attempt, is_empty, error.to_owned());
        let is_emptied = !was_empty && failed.empty_answers >= MAX_EMPTY_ANSWERS;
        check::save(db, hut_id, &failed, is_emptied.into())?;
        Ok(Recorded::Yes)
    })
}

fn compare(db: &mut Db, check: &Check, previous: &HutCheck) -> QueryResult<Stored> {
    if previous.is_newer_than(check.at.into()) {
        return Ok(Stored::Outdated);
    }
    let stored = current::load(db, check, previous)?;
    Ok(Stored::Updated(Diff::new(&stored, check)))
}

fn write(db: &mut Db, check: &Check, diff: &Diff, previous: &HutCheck) -> QueryResult<()> {
    let hut_id = check.hut_id;
    if let Some(link) = &check.new_link {
        // The booking link belongs to the hut's source, not to each date.
        let source = hut_source::table.find((hut_id, &check.organization));
        diesel::update(source).set(hut_source::link.eq(link)).execute(db)?;
    }
    if let Some(last_success) = previous.last_success {
        let out_of_range: Vec<NaiveDate> = diff.out_of_range().collect();
        current::freeze(db, hut_id, &out_of_range, last_success, Dropped::OutOfRange)?;
        current::freeze(db, hut_id, &diff.withdrawn, last_success, Dropped::Withdrawn)?;
        history::set_open_until(db, hut_id, &diff.dropped_out, Some(last_success))?;
    }
    current::insert(db, check, &diff.created)?;
    current::update(db, check, diff.updated_rows())?;
    let returned: Vec<NaiveDate> = diff.returned.iter().map(|(date, _)| *date).collect();
    history::set_open_until(db, hut_id, &returned, None)?;
    let changed: Vec<NaiveDate> = diff.changed.iter().map(|day| day.date).collect();
    history::set_open_until(db, hut_id, &changed, Some(check.at.into()))?;
    history::record_change(db, check, diff.new_states())?;
    Ok(())
}
