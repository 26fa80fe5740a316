//! Pure: the huts of a night, on the map and in the table beside it.

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

/// What was last checked with success longer ago than that is marked.
const OLD: TimeDelta = TimeDelta::days(2);

/// How a night looks over all huts, whatever is filtered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub free: String,
    pub full: usize,
    pub unknown: usize,
    /// Followed huts of which nothing is stored for the night.
    pub without_data: usize,
    pub without_place: String,
}

impl Summary {
    #[must_use]
    pub fn new(all: &[ListedHut], on_map: &[HutOnMap]) -> Self {
        let has = |status| move |hut: &&HutOnMap| status_of(hut) == Some(status);
        let count = |status| on_map.iter().filter(has(status)).count();
        let (full, unknown) = (count(OccupancyStatus::Full), count(OccupancyStatus::Unknown));
        // A hut that is followed no more may still be on the map.
        let ids: BTreeSet<i32> = on_map.iter().map(|hut| hut.hut.id).collect();
        let followed = all.iter().filter(|hut| hut.is_active && hut.booking_ref.is_some());
        let without_data = followed.filter(|hut| !ids.contains(&hut.id)).count();
        let without_place = on_map.iter().filter(|hut| point_of(hut).is_none()).count();
        Self {
            free: pluralize(on_map.len() - full - unknown, "hut"),
            full,
            unknown,
            without_data,
            without_place: pluralize(without_place, "hut"),
        }
    }

    /// Whether some huts are in the table only.
    #[must_use]
    pub fn is_some_without_place(&self) -> bool {
        !self.without_place.starts_with("0 ")
    }
}

/// A hut of the table, and of the map where it has a place on it.
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

/// The huts that are asked for, sorted; names as in the terminal, so that Ä stands with A.
#[must_use]
pub fn rows(on_map: &[HutOnMap], query: &Query, times: &Times) -> Vec<MapRow> {
    let asked_for = on_map.iter().filter(|hut| is_asked_for(hut, query));
    let mut rows: Vec<MapRow> = asked_for.filter_map(|hut| row(hut, times)).collect();
    match query.sort {
        SortBy::Free => rows.sort_by_cached_key(|row| (Reverse(row.free), slug_of(&row.name))),
        SortBy::Name => rows.sort_by_cached_key(|row| slug_of(&row.name)),
    }
    rows
}

fn is_asked_for(hut: &HutOnMap, query: &Query) -> bool {
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
        is_old: on_map.last_success.is_none_or(|at| times.now - at > OLD),
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
