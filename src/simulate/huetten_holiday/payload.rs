//! The answers of the fake huetten-holiday.com. They share no code with the client, so that each tests the
//! other.

use chrono::NaiveDate;
use serde::Serialize;

use crate::simulate::hut::SimulatedHut;
use crate::text::slug::slug_of;

/// The number of huts on a page.
pub const CABINS_ON_A_PAGE: usize = 15;

/// One date of `get-month-availability`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MonthDay {
    date: String,
    total_places: i16,
    rooms: Vec<Room>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Room {
    room_id: u8,
    places: i16,
    paid_places: i16,
    booked_places: i16,
}

impl MonthDay {
    /// A date with two rooms, or with none if `total` is 0, which means closed.
    #[must_use]
    pub fn new(date: NaiveDate, free: i16, total: i16) -> Self {
        let taken = total - free;
        let room = |room_id, places, booked_places| Room {
            room_id,
            places,
            paid_places: booked_places / 2,
            booked_places,
        };
        let (half_free, half_taken) = (free / 2, taken / 2);
        let first = room(1, half_free, half_taken);
        let second = room(2, free - half_free, taken - half_taken);
        Self {
            date: format!("{date}T00:00:00.000000Z"),
            total_places: total,
            rooms: if total > 0 { vec![first, second] } else { Vec::new() },
        }
    }
}

/// One page of `get-cabins`.
#[derive(Clone, Debug, Serialize)]
pub struct CabinPage {
    data: Vec<Cabin>,
    current_page: usize,
    last_page: usize,
    next_page_url: Option<String>,
}

impl CabinPage {
    /// The page `number`, from 1 on, with the huts `data`. `count` is the number of huts on all pages.
    #[must_use]
    pub fn new(data: Vec<Cabin>, number: usize, count: usize) -> Self {
        let last_page = count.div_ceil(CABINS_ON_A_PAGE).max(1);
        let next_page_url =
            (number < last_page).then(|| format!("/get-cabins?page={}", number + 1));
        Self { data, current_page: number, last_page, next_page_url }
    }
}

/// A hut of `get-cabins`.
#[derive(Clone, Debug, Serialize)]
pub struct Cabin {
    id: u32,
    name: String,
    slug: String,
    altitude: String,
    latitude: Option<String>,
    longitude: Option<String>,
    website: Option<String>,
    is_delete: bool,
    country: Country,
}

#[derive(Clone, Debug, Serialize)]
struct Country {
    code: String,
}

impl Cabin {
    pub(in crate::simulate) fn id(&self) -> u32 {
        self.id
    }

    /// A hut of the model. None if its ID is not a number.
    #[must_use]
    pub fn new(hut: &SimulatedHut) -> Option<Self> {
        let degrees = |degrees: f64| format!("{degrees:.7}");
        let slug = slug_of(&hut.name);
        Some(Self {
            id: hut.id.parse().ok()?,
            name: hut.name.clone(),
            altitude: hut.altitude.clone(),
            latitude: hut.place.map(|place| degrees(place.latitude)),
            longitude: hut.place.map(|place| degrees(place.longitude)),
            website: hut.unlocked.then(|| format!("https://{slug}.example")),
            is_delete: !hut.unlocked,
            country: Country { code: hut.country.clone() },
            slug,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::simulate::model::Model;

    use super::*;

    fn page(number: usize) -> Value {
        serde_json::to_value(Model::numbered(0, 31).cabins(number)).unwrap()
    }

    #[test]
    fn the_pages_list_each_hut_once_by_id() {
        let pages = [page(1), page(2), page(3)];
        let cabins = pages.iter().flat_map(|page| page["data"].as_array().unwrap());
        let ids: Vec<_> = cabins.map(|cabin| cabin["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, (1..=31).collect::<Vec<_>>());
        assert_eq!(pages[0]["next_page_url"], "/get-cabins?page=2");
        assert_eq!((&pages[2]["current_page"], &pages[2]["last_page"]), (&json!(3), &json!(3)));
        assert_eq!(pages[2]["next_page_url"], Value::Null);
        assert_eq!(page(4)["data"], json!([]));
    }

    #[test]
    fn the_rooms_add_up_to_the_free_places() {
        let day = MonthDay::new("2026-06-05".parse().unwrap(), 7, 20);
        let places: Vec<_> =
            day.rooms.iter().map(|room| (room.places, room.booked_places)).collect();
        assert_eq!((places, day.total_places), (vec![(3, 6), (4, 7)], 20));
    }
}
