//! `for_map`: all huts on a range of dates.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;

use super::rows::{DayRow, HutRow};
use crate::db::connection::Db;
use crate::db::instant::Instant;
use crate::db::schema::{availability, hut, hut_check, hut_source};
use crate::reading::HutOnMap;

type Row = (HutRow, DayRow, Option<String>, Option<Instant>);

/// The active huts of which a state is stored on any of `dates`, by slug; of those with some slugs,
/// where these are given.
///
/// One statement, served by the index of dates, or by a probe of the primary key for each hut.
pub fn for_map(
    db: &mut Db,
    dates: &RangeInclusive<NaiveDate>,
    slugs: Option<&[String]>,
) -> QueryResult<Vec<HutOnMap>> {
    let of_source = hut_source::hut_id
        .eq(availability::hut_id)
        .and(hut_source::organization.eq(availability::source_organization));
    let mut query = hut::table
        .inner_join(availability::table.on(availability::hut_id.eq(hut::id)))
        .inner_join(hut_source::table.on(of_source))
        .inner_join(hut_check::table.on(hut_check::hut_id.eq(hut::id)))
        .filter(hut::is_active)
        .filter(availability::availability_date.between(*dates.start(), *dates.end()))
        .order((hut::slug, availability::availability_date))
        .select((
            HutRow::as_select(),
            DayRow::as_select(),
            hut_source::link,
            hut_check::last_success,
        ))
        .into_boxed();
    if let Some(slugs) = slugs {
        query = query.filter(hut::slug.eq_any(slugs));
    }
    let mut huts: Vec<HutOnMap> = Vec::new();
    for row in query.load_iter::<Row, _>(db)? {
        let (hut, day, link, last_success) = row?;
        let day = day.into_detail(link, last_success);
        match huts.last_mut() {
            Some(last) if last.hut.id == hut.id => last.days.push((day.date, day.state)),
            _ => huts.push(HutOnMap {
                hut: hut.into(),
                source: day.source,
                last_success: last_success.map(DateTime::from),
                days: vec![(day.date, day.state)],
            }),
        }
    }
    Ok(huts)
}
