//! The huts of a night, on the map and in the table beside it.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::frame::is_on_map;
use super::mark::{Fit, MapHut};
use super::query::{Query, SortBy};
use crate::db::connection::Db;
use crate::db::pages::huts::ListedHut;
use crate::db::reading::for_map::{MapFilter, for_filtered_map};
use crate::domain::geo::Place;
use crate::query::audience::Audience;
use crate::query::night::{Night, NightStatus};
use crate::query::views::HutOnMap;
use crate::text::slug::slug_of;
use crate::web::pages::format;
use crate::web::pages::occupancy::{Occupancy, describe, reservation};
use crate::web::pages::places::short_places_of_night;
use crate::web::pages::times::{Moment, Times, mark};

/// Reads the public huts whose bookings are followed, with their states on a night.
pub fn read_night(db: &mut Db, date: NaiveDate) -> diesel::QueryResult<Vec<HutOnMap>> {
    let audience = Audience::Public;
    let filter = MapFilter { audience, only_followed: true, ..MapFilter::default() };
    for_filtered_map(db, &(date..=date), &filter)
}

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
            not_on_map: on_map.iter().filter(|hut| place_of(hut).is_none()).count(),
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

/// A row of the table.
pub struct MapRow {
    pub url: String,
    pub name: String,
    pub country: Option<String>,
    /// What can be booked, for sorting.
    room: (i16, bool),
    pub places: String,
    pub occupancy: Occupancy,
    pub reservation: String,
    pub booking_link: Option<String>,
    pub checked: Moment,
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

/// The huts on the map that match the query.
#[must_use]
pub fn map_huts(on_map: &[HutOnMap], query: &Query, times: &Times) -> Vec<MapHut> {
    let matching = on_map.iter().filter(|hut| matches_query(hut, query));
    matching.filter_map(|hut| map_hut(hut, query.min_free, times)).collect()
}

fn map_hut(on_map: &HutOnMap, places: u16, times: &Times) -> Option<MapHut> {
    let (date, night) = on_map.days.first()?;
    Some(MapHut {
        slug: on_map.hut.slug.clone(),
        url: format::night_url(&on_map.hut.slug, *date),
        name: format::text(&on_map.hut.name),
        words: words(*date, night, times),
        place: place_of(on_map)?,
        fit: Fit::of(night, places),
        free: night.state.free,
    })
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
        occupancy: Occupancy::of_night(times.t, night),
        reservation: reservation(times.t, night),
        booking_link: format::booking_link(night, source.link.as_deref()),
        checked: times.checked(*date, night),
    })
}

/// The night in words, with the age of the figure if a reader must know it.
#[must_use]
pub fn words(date: NaiveDate, night: &Night, times: &Times) -> String {
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

/// The place of a hut, if it is known and on the map.
fn place_of(hut: &HutOnMap) -> Option<Place> {
    let (latitude, longitude) = hut.hut.latitude.zip(hut.hut.longitude)?;
    Some(Place { latitude, longitude }).filter(|place| is_on_map(*place))
}
