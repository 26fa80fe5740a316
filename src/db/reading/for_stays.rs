//! `for_stays`: the huts that a group may choose from, and their nights with room.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate};
use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;

use super::rows::HutHeadRow;
use crate::db::connection::Db;
use crate::db::schema::{availability, hut, hut_check, hut_source};
use crate::db::timestamp::Timestamp;
use crate::domain::state::ReservationStatus;
use crate::domain::stay::{Found, Group, Rooms, Stage, Tour, nights_of_tour, stays, tours};
use crate::domain::tier::Tier;
use crate::query::audience::Audience;
use crate::query::night::MAX_EMPTY_ANSWERS;
use crate::query::paging::{Cursor, Page};
use crate::query::stay_fields::{HutStays, StayHut, StayHuts, StayList, TourList};
use crate::query::stay_filter::{Choice, FilterError, StayFilter, find};
use crate::query::views::HutForStay;

type HutRow =
    (HutHeadRow, Option<i16>, (String, Option<String>), (Option<Timestamp>, Option<Tier>));

/// The followed huts that have answered, sorted by slug.
pub fn huts(db: &mut Db, audience: Audience) -> QueryResult<Vec<HutForStay>> {
    load_huts(db, audience, None)
}

/// Those of some huts that are followed and have answered, public or not, sorted by slug.
pub fn huts_of(db: &mut Db, ids: &[i32]) -> QueryResult<Vec<HutForStay>> {
    load_huts(db, Audience::Operators, Some(ids))
}

fn load_huts(
    db: &mut Db,
    audience: Audience,
    only: Option<&[i32]>,
) -> QueryResult<Vec<HutForStay>> {
    let of_booking_ref = hut_source::hut_id
        .eq(hut::id)
        .and(hut_source::organization.nullable().eq(hut::booking_ref));
    let mut query = hut::table
        .inner_join(hut_source::table.on(of_booking_ref))
        .inner_join(hut_check::table)
        .filter(hut::is_active)
        .select((
            HutHeadRow::as_select(),
            hut::elevation,
            (hut_source::organization, hut_source::link),
            (hut_check::last_success, hut_check::tier),
        ))
        .into_boxed();
    if audience == Audience::Public {
        query = query.filter(hut::is_public);
    }
    if let Some(ids) = only {
        query = query.filter(hut::id.eq_any(ids));
    }
    let rows: Vec<HutRow> = query.load(db)?;
    let hut = |(hut, elevation, (organization, link), (last_success, tier)): HutRow| HutForStay {
        hut: hut.into(),
        elevation,
        organization,
        link,
        last_success: last_success.map(DateTime::from),
        tier,
    };
    let mut huts: Vec<HutForStay> = rows.into_iter().map(hut).collect();
    huts.sort_unstable_by(|a, b| a.hut.slug.cmp(&b.hut.slug));
    Ok(huts)
}

/// The nights of these huts that have room for `places`, by the ID of the hut. A hut without such nights is missing.
///
/// One statement, with one lookup in the primary key for each hut, or by PostgreSQL's index on dates.
pub fn rooms(
    db: &mut Db,
    huts: &[i32],
    nights: &RangeInclusive<NaiveDate>,
    places: u16,
) -> QueryResult<HashMap<i32, Rooms>> {
    let places = i16::try_from(places).unwrap_or(i16::MAX);
    let query = availability::table
        .inner_join(hut_check::table.on(hut_check::hut_id.eq(availability::hut_id)))
        .filter(availability::hut_id.eq_any(huts))
        .filter(availability::availability_date.between(*nights.start(), *nights.end()))
        .filter(availability::free.ge(places))
        .filter(availability::reservation_status.eq(ReservationStatus::Possible))
        .filter(diesel::dsl::not(availability::withdrawn))
        .filter(hut_check::empty_answers.lt(MAX_EMPTY_ANSWERS))
        .select((
            availability::hut_id,
            availability::availability_date,
            availability::free.assume_not_null(),
        ));
    let mut nights: HashMap<i32, Vec<(NaiveDate, i16)>> = HashMap::new();
    let mut add = |row: QueryResult<(i32, NaiveDate, i16)>| -> QueryResult<()> {
        let (hut_id, date, free) = row?;
        nights.entry(hut_id).or_default().push((date, free));
        Ok(())
    };
    match db {
        Db::Postgres(connection) => {
            query.load_iter::<_, PgRowByRowLoadingMode>(connection)?.try_for_each(&mut add)?;
        }
        Db::Sqlite(connection) => {
            query.load_iter::<_, DefaultLoadingMode>(connection)?.try_for_each(&mut add)?;
        }
    }
    Ok(nights.into_iter().map(|(hut_id, nights)| (hut_id, nights.into_iter().collect())).collect())
}

/// A search for stays of some nights.
#[derive(Clone, Debug)]
pub struct StaySearch {
    pub group: Group,
    pub nights: u16,
    pub filter: StayFilter,
    /// The most stays to list.
    pub limit: usize,
}

/// A search for tours.
#[derive(Clone, Debug)]
pub struct TourSearch {
    pub group: Group,
    pub stages: Vec<Stage<String>>,
    /// The most tours to list.
    pub limit: usize,
}

/// Why a search has no result.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Filter(#[from] FilterError),
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// The stays that are free. Two statements.
///
/// # Errors
/// The search names a hut that is not followed, or the database fails.
pub fn find_stays(
    db: &mut Db,
    search: &StaySearch,
    audience: Audience,
) -> Result<StayList, SearchError> {
    let StaySearch { group, nights, filter, limit } = search;
    let huts = huts(db, audience)?;
    let choices = filter.choose(&huts)?;
    let ids: Vec<i32> = choices.iter().map(|choice| choice.hut.hut.id).collect();
    let rooms = rooms(db, &ids, &group.nights(*nights), group.places)?;
    let found = stays(group, *nights, &ids, &rooms, *limit);
    Ok(StayHuts::new(&choices).stay_list(group, *nights, &found))
}

/// All public huts of a search with their stays, which may be none, in the order of the huts. Two statements.
///
/// # Errors
/// The search names a hut that is not followed, or the database fails.
pub fn find_stays_by_hut(
    db: &mut Db,
    (group, nights): (&Group, u16),
    filter: &StayFilter,
) -> Result<Vec<HutStays>, SearchError> {
    let huts = huts(db, Audience::Public)?;
    let choices = filter.choose(&huts)?;
    let ids: Vec<i32> = choices.iter().map(|choice| choice.hut.hut.id).collect();
    let rooms = rooms(db, &ids, &group.nights(nights), group.places)?;
    let of_hut = |choice: &Choice<'_>| {
        let found = stays(group, nights, &[choice.hut.hut.id], &rooms, usize::MAX);
        HutStays { hut: StayHut::new(choice), stays: found.first }
    };
    Ok(choices.iter().map(of_hut).collect())
}

/// The tours that are free. Two statements.
///
/// # Errors
/// A stage names a hut that is not followed, or the database fails.
pub fn find_tours(
    db: &mut Db,
    search: &TourSearch,
    audience: Audience,
) -> Result<TourList, SearchError> {
    list_of_tours(db, search, audience, search.limit, |found| found)
}

/// A page of the tours of public huts that are free, with whether there are tours before and after it. Two statements. The limit of
/// the search is the number of rows.
///
/// # Errors
/// A stage names a hut that is not followed, or the database fails.
pub fn page_of_tours(
    db: &mut Db,
    search: &TourSearch,
    cursor: &Cursor<NaiveDate>,
) -> Result<(TourList, Page<NaiveDate>), SearchError> {
    let mut starts = Page::new(Vec::new(), cursor, search.limit);
    let list =
        list_of_tours(db, search, Audience::Public, usize::MAX, |Found { first, count }| {
            let start = |tour: &Tour, date: &NaiveDate| tour.start.cmp(date);
            let page = Page::of_sorted(first, cursor, search.limit, start);
            let Page { rows, has_previous, has_next } = page;
            starts =
                Page { rows: rows.iter().map(|tour| tour.start).collect(), has_previous, has_next };
            Found { first: rows, count }
        })?;
    Ok((list, starts))
}

fn list_of_tours(
    db: &mut Db,
    search: &TourSearch,
    audience: Audience,
    limit: usize,
    keep: impl FnOnce(Found<Tour>) -> Found<Tour>,
) -> Result<TourList, SearchError> {
    let TourSearch { group, stages, .. } = search;
    let huts = huts(db, audience)?;
    let mut choices: Vec<Choice<'_>> = Vec::new();
    let mut by_id = Vec::new();
    for stage in stages {
        let mut ids = Vec::new();
        for slug in &stage.huts {
            let hut = find(&huts, slug)?;
            if ids.contains(&hut.hut.id) {
                // It is written twice, in other capitals.
                continue;
            }
            ids.push(hut.hut.id);
            choices.push(Choice { hut, distance_km: None });
        }
        by_id.push(Stage { huts: ids, nights: stage.nights });
    }
    let mut ids: Vec<i32> = choices.iter().map(|choice| choice.hut.hut.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let rooms = rooms(db, &ids, &group.nights(nights_of_tour(&by_id)), group.places)?;
    let found = keep(tours(group, &by_id, &rooms, limit));
    Ok(StayHuts::new(&choices).tour_list(group, &by_id, &found))
}
