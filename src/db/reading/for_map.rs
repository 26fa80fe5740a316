//! `for_map`: all huts on a range of dates.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate};
use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;

use super::rows::{HutHeadRow, LastChecks};
use crate::db::connection::Db;
use crate::db::schema::{availability, hut, hut_check, hut_source};
use crate::db::state::StateRow;
use crate::db::timestamp::Timestamp;
use crate::domain::geo::Bounds;
use crate::query::audience::Audience;
use crate::query::night::Night;
use crate::query::views::{DaySource, HutOnMap};

type Row = (HutHeadRow, DayRow, Option<String>, LastChecks);

/// A date on the map. A query reads thousands of these rows, so they have only the necessary columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = availability)]
struct DayRow {
    availability_date: NaiveDate,
    #[diesel(embed)]
    state: StateRow,
    source_organization: String,
    source_hut_id: String,
    first_checked: Timestamp,
    last_checked: Option<Timestamp>,
    withdrawn: bool,
}

/// A query for the map's rows, on either database.
macro_rules! rows {
    ($mode:ty, $connection:expr, $dates:expr, $filter:expr) => {{
        let of_source = hut_source::hut_id
            .eq(availability::hut_id)
            .and(hut_source::organization.eq(availability::source_organization));
        let mut query = hut::table
            .inner_join(availability::table.on(availability::hut_id.eq(hut::id)))
            .inner_join(hut_source::table.on(of_source))
            // Each by the hut's ID in the large table, not in `hut`: Citus joins the shards of large tables only
            // where a condition names both.
            .inner_join(hut_check::table.on(hut_check::hut_id.eq(availability::hut_id)))
            .filter(hut::is_active)
            .filter(availability::availability_date.between(*$dates.start(), *$dates.end()))
            .select((
                HutHeadRow::as_select(),
                DayRow::as_select(),
                hut_source::link,
                LastChecks::as_select(),
            ))
            .into_boxed();
        let MapFilter { audience, only_followed, slugs, bounds } = $filter;
        if *audience == Audience::Public {
            query = query.filter(hut::is_public);
        }
        if *only_followed {
            query = query.filter(hut::booking_ref.is_not_null());
        }
        if let Some(slugs) = slugs {
            query = query.filter(hut::slug.eq_any(*slugs));
        }
        if let Some(Bounds { west, south, east, north }) = bounds {
            query = query
                .filter(hut::longitude.between(*west, *east))
                .filter(hut::latitude.between(*south, *north));
        }
        query.load_iter::<Row, $mode>($connection)?
    }};
}

/// Which huts a map shows. The default is all of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct MapFilter<'a> {
    pub audience: Audience,
    /// Only huts whose bookings are followed. The figures of other huts only grow older.
    pub only_followed: bool,
    /// Only the huts with these slugs.
    pub slugs: Option<&'a [String]>,
    /// Only the huts in this rectangle. A hut without coordinates is in none.
    pub bounds: Option<Bounds>,
}

/// The followed huts with a stored state on any of `dates`, as operators see them, sorted by ID. With `slugs`, only
/// these huts.
pub fn for_map(
    db: &mut Db,
    dates: &RangeInclusive<NaiveDate>,
    slugs: Option<&[String]>,
) -> QueryResult<Vec<HutOnMap>> {
    for_filtered_map(db, dates, &MapFilter { slugs, only_followed: true, ..MapFilter::default() })
}

/// The active huts that pass a filter and have a stored state on any of `dates`, sorted by ID.
///
/// One statement. It uses PostgreSQL's index on dates, or one lookup in the primary key per hut.
pub fn for_filtered_map(
    db: &mut Db,
    dates: &RangeInclusive<NaiveDate>,
    filter: &MapFilter<'_>,
) -> QueryResult<Vec<HutOnMap>> {
    match db {
        // Row by row: a year of all huts is a quarter of a million rows, and libpq would otherwise hold all
        // of them in memory at once.
        Db::Postgres(connection) => huts(rows!(PgRowByRowLoadingMode, connection, dates, filter)),
        Db::Sqlite(connection) => huts(rows!(DefaultLoadingMode, connection, dates, filter)),
    }
}

/// Groups rows into huts. The rows come in no order, because sorting such wide rows takes a fifth of the
/// database's time.
fn huts(rows: impl Iterator<Item = QueryResult<Row>>) -> QueryResult<Vec<HutOnMap>> {
    let mut huts: BTreeMap<i32, HutOnMap> = BTreeMap::new();
    for row in rows {
        let (hut, day, link, checks) = row?;
        let night = checks.night(day.state, day.first_checked, day.last_checked, day.withdrawn);
        let date = (day.availability_date, night);
        let source = DaySource {
            organization: day.source_organization,
            source_hut_id: day.source_hut_id,
            link,
        };
        match huts.entry(hut.id) {
            Entry::Vacant(new) => {
                new.insert(HutOnMap {
                    hut: hut.into(),
                    source,
                    last_success: checks.last_success.map(DateTime::from),
                    days: vec![date],
                });
            }
            Entry::Occupied(existing) => add(existing.into_mut(), date, source),
        }
    }
    let mut huts: Vec<HutOnMap> = huts.into_values().collect();
    for hut in &mut huts {
        hut.days.sort_unstable_by_key(|(date, _)| *date);
    }
    Ok(huts)
}

/// Adds another date. A hut's first date is always its earliest one, whose source is the hut's source.
fn add(hut: &mut HutOnMap, date: (NaiveDate, Night), source: DaySource) {
    hut.days.push(date);
    if date.0 < hut.days[0].0 {
        let last = hut.days.len() - 1;
        hut.days.swap(0, last);
        hut.source = source;
    }
}
