//! `for_hut_detail`: one hut on a range of dates.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rows::{DayRow, HutHeadRow, LastChecks, head};
use crate::db::connection::Db;
use crate::db::schema::{availability, hut, hut_check, hut_source};
use crate::query::views::HutDetail;

type Row = (HutHeadRow, Option<DayRow>, Option<String>, LastChecks);

/// The hut with this slug, and those of its `dates` that are stored. `None` if there is no such hut.
///
/// One statement, served by the slug's unique index and the primary keys. A hut that was never checked needs a second
/// one.
pub fn for_hut_detail(
    db: &mut Db,
    slug: &str,
    dates: &RangeInclusive<NaiveDate>,
) -> QueryResult<Option<HutDetail>> {
    // By the last checks and not by the hut: Citus finds the rows of a hut on its shard only if the first of the large
    // tables must have a row. Otherwise it reads the dates of all huts.
    let in_dates = availability::hut_id
        .eq(hut_check::hut_id)
        .and(availability::availability_date.between(*dates.start(), *dates.end()));
    let of_source = hut_source::hut_id
        .eq(availability::hut_id)
        .and(hut_source::organization.eq(availability::source_organization));
    let rows: Vec<Row> = hut::table
        .inner_join(hut_check::table.on(hut_check::hut_id.eq(hut::id)))
        .left_join(availability::table.on(in_dates))
        .left_join(hut_source::table.on(of_source))
        .filter(hut::slug.eq(slug))
        .order(availability::availability_date)
        .select((
            HutHeadRow::as_select(),
            Option::<DayRow>::as_select(),
            hut_source::link.nullable(),
            LastChecks::as_select(),
        ))
        .load(db)?;
    let mut detail: Option<HutDetail> = None;
    for (hut, day, link, checks) in rows {
        let detail = detail.get_or_insert_with(|| HutDetail { hut: hut.into(), days: Vec::new() });
        detail.days.extend(day.map(|day| day.into_detail(link, checks)));
    }
    match detail {
        Some(detail) => Ok(Some(detail)),
        None => Ok(head(db, slug)?.map(|hut| HutDetail { hut, days: Vec::new() })),
    }
}
