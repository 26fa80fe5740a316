//! `for_hut_detail`: one hut on a range of dates.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rows::{DayRow, HutHeadRow, LastChecks};
use crate::db::connection::Db;
use crate::db::schema::{availability, hut, hut_check, hut_source};
use crate::query::views::HutDetail;

type Row = (HutHeadRow, Option<DayRow>, Option<String>, Option<LastChecks>);

/// The hut with this slug, and those of its `dates` that are stored. `None` if there is no such hut.
///
/// One statement, served by the slug's unique index and the primary keys.
pub fn for_hut_detail(
    db: &mut Db,
    slug: &str,
    dates: &RangeInclusive<NaiveDate>,
) -> QueryResult<Option<HutDetail>> {
    let in_dates = availability::hut_id
        .eq(hut::id)
        .and(availability::availability_date.between(*dates.start(), *dates.end()));
    let of_source = hut_source::hut_id
        .eq(availability::hut_id)
        .and(hut_source::organization.eq(availability::source_organization));
    let rows: Vec<Row> = hut::table
        .left_join(availability::table.on(in_dates))
        .left_join(hut_source::table.on(of_source))
        .left_join(hut_check::table.on(hut_check::hut_id.eq(hut::id)))
        .filter(hut::slug.eq(slug))
        .order(availability::availability_date)
        .select((
            HutHeadRow::as_select(),
            Option::<DayRow>::as_select(),
            hut_source::link.nullable(),
            Option::<LastChecks>::as_select(),
        ))
        .load(db)?;
    let mut detail: Option<HutDetail> = None;
    for (hut, day, link, checks) in rows {
        let detail = detail.get_or_insert_with(|| HutDetail { hut: hut.into(), days: Vec::new() });
        detail.days.extend(day.map(|day| day.into_detail(link, checks.unwrap_or_default())));
    }
    Ok(detail)
}
