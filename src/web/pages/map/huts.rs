//! The huts of a night, on the map and in the table beside it. Pure functions.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::projection::{Point, point};
use super::query::{Query, SortBy};
use crate::db::pages::huts::ListedHut;
use crate::domain::geo::Place;
use crate::query::night::{Night, NightStatus};
use crate::query::views::HutOnMap;
use crate::text::slug::slug_of;
use crate::web::pages::format;
use crate::web::pages::occupancy::{Occupancy, describe, reservation};
use crate::web::pages::places::short_places_of_night;
use crate::web::pages::times::{Moment, Times, mark};

/// The number of huts on a night, each counted once. Filters do not change it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Huts where a place can be booked: those that the filter `min_free=1` shows.
    pub free: usize,
    /// Huts that can be booked, without a published number of free places.
    pub must_ask: usize,
    pub full: usize,
    /// Huts with free places that cannot be booked online.
    pub not_bookable: usize,
    pub closed: usize,
    pub withdrawn: usize,
    pub unknown: usize,
    /// Followed huts without a stored state for the night.
    pub without_data: usize,
    /// Huts in the table that are not on the map: their coordinates are missing or outside the map.
    pub not_on_map: usize,
}

impl Summary {
    #[must_use]
    pub fn new(all: &[ListedHut], on_map: &[HutOnMap]) -> Self {
        // A hut that is no longer followed may still have a state for the night.
        let ids: BTreeSet<i32> = on_map.iter().map(|hut| hut.hut.id).collect();
        let followed = all.iter().filter(|hut| hut.is_active && hut.booking_ref.is_some());
        let mut summary = Self {
            without_data: followed.filter(|hut| !ids.contains(&hut.id)).count(),
            not_on_map: on_map.iter().filter(|hut| point_of(hut).is_none()).count(),
            ..Self::default()
        };
        on_map.iter().filter_map(night_of).for_each(|night| *summary.count_of(night) += 1);
        summary
    }

    /// The count that a night belongs to.
    fn count_of(&mut self, night: &Night) -> &mut usize {
        match night.status() {
            _ if night.has_room_for(1) => &mut self.free,
            _ if night.must_ask() => &mut self.must_ask,
            NightStatus::Withdrawn => &mut self.withdrawn,
            NightStatus::Closed => &mut self.closed,
            NightStatus::Full => &mut self.full,
            NightStatus::Empty | NightStatus::Low | NightStatus::Medium | NightStatus::High => {
                &mut self.not_bookable
            }
            NightStatus::FreeUnknown if night.state.free.is_some() => &mut self.not_bookable,
            NightStatus::FreeUnknown | NightStatus::Unknown => &mut self.unknown,
        }
    }
}

/// A row of the table; the hut is on the map if it has a point.
pub struct MapRow {
    pub url: String,
    pub name: String,
    pub country: Option<String>,
    /// What can be booked, for sorting.
    room: (i16, bool),
    pub places: String,
    /// The night in words.
    pub words: String,
    pub status: NightStatus,
    pub occupancy: Occupancy,
    pub reservation: String,
    pub booking_link: Option<String>,
    pub checked: Moment,
    pub point: Option<Point>,
}

/// The huts that match the query, sorted. Names are sorted by their slug form, so that Ä is next to A.
#[must_use]
pub fn rows(on_map: &[HutOnMap], query: &Query, times: &Times) -> Vec<MapRow> {
    let matching = on_map.iter().filter(|hut| matches_query(hut, query));
    let mut rows: Vec<MapRow> = matching.filter_map(|hut| row(hut, times)).collect();
    match query.sort {
        SortBy::Free => rows.sort_by_cached_key(|row| (Reverse(row.room), slug_of(&row.name))),
        SortBy::Name => rows.sort_by_cached_key(|row| slug_of(&row.name)),
    }
    rows
}

fn matches_query(hut: &HutOnMap, query: &Query) -> bool {
    let HutOnMap { hut, days, .. } = hut;
    let has_room =
        |(_, night): &(NaiveDate, Night)| night.has_room_or_ask(query.min_free, query.ask);
    query.huts.matches(&hut.slug, &hut.name, hut.country.as_deref())
        && (query.min_free == 0 || days.first().is_some_and(has_room))
}

fn row(on_map: &HutOnMap, times: &Times) -> Option<MapRow> {
    let HutOnMap { hut, source, .. } = on_map;
    let (date, night) = on_map.days.first()?;
    Some(MapRow {
        url: format::night_url(&hut.slug, *date),
        name: format::text(&hut.name),
        country: hut.country.clone(),
        room: night.room(),
        places: short_places_of_night(times.t, night),
        words: words(*date, night, times),
        status: night.status(),
        occupancy: Occupancy::of_night(times.t, night),
        reservation: reservation(times.t, night),
        booking_link: format::booking_link(night, source.link.as_deref()),
        checked: times.checked(*date, night),
        point: point_of(on_map),
    })
}

/// The night in words, with the age of the figure if a reader must know it.
fn words(date: NaiveDate, night: &Night, times: &Times) -> String {
    let t = times.t;
    let words = describe(t, night);
    let age = || t.with("checked-ago", "age", t.age(night.last_checked, times.limits.now));
    match mark(t, times.limits.of_night(date, night)) {
        Some(mark) => format!("{words}, {}, {mark}", age()),
        None if night.is_withdrawn => format!("{words}, {}", age()),
        None => words,
    }
}

fn night_of(hut: &HutOnMap) -> Option<&Night> {
    hut.days.first().map(|(_, night)| night)
}

fn point_of(hut: &HutOnMap) -> Option<Point> {
    let (latitude, longitude) = (hut.hut.latitude?, hut.hut.longitude?);
    point(Place { latitude, longitude })
}
