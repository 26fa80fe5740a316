//! The last checks of huts.

use std::cmp::Reverse;

use diesel::prelude::*;

use crate::db::check::HutCheck;
use crate::db::connection::Db;
use crate::db::schema::{hut, hut_check};

/// A hut with its last check.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedHut {
    pub slug: String,
    pub name: String,
    /// Active, and not being taken over.
    pub is_active: bool,
    /// The organization whose bookings are followed.
    pub booking_ref: Option<String>,
    /// The default if the hut was never checked.
    pub check: HutCheck,
}

type Row = (String, String, bool, Option<String>, Option<HutCheck>);

/// All public huts, the most failures in a row first, then by slug.
pub fn load(db: &mut Db) -> QueryResult<Vec<CheckedHut>> {
    let rows: Vec<Row> = hut::table
        .left_join(hut_check::table)
        .filter(hut::is_public)
        .select((
            hut::slug,
            hut::name,
            // Another program polls a hut that is being taken over.
            hut::is_active.and(hut::takeover_read_at.is_null()),
            hut::booking_ref,
            Option::<HutCheck>::as_select(),
        ))
        .load(db)?;
    let mut huts: Vec<CheckedHut> = rows
        .into_iter()
        .map(|(slug, name, is_active, booking_ref, check)| {
            let check = check.unwrap_or_default();
            CheckedHut { slug, name, is_active, booking_ref, check }
        })
        .collect();
    // Not sorted by the database, because its locale may order slugs differently.
    let key = |hut: &CheckedHut| (Reverse(hut.check.consecutive_failures), hut.slug.clone());
    huts.sort_by_cached_key(key);
    Ok(huts)
}
