//! The huts that may be due, with the data that decides it.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Date, Double, Integer, Nullable, Text};

use crate::db::connection::{Db, MultiBackend};
use crate::db::timestamp::{Timestamp, Timestamptz};
use crate::db::watch::stored::watched_huts;
use crate::domain::change_rate::ChangeRate;
use crate::domain::schedule::{Candidate, LastCheck};
use crate::domain::tier::{Tier, UNPUBLISHED_COUNTS_AS};

/// The huts that may be due, with the data that decides it and nothing else, because most are not due.
pub fn candidates(db: &mut Db, today: NaiveDate, next_days: u64) -> QueryResult<Vec<Candidate>> {
    let select = SelectCandidates {
        today,
        until: today + Days::new(next_days),
        next_days: i32::try_from(next_days).ok(),
    };
    let watched = watched_huts(db, today)?;
    let with_watched = |row| candidate(row, &watched);
    Ok(select.load::<CandidateRow>(db)?.into_iter().map(with_watched).collect())
}

type CandidateRow = (
    i32,
    String,
    Option<String>,
    Option<Timestamp>,
    Option<Timestamp>,
    Option<Timestamp>,
    Option<i32>,
    (Option<f64>, Option<f64>, Option<f64>),
    // The stored tier if it is valid today, otherwise the highest occupancy.
    Option<Tier>,
    Option<f64>,
    // Whether any listed date is known, if the stored tier is not valid.
    Option<i32>,
);

fn candidate(row: CandidateRow, watched: &BTreeSet<i32>) -> Candidate {
    let (hut_id, slug, organization, last_checked, last_checked_run, last_success_run, ..) = row;
    let (.., failures, rate, tier, highest_occupancy, any_known) = row;
    let (interest, nights, hours) = rate;
    let last_check = LastCheck {
        last_checked: last_checked.map(DateTime::from),
        last_checked_run: last_checked_run.map(DateTime::from),
        last_success_run: last_success_run.map(DateTime::from),
        consecutive_failures: failures.unwrap_or_default(),
        tier: tier.unwrap_or_else(|| Tier::of(highest_occupancy, any_known.is_some())),
        rate: ChangeRate {
            interest: interest.unwrap_or_default(),
            nights: nights.unwrap_or_default(),
            hours: hours.unwrap_or_default(),
        },
    };
    let organization = organization.unwrap_or_default();
    Candidate { hut_id, slug, organization, is_watched: watched.contains(&hut_id), last_check }
}

/// The statement. The tier comes from the last successful check, if that covers the day. Otherwise it is computed
/// from the highest occupancy. That is a lookup in the primary key of `availability` (`hut_id`, a range of dates),
/// whose cost does not grow with past dates.
///
/// The dates are looked up for a row of `hut_check`, and not for a row of `hut`: Citus runs the inner query on each
/// shard, where both tables have the rows of the same huts. For a row of `hut`, which is whole on each server, it
/// refuses the lookup.
#[derive(QueryId)]
struct SelectCandidates {
    today: NaiveDate,
    until: NaiveDate,
    next_days: Option<i32>,
}

impl Query for SelectCandidates {
    type SqlType = (
        Integer,
        Text,
        Nullable<Text>,
        Nullable<Timestamptz>,
        Nullable<Timestamptz>,
        Nullable<Timestamptz>,
        Nullable<Integer>,
        (Nullable<Double>, Nullable<Double>, Nullable<Double>),
        Nullable<Text>,
        Nullable<Double>,
        Nullable<Integer>,
    );
}

impl RunQueryDsl<Db> for SelectCandidates {}

impl QueryFragment<MultiBackend> for SelectCandidates {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(
            "SELECT hut.id, hut.slug, hut.booking_ref, last.last_checked, last.last_checked_run, \
             last.last_success_run, last.consecutive_failures, last.rate_interest, last.rate_nights, \
             last.rate_hours, last.tier, last.highest_occupancy, last.any_known \
             FROM hut LEFT JOIN (SELECT hut_check.hut_id, hut_check.last_checked, \
             hut_check.last_checked_run, hut_check.last_success_run, hut_check.consecutive_failures, \
             hut_check.rate_interest, hut_check.rate_nights, hut_check.rate_hours, \
             CASE WHEN ",
        );
        self.push_is_stored(&mut out)?;
        out.push_sql(" THEN hut_check.tier END AS tier, CASE WHEN ");
        self.push_is_stored(&mut out)?;
        out.push_sql(" THEN NULL ELSE (SELECT ");
        out.push_sql(&highest_occupancy());
        out.push_sql(LISTED);
        out.push_sql(" AND availability.availability_date BETWEEN ");
        out.push_bind_param::<Date, _>(&self.today)?;
        out.push_sql(" AND ");
        out.push_bind_param::<Date, _>(&self.until)?;
        out.push_sql(") END AS highest_occupancy, CASE WHEN ");
        self.push_is_stored(&mut out)?;
        // An aggregate, so that PostgreSQL looks into the primary key of each hut. For EXISTS it would read all
        // dates.
        out.push_sql(" THEN NULL ELSE (SELECT max(1)");
        out.push_sql(LISTED);
        out.push_sql(" AND availability.availability_date >= ");
        out.push_bind_param::<Date, _>(&self.today)?;
        out.push_sql(
            " AND (availability.total > 0 OR availability.free >= 0) \
             AND (availability.total IS NULL OR availability.total > 0)) END AS any_known \
             FROM hut_check) AS last ON last.hut_id = hut.id \
             WHERE hut.is_active AND hut.booking_ref IS NOT NULL AND hut.takeover_read_at IS NULL",
        );
        Ok(())
    }
}

impl SelectCandidates {
    /// Pushes the condition that the stored tier is valid today.
    fn push_is_stored<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("(hut_check.tier_from <= ");
        out.push_bind_param::<Date, _>(&self.today)?;
        out.push_sql(" AND hut_check.tier_until >= ");
        out.push_bind_param::<Date, _>(&self.today)?;
        out.push_sql(" AND hut_check.tier_next_days = ");
        out.push_bind_param::<Nullable<Integer>, _>(&self.next_days)?;
        out.push_sql(" AND hut_check.listed_at = hut_check.last_success)");
        Ok(())
    }
}

/// The dates that the last successful check of a hut listed.
const LISTED: &str = " FROM availability WHERE availability.hut_id = hut_check.hut_id \
    AND availability.last_checked IS NULL";

/// The highest occupancy of some dates as it counts for the tier, in percent: as in [`crate::domain::tier`].
fn highest_occupancy() -> String {
    format!(
        "max(CASE \
         WHEN total = 0 THEN NULL \
         WHEN free = 0 THEN 100 \
         WHEN free IS NULL AND total IS NULL THEN NULL \
         WHEN free IS NULL OR total IS NULL THEN {UNPUBLISHED_COUNTS_AS:?} \
         ELSE cast(total - free AS double precision) / total * 100 END)"
    )
}
