//! `for_trend`: the history of one night of a hut.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::rows::{DayRow, EntryRow, HutHeadRow, LastChecks, head};
use crate::db::connection::Db;
use crate::db::schema::{availability, availability_change, hut, hut_check};
use crate::query::views::Trend;

type Row = (HutHeadRow, Option<DayRow>, Option<EntryRow>, LastChecks);

/// The hut with this slug, and the states of `target_date` that were valid at `since` or later, the newest
/// first. `None` if there is no such hut.
///
/// One statement, served by the slug's unique index and the primary keys. A hut that was never checked needs a second
/// one.
pub fn for_trend(
    db: &mut Db,
    slug: &str,
    target_date: NaiveDate,
    since: DateTime<Utc>,
) -> QueryResult<Option<Trend>> {
    // By the last checks and not by the hut, for Citus: as in `for_hut_detail`.
    let night_of_date = availability::hut_id
        .eq(hut_check::hut_id)
        .and(availability::availability_date.eq(target_date));
    let of_date = availability_change::hut_id
        .eq(hut_check::hut_id)
        .and(availability_change::availability_date.eq(target_date));
    let rows: Vec<Row> = hut::table
        .inner_join(hut_check::table.on(hut_check::hut_id.eq(hut::id)))
        .left_join(availability::table.on(night_of_date))
        .left_join(availability_change::table.on(of_date))
        .filter(hut::slug.eq(slug))
        .order(availability_change::first_checked.desc())
        .select((
            HutHeadRow::as_select(),
            Option::<DayRow>::as_select(),
            Option::<EntryRow>::as_select(),
            LastChecks::as_select(),
        ))
        .load(db)?;
    let mut trend: Option<Trend> = None;
    for (hut, night, entry, checks) in rows {
        let trend = trend.get_or_insert_with(|| Trend {
            hut: hut.into(),
            target_date,
            night: night.map(|night| night.into_night(checks)),
            entries: Vec::new(),
        });
        let entry = entry.map(|entry| entry.into_entry(checks.last_success));
        trend.entries.extend(entry.filter(|entry| entry.last_checked >= since));
    }
    match trend {
        Some(trend) => Ok(Some(trend)),
        None => Ok(head(db, slug)?.map(|hut| Trend {
            hut,
            target_date,
            night: None,
            entries: Vec::new(),
        })),
    }
}
