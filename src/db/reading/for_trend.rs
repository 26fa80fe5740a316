//! `for_trend`: the history of one night of a hut.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::rows::{EntryRow, HutHeadRow};
use crate::db::connection::Db;
use crate::db::schema::{availability_change, hut, hut_check};
use crate::db::timestamp::Timestamp;
use crate::query::views::Trend;

type Row = (HutHeadRow, Option<EntryRow>, Option<Timestamp>);

/// The hut with this slug, and the states of `target_date` that were valid at `since` or later, the newest
/// first. `None` if there is no such hut.
///
/// One statement, served by the slug's unique index and the primary key of the history.
pub fn for_trend(
    db: &mut Db,
    slug: &str,
    target_date: NaiveDate,
    since: DateTime<Utc>,
) -> QueryResult<Option<Trend>> {
    let of_date = availability_change::hut_id
        .eq(hut::id)
        .and(availability_change::availability_date.eq(target_date));
    let rows: Vec<Row> = hut::table
        .left_join(availability_change::table.on(of_date))
        .left_join(hut_check::table.on(hut_check::hut_id.eq(hut::id)))
        .filter(hut::slug.eq(slug))
        .order(availability_change::first_checked.desc())
        .select((
            HutHeadRow::as_select(),
            Option::<EntryRow>::as_select(),
            hut_check::last_success.nullable(),
        ))
        .load(db)?;
    let mut trend: Option<Trend> = None;
    for (hut, entry, last_success) in rows {
        let trend = trend.get_or_insert_with(|| Trend {
            hut: hut.into(),
            target_date,
            entries: Vec::new(),
        });
        let entry = entry.map(|entry| entry.into_entry(last_success));
        trend.entries.extend(entry.filter(|entry| entry.last_checked >= since));
    }
    Ok(trend)
}
