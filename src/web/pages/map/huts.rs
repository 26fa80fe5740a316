//! The huts of a night, on the map and in the table beside it. Pure functions.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::projection::{Point, point};
use super::query::{Query, SortBy};
use crate::db::pages::huts::ListedHut;
use crate::domain::availability::OccupancyStatus;
use crate::domain::geo::Place;
use crate::query::views::HutOnMap;
use crate::text::humanize::pluralize;
use crate::text::slug::slug_of;
use crate::web::pages::format::{self, Label, Moment, Occupancy, Times};

/// Huts whose last successful check is longer ago than this are marked as old.
const OLD_AGE: TimeDelta = TimeDelta::days(2);

/// The number of huts by status on a night. Filters do not change it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub free: String,
    pub full: usize,
    pub unknown: usize,
    /// Followed huts without a stored state for the night.
    pub without_data: usize,
    /// Huts in the table that are not on the map: their coordinates are missing or outside the map.
    pub not_on_map: usize,
}

impl Summary {
    #[must_use]
    pub fn new(all: &[ListedHut], on_map: &[HutOnMap]) -> Self {
        let has = |status| move |hut: &&HutOnMap| status_of(hut) == Some(status);
        let count = |status| on_map.iter().filter(has(status)).count();
        let (full, unknown) = (count(OccupancyStatus::Full), count(OccupancyStatus::Unknown));
        // A hut that is no longer followed may still have a state for the night.
        let ids: BTreeSet<i32> = on_map.iter().map(|hut| hut.hut.id).collect();
        let followed = all.iter().filter(|hut| hut.is_active && hut.booking_ref.is_some());
        let without_data = followed.filter(|hut| !ids.contains(&hut.id)).count();

        Self {
            free: pluralize(on_map.len() - full - unknown, "hut"),
            full,
            unknown,
            without_data,
            not_on_map: on_map.iter().filter(|hut| point_of(hut).is_none()).count(),
        }
    }
}

/// A row of the table; the hut is on the map if it has a point.
pub struct MapRow {
    pub url: String,
    pub name: String,
    pub country: Option<String>,
    pub free: i16,
    pub places: String,
    pub status: OccupancyStatus,
    pub occupancy: Occupancy,
    pub reservation: &'static str,
    pub booking_link: Option<String>,
    pub checked: Option<Moment>,
    pub is_old: bool,
    pub point: Option<Point>,
}

/// The huts that match the query, sorted. Names are sorted by their slug form, so that Ä is next to A.
#[must_use]
pub fn rows(on_map: &[HutOnMap], query: &Query, times: &Times) -> Vec<MapRow> {
    let matching = on_map.iter().filter(|hut| matches_query(hut, query));
    let mut rows: Vec<MapRow> = matching.filter_map(|hut| row(hut, times)).collect();
    match query.sort {
        SortBy::Free => rows.sort_by_cached_key(|row| (Reverse(row.free), slug_of(&row.name))),
        SortBy::Name => rows.sort_by_cached_key(|row| slug_of(&row.name)),
    }
    rows
}

fn matches_query(hut: &HutOnMap, query: &Query) -> bool {
    let HutOnMap { hut, days, .. } = hut;
    let has_places = |min: i16| days.first().is_some_and(|(_, state)| state.free >= min);
    query.huts.matches(&hut.slug, &hut.name, hut.country.as_deref())
        && (query.min_free == 0 || has_places(query.min_free))
}

fn row(on_map: &HutOnMap, times: &Times) -> Option<MapRow> {
    let HutOnMap { hut, source, .. } = on_map;
    let (date, state) = *on_map.days.first()?;
    Some(MapRow {
        url: format::night_url(&hut.slug, date),
        name: format::text(&hut.name),
        country: hut.country.clone(),
        free: state.free,
        places: format::places(&state),
        status: state.occupancy_status(),
        occupancy: state.into(),
        reservation: state.reservation_status.label(),
        booking_link: format::booking_link(&state, source.link.as_deref()),
        checked: on_map.last_success.map(|at| times.ago(at)),
        is_old: on_map.last_success.is_none_or(|at| times.now - at > OLD_AGE),
        point: point_of(on_map),
    })
}

fn status_of(hut: &HutOnMap) -> Option<OccupancyStatus> {
    hut.days.first().map(|(_, state)| state.occupancy_status())
}

fn point_of(hut: &HutOnMap) -> Option<Point> {
    let (latitude, longitude) = (hut.hut.latitude?, hut.hut.longitude?);
    point(Place { latitude, longitude })
}
