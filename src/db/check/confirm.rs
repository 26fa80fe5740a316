//! Stores a check that found the same as the one before, in one statement.

use diesel::define_sql_function;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::{Attempt, HutCheck, RateRow};
use crate::db::connection::Db;
use crate::db::guard::{Guard, Holds};
use crate::db::prepared;
use crate::db::room_changed::RoomChanged;
use crate::db::schema::hut_check;
use crate::db::timestamp::Timestamp;
use crate::domain::change_rate::Seen;
use crate::domain::schedule::Observed;
use crate::domain::validators::Validators;

/// Updates the last check of a hut if the new check lists exactly the same, in one statement that reads
/// nothing else. Returns false, and writes nothing, if the hut's last successful check listed something else
/// or is newer, or is not the one up to which the hut was `observed`, or the guard does not hold.
pub fn confirm(
    db: &mut Db,
    hut_id: i32,
    check: &HutCheck,
    observed: &Observed,
    guard: &Guard,
) -> QueryResult<bool> {
    let last_success = observed.until.map(Timestamp::from);
    if last_success >= check.last_success {
        return Ok(false);
    }
    let same = hut_check::hut_id
        .eq(hut_id)
        .and(hut_check::content_digest.eq(&check.listed.content_digest))
        .and(hut_check::range_from.eq(check.listed.range_from))
        .and(hut_check::range_until.eq(check.listed.range_until))
        .and(hut_check::listed_at.eq(hut_check::last_success))
        // The same conditions as in `is_newer_than`.
        .and(hut_check::last_checked.le(check.last_checked))
        .and(hut_check::last_success.eq(last_success))
        .and(Holds::new(db, guard));
    let changes = hut_check::changes.eq(RoomChanged::IfWasEmpty);
    Ok(prepared::update(hut_check::table, (check, changes), same).execute(db)? == 1)
}

define_sql_function! {
    fn coalesce(text: Nullable<Text>, default: Text) -> Text;
}

/// Updates the last check of a hut if the site has confirmed by the `cached` validators that its answer is unchanged.
pub fn confirm_cached(
    db: &mut Db,
    hut_id: i32,
    attempt: Attempt,
    cached: &Validators,
    observed: &Observed,
    guard: &Guard,
) -> QueryResult<usize> {
    let last_success = observed.until.map(Timestamp::from);
    if last_success >= Some(attempt.at) {
        return Ok(0);
    }
    let same = hut_check::hut_id
        .eq(hut_id)
        .and(hut_check::asked_digest.eq(&cached.asked_digest))
        .and(hut_check::listed_at.eq(hut_check::last_success))
        .and(coalesce(hut_check::etag, "").eq(cached.etag.as_deref().unwrap_or_default()))
        .and(
            coalesce(hut_check::last_modified, "")
                .eq(cached.last_modified.as_deref().unwrap_or_default()),
        )
        .and(hut_check::last_checked.le(attempt.at))
        .and(hut_check::last_success.eq(last_success))
        .and(Holds::new(db, guard));
    let rate = RateRow::from(observed.after_check(attempt.at.into(), Seen::default()));
    let confirmed = (
        hut_check::last_checked.eq(attempt.at),
        hut_check::last_checked_run.eq(attempt.run_started),
        hut_check::last_success.eq(attempt.at),
        hut_check::last_success_run.eq(attempt.run_started),
        hut_check::listed_at.eq(attempt.at),
        hut_check::has_data.eq(true),
        hut_check::empty_answers.eq(0),
        hut_check::consecutive_failures.eq(0),
        hut_check::last_error.eq(None::<String>),
        hut_check::failing_since.eq(None::<Timestamp>),
        hut_check::changes.eq(RoomChanged::IfWasEmpty),
        rate,
    );
    prepared::update(hut_check::table, confirmed, same).execute(db)
}
