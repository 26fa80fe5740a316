//! `for_filling`: the histories of some nights of a hut.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rows::{EntryRow, LastChecks};
use crate::db::connection::Db;
use crate::db::schema::{availability_change, hut_check};
use crate::query::views::Entry;

/// The most entries that are read. A night changes some dozens of times, so this is enough for fifty nights.
const MAX_ENTRIES: i64 = 20_000;

/// The history of each of these nights, in the order of time. Nights without a history are missing. If they have very
/// many entries, the oldest nights are missing too.
///
/// One statement, with one search in the primary key for each night.
pub fn for_filling(
    db: &mut Db,
    hut_id: i32,
    nights: &[NaiveDate],
) -> QueryResult<BTreeMap<NaiveDate, Vec<Entry>>> {
    use availability_change as change;
    let rows: Vec<(NaiveDate, EntryRow, LastChecks)> = change::table
        .inner_join(hut_check::table.on(hut_check::hut_id.eq(change::hut_id)))
        .filter(change::hut_id.eq(hut_id))
        .filter(change::availability_date.eq_any(nights))
        .order((change::availability_date.desc(), change::first_checked.asc()))
        .limit(MAX_ENTRIES)
        .select((change::availability_date, EntryRow::as_select(), LastChecks::as_select()))
        .load(db)?;
    // The last night may have more entries than were read.
    let incomplete = match i64::try_from(rows.len()) {
        Ok(read) if read < MAX_ENTRIES => None,
        _ => rows.last().map(|(night, ..)| *night),
    };
    let mut histories: BTreeMap<NaiveDate, Vec<Entry>> = BTreeMap::new();
    for (night, entry, checks) in rows {
        histories.entry(night).or_default().push(entry.into_entry(checks.last_success));
    }
    if let Some(night) = incomplete {
        histories.remove(&night);
    }
    Ok(histories)
}
