//! Huts and organizations for lists and for choices.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::connection::Db;
use crate::db::schema::{hut, hut_check, organization};
use crate::db::timestamp::Timestamp;

/// A hut in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedHut {
    pub id: i32,
    pub slug: String,
    pub name: String,
    /// Two letters, ISO 3166
    pub country: Option<String>,
    /// Metres above sea level
    pub elevation: Option<i16>,
    pub is_active: bool,
    /// The organization whose bookings are followed.
    pub booking_ref: Option<String>,
    pub last_success: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = hut)]
struct HutListRow {
    id: i32,
    slug: String,
    name: String,
    country: Option<String>,
    elevation: Option<i16>,
    is_active: bool,
    booking_ref: Option<String>,
}

/// All public huts, by slug.
pub fn load(db: &mut Db) -> QueryResult<Vec<ListedHut>> {
    let rows: Vec<(HutListRow, Option<Timestamp>)> = hut::table
        .left_join(hut_check::table)
        .filter(hut::is_public)
        .select((HutListRow::as_select(), hut_check::last_success.nullable()))
        .load(db)?;
    let listed = rows.into_iter().map(|(hut, last_success)| listed(hut, last_success));
    let mut huts: Vec<ListedHut> = listed.collect();
    // Not sorted by the database, because its locale may order slugs differently.
    huts.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(huts)
}

fn listed(hut: HutListRow, last_success: Option<Timestamp>) -> ListedHut {
    ListedHut {
        id: hut.id,
        slug: hut.slug,
        name: hut.name,
        country: hut.country,
        elevation: hut.elevation,
        is_active: hut.is_active,
        booking_ref: hut.booking_ref,
        last_success: last_success.map(DateTime::from),
    }
}

/// The organizations that provide booking data: slug and name.
pub fn organizations(db: &mut Db) -> QueryResult<Vec<(String, String)>> {
    let columns = (organization::slug, organization::name);
    let mut organizations: Vec<(String, String)> = organization::table.select(columns).load(db)?;
    organizations.sort();
    Ok(organizations)
}
