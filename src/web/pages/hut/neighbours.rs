//! The huts near a hut that have room for a group. Pure functions.

use chrono::{NaiveDate, WeekdaySet};

use super::query::Query;
use crate::domain::geo::Place;
use crate::domain::stay::{Group, Rooms, stays_of};
use crate::query::stay_filter::place_of;
use crate::query::views::HutOnMap;
use crate::web::pages::format;
use crate::web::pages::params::Params;
use crate::web::pages::times::{Moment, Times};

/// How far neighbours lie away at most, in kilometres: a walk of a day.
pub const KM: u16 = 15;

/// The distance of the search that the page links to, in kilometres.
const WIDER_KM: u16 = 30;

/// The most huts of the list.
const MAX_HUTS: usize = 10;

/// The neighbours with room.
pub struct Neighbours {
    pub title: String,
    /// By distance.
    pub huts: Vec<Neighbour>,
    /// What the page says if no hut has room.
    pub none: String,
    /// The search for stays further around the hut.
    pub wider_url: String,
    pub wider: String,
}

/// A hut with room.
pub struct Neighbour {
    pub url: String,
    pub name: String,
    /// `4.2 km`
    pub distance: String,
    /// `12 places free`
    pub free: String,
    pub checked: Moment,
    pub booking_link: Option<String>,
    pub book_label: String,
}

/// The hut in the middle.
#[derive(Clone, Copy)]
pub struct Middle<'a> {
    pub id: i32,
    pub place: Place,
    /// How a search for stays names it: its slug, or its place if no search knows the slug.
    pub near: &'a str,
}

impl Neighbours {
    /// The neighbours among some huts around the middle, which may be further away.
    #[must_use]
    pub fn new(
        middle: Middle<'_>,
        around: &[HutOnMap],
        query: &Query,
        params: &Params,
        times: &Times,
    ) -> Self {
        let t = times.t;
        let night = query.night_of_neighbours(times.limits.today);
        let metres = f64::from(KM) * 1000.0;
        let mut near: Vec<(f64, &HutOnMap)> = around
            .iter()
            .filter(|hut| hut.hut.id != middle.id)
            .filter_map(|hut| Some((place_of(&hut.hut)?.distance(&middle.place), hut)))
            .filter(|(distance, _)| *distance <= metres)
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let group =
            Group { arrivals: night..=night, weekdays: WeekdaySet::ALL, places: query.places };
        let url_of = |slug: &str| {
            let kept = params.only(&[], &["places", "nights"]);
            format::hut_url(slug) + &kept.link_with(&[("night", &night.to_string())])
        };
        let with_room = near.iter().filter_map(|(distance, hut)| {
            let free = free_places(hut, &group, query.nights)?;
            let (_, first) = hut.days.first()?;
            let name = format::text(&hut.hut.name);
            let km = t.decimal(distance / 1000.0, 1);
            Some(Neighbour {
                url: url_of(&hut.hut.slug),
                distance: t.with("kilometres", "km", km).to_string(),
                free: t.with("places", "places", free).to_string(),
                checked: times.checked(night, first),
                booking_link: format::web_link(hut.source.link.as_deref()),
                book_label: t.with("book-hut", "hut", name.as_str()).to_string(),
                name,
            })
        });
        let huts: Vec<Neighbour> = with_room.take(MAX_HUTS).collect();
        let stay = (t.with("stay-of-group", "people", t.count("people", query.places).to_string()))
            .and("nights", t.count("night-count", query.nights).to_string())
            .and("date", t.day(night))
            .to_string();
        let text =
            |id| t.count(id, near.len()).and("stay", stay.as_str()).and("km", KM).to_string();
        Self {
            title: t.with("neighbours", "km", KM).and("stay", stay.as_str()).to_string(),
            none: text("neighbours-without-room"),
            wider_url: wider_url(middle.near, night, params),
            wider: t.with("neighbours-wider", "km", WIDER_KM).to_string(),
            huts,
        }
    }
}

/// The places that are free on each night of a stay.
fn free_places(hut: &HutOnMap, group: &Group, nights: u16) -> Option<i16> {
    let with_room = hut.days.iter().filter(|(_, night)| night.has_room_for(group.places));
    let rooms: Rooms =
        with_room.filter_map(|(date, night)| Some((*date, night.state.free?))).collect();
    stays_of(group, nights, hut.hut.id, &rooms).first().map(crate::domain::stay::Stay::places)
}

/// The page of stays, with the same group around the hut.
fn wider_url(near: &str, night: NaiveDate, params: &Params) -> String {
    let night = night.to_string();
    let kept = params.only(&[], &["places", "nights"]);
    let km = WIDER_KM.to_string();
    let changes = [("from", night.as_str()), ("to", &night), ("near", near), ("km", &km)];
    format!("/stays{}", kept.link_with(&changes))
}
