//! Stays and tours as CSV, the same from the command line and from the service. Pure functions.

use crate::query::stay_fields::{StayFields, StayList, TourList, TourStage};
use crate::text::spreadsheet::to_csv;

const STAY_COLUMNS: [&str; 13] = [
    "arrival",
    "departure",
    "slug",
    "name",
    "country",
    "elevation",
    "latitude",
    "longitude",
    "distance_km",
    "free",
    "last_checked",
    "link",
    "is_public",
];

/// A stay as a row of [`STAY_COLUMNS`].
fn stay_row(stay: &StayFields) -> impl serde::Serialize + '_ {
    let hut = &stay.hut;
    (
        (stay.arrival, stay.departure, &hut.slug, &hut.name, &hut.country, hut.elevation),
        (hut.latitude, hut.longitude, hut.distance_km, stay.free, hut.last_checked, &hut.link),
        hut.is_public,
    )
}

/// CSV with a line for each stay.
#[must_use]
pub fn stays_csv(list: &StayList) -> String {
    to_csv(&STAY_COLUMNS, list.stays.iter().map(stay_row))
}

/// CSV with a line for each alternative of each stage.
#[must_use]
pub fn tours_csv(list: &TourList) -> String {
    let rows = list.tours.iter().flat_map(|tour| {
        (1..).zip(&tour.stages).flat_map(move |(number, TourStage { stays })| {
            stays.iter().map(move |stay| (tour.start, number, stay_row(stay)))
        })
    });
    to_csv(&[&["start", "stage"][..], &STAY_COLUMNS].concat(), rows)
}
