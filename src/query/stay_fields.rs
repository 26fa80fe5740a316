//! Stays and tours with the field names of the contract, for programs.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::stay::{Found, Group, Stage, Stay, Tour, nights_of_tour};
use crate::domain::tier::Tier;
use crate::query::stay_filter::Choice;

/// The stays of a group, the earliest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StayList {
    /// The first and the last arrival that were asked for.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub nights: u16,
    pub places: u16,
    /// The number of stays that were found. The list may have fewer.
    pub found: usize,
    pub stays: Vec<StayFields>,
}

/// Nights in one hut, each with room for the group.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StayFields {
    pub arrival: NaiveDate,
    /// The morning after the last night.
    pub departure: NaiveDate,
    #[serde(flatten)]
    pub hut: StayHut,
    /// The places that are free on every night.
    pub free: i16,
    /// The free places of each night.
    pub free_by_night: Vec<i16>,
}

/// The hut of a stay.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StayHut {
    /// The slug of the hut.
    pub slug: String,
    pub name: String,
    /// Two letters, ISO 3166
    pub country: Option<String>,
    /// Metres
    pub elevation: Option<i16>,
    /// Degrees, WGS84
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Kilometres from the place that was asked for, as the crow flies.
    pub distance_km: Option<f64>,
    /// The page where the hut is booked. Check that it is `http` or `https` before you make a link of it.
    pub link: Option<String>,
    /// The last successful check of the hut.
    pub last_checked: Option<DateTime<Utc>>,
    /// False for a hut that only operators see. It is left out for other huts.
    #[serde(skip_serializing_if = "Clone::clone")]
    #[schema(ignore)]
    pub is_public: bool,
    /// By which pages decide whether that check is old.
    #[serde(skip)]
    pub tier: Option<Tier>,
}

/// A hut with its stays.
#[derive(Clone, Debug, PartialEq)]
pub struct HutStays {
    pub hut: StayHut,
    /// By arrival.
    pub stays: Vec<Stay>,
}

/// The tours of a group, the earliest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TourList {
    /// The first and the last start that were asked for.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The nights of all stages together.
    pub nights: u16,
    pub places: u16,
    /// The number of tours that were found. The list may have fewer.
    pub found: usize,
    pub tours: Vec<TourFields>,
}

/// Stages on consecutive nights, each with the huts that have room.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TourFields {
    pub start: NaiveDate,
    /// The morning after the last night.
    pub end: NaiveDate,
    pub stages: Vec<TourStage>,
}

/// One stage of a tour.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TourStage {
    /// The alternatives that have room, in the order in which they were asked for.
    pub stays: Vec<StayFields>,
}

impl StayHut {
    #[must_use]
    pub fn new(choice: &Choice<'_>) -> Self {
        let head = &choice.hut.hut;
        Self {
            slug: head.slug.clone(),
            name: head.name.clone(),
            country: head.country.clone(),
            elevation: choice.hut.elevation,
            latitude: head.latitude,
            longitude: head.longitude,
            // To 10 metres: huts are placed no better.
            distance_km: choice.distance_km.map(|km| (km * 100.0).round() / 100.0),
            link: choice.hut.link.clone(),
            last_checked: choice.hut.last_success,
            is_public: head.is_public,
            tier: choice.hut.tier,
        }
    }
}

/// The huts of some stays, by their ID.
pub struct StayHuts(HashMap<i32, StayHut>);

impl StayHuts {
    #[must_use]
    pub fn new(choices: &[Choice<'_>]) -> Self {
        let hut = |choice: &Choice<'_>| (choice.hut.hut.id, StayHut::new(choice));
        Self(choices.iter().map(hut).collect())
    }

    fn fields(&self, stay: &Stay) -> Option<StayFields> {
        Some(StayFields {
            arrival: stay.arrival,
            departure: stay.departure,
            hut: self.0.get(&stay.hut_id)?.clone(),
            free: stay.places(),
            free_by_night: stay.free.clone(),
        })
    }

    /// The list of the stays that were found first.
    #[must_use]
    pub fn stay_list(&self, group: &Group, nights: u16, found: &Found<Stay>) -> StayList {
        StayList {
            from: *group.arrivals.start(),
            to: *group.arrivals.end(),
            nights,
            places: group.places,
            found: found.count,
            stays: found.first.iter().filter_map(|stay| self.fields(stay)).collect(),
        }
    }

    /// The list of the tours that were found first.
    #[must_use]
    pub fn tour_list(&self, group: &Group, stages: &[Stage<i32>], found: &Found<Tour>) -> TourList {
        let stage = |stays: &Vec<Stay>| TourStage {
            stays: stays.iter().filter_map(|stay| self.fields(stay)).collect(),
        };
        let tour = |tour: &Tour| TourFields {
            start: tour.start,
            end: tour.end(),
            stages: tour.stages.iter().map(stage).collect(),
        };
        TourList {
            from: *group.arrivals.start(),
            to: *group.arrivals.end(),
            nights: nights_of_tour(stages),
            places: group.places,
            found: found.count,
            tours: found.first.iter().map(tour).collect(),
        }
    }
}
