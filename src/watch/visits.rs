//! The visits of a watch: which arrivals have room now, and what a message says of one. Pure.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::domain::full_since::{Nights, full_since};
use crate::domain::message::{Offer, Visit};
use crate::domain::opening::Arrival;
use crate::domain::stay::{Rooms, Stage, Stay, after, stays, tours};
use crate::domain::watch::{Goal, Watch};
use crate::query::views::HutForStay;

/// The stays of each stage of a visit that has room.
type Stages = Vec<Vec<Stay>>;

/// The arrivals of a watch that have room, with their stays.
#[must_use]
pub fn open_visits(watch: &Watch<i32>, rooms: &HashMap<i32, Rooms>) -> BTreeMap<Arrival, Stages> {
    match &watch.goal {
        Goal::Stay(Stage { huts, nights }) => {
            let found = stays(&watch.group, *nights, huts, rooms, usize::MAX).first.into_iter();
            let visit = |stay: Stay| {
                (Arrival { date: stay.arrival, hut_id: Some(stay.hut_id) }, vec![vec![stay]])
            };
            found.map(visit).collect()
        }
        Goal::Tour(stages) => {
            let found = tours(&watch.group, stages, rooms, usize::MAX).first.into_iter();
            found.map(|tour| (Arrival { date: tour.start, hut_id: None }, tour.stages)).collect()
        }
    }
}

/// The nights in one hut.
type HutNights = Vec<(i32, NaiveDate)>;

/// The huts of a watch, by ID.
pub type Huts<'a> = HashMap<i32, &'a HutForStay>;

/// What a message says of a visit that opened.
#[must_use]
pub fn opened(
    watch: &Watch<i32>,
    arrival: Arrival,
    stages: &[Vec<Stay>],
    huts: &Huts<'_>,
    history: &Nights,
) -> Visit {
    let offer = |stay: &Stay| {
        let free = stay.free.clone();
        offer(huts.get(&stay.hut_id)?, stay.arrival, stay.departure, free)
    };
    let stages: Vec<Vec<Offer>> =
        stages.iter().map(|stays| stays.iter().filter_map(offer).collect()).collect();
    let (needed, departure) = needed_nights(watch, arrival);
    let full_since = full_since(&needed, history);
    Visit { arrival: arrival.date, departure, stages, full_since }
}

/// What a message says of a visit that closed.
#[must_use]
pub fn closed(watch: &Watch<i32>, arrival: Arrival, huts: &Huts<'_>) -> Visit {
    let mut first = arrival.date;
    let mut stages = Vec::new();
    for stage in watch.goal.stages() {
        let departure = after(first, stage.nights);
        let of_hut = |id: i32| offer(huts.get(&id)?, first, departure, Vec::new());
        stages.push(huts_of(stage, arrival).filter_map(of_hut).collect());
        first = departure;
    }
    Visit { arrival: arrival.date, departure: first, stages, full_since: None }
}

fn offer(
    hut: &HutForStay,
    arrival: NaiveDate,
    departure: NaiveDate,
    free: Vec<i16>,
) -> Option<Offer> {
    Some(Offer {
        hut: hut.hut.slug.clone(),
        name: hut.hut.name.clone(),
        arrival,
        departure,
        free,
        link: hut.link.clone(),
        checked_at: hut.last_success,
    })
}

/// The huts of a stage that an arrival means.
fn huts_of(stage: &Stage<i32>, arrival: Arrival) -> impl Iterator<Item = i32> {
    stage.huts.iter().copied().filter(move |hut| arrival.hut_id.is_none_or(|wanted| *hut == wanted))
}

/// The nights of each alternative of each stage, and the morning after the last night.
fn needed_nights(watch: &Watch<i32>, arrival: Arrival) -> (Vec<Vec<HutNights>>, NaiveDate) {
    let mut first = arrival.date;
    let mut stages = Vec::new();
    for stage in watch.goal.stages() {
        let nights =
            |hut| first.iter_days().take(stage.nights.into()).map(|day| (hut, day)).collect();
        stages.push(huts_of(stage, arrival).map(nights).collect());
        first = after(first, stage.nights);
    }
    (stages, first)
}
