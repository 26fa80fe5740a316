//! Compares the answers of two services to a question. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::days::{Object, compare_objects, compare_states, reason_of_hut};
use super::difference::{Collector, Difference, Kind};
use super::question::{Area, KnownHut, Question};
use super::reason::Reason;

/// Degrees: what rounding to five decimals may change, in both directions.
const MAX_DEGREES_OF_ROUNDING: f64 = 1.5e-5;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// The JSON; null if the body is none.
    pub body: Value,
}

/// How two answers differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    pub differences: Vec<Difference>,
    /// The huts and nights that changed between the last checks of the two services.
    pub checked_since: BTreeSet<(String, String)>,
}

/// Compares two answers to a question. Of errors, only the status codes are compared.
#[must_use]
pub fn compare(question: &Question, ours: &Answer, theirs: &Answer) -> Compared {
    let mut collector = Collector::new(question);
    let mut checked_since = BTreeSet::new();
    if ours.status != theirs.status {
        let reason = reason_of_status(question.area(), ours.status, theirs.status);
        let (ours, theirs) = (ours.status.into(), theirs.status.into());
        collector.add(Kind::Status, "status", (Some(&ours), Some(&theirs)), reason);
    } else if ours.status == 200 {
        match question.area() {
            Area::Map => compare_maps(&ours.body, &theirs.body, &mut collector),
            Area::Hut => checked_since = compare_huts(&ours.body, &theirs.body, &mut collector),
            Area::Trend => checked_since = compare_trends(&ours.body, &theirs.body, &mut collector),
            Area::Version => {
                let program = |_: &str, _: &Value, _: &Value| Some(Reason::Program);
                let (ours, theirs) = (object(&ours.body), object(&theirs.body));
                compare_objects(ours, theirs, &[], &mut collector, program);
            }
        }
    }
    Compared { differences: collector.into_found(), checked_since }
}

fn reason_of_status(area: Area, ours: u16, theirs: u16) -> Option<Reason> {
    match (area, ours, theirs) {
        (_, 400, 422) => Some(Reason::InvalidValue),
        // They list the states that began in the period.
        (Area::Trend, 200, 404) => Some(Reason::History),
        _ => None,
    }
}

/// The fields of a value; none if it is no object.
fn object(value: &Value) -> &Object {
    static EMPTY: LazyLock<Object> = LazyLock::new(Object::new);
    value.as_object().unwrap_or(&EMPTY)
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The huts that both maps have.
#[must_use]
pub fn known_huts(ours: &Value, theirs: &Value) -> Vec<KnownHut> {
    let theirs = by_slug(theirs);
    let known = |(slug, feature): (&str, &Value)| {
        let coordinates = &feature["geometry"]["coordinates"];
        let (longitude, latitude) = (coordinates[0].as_f64()?, coordinates[1].as_f64()?);
        Some(KnownHut { slug: slug.to_owned(), longitude, latitude })
    };
    by_slug(ours)
        .into_iter()
        .filter(|(slug, _)| theirs.contains_key(slug))
        .filter_map(known)
        .collect()
}

fn by_slug(map: &Value) -> BTreeMap<&str, &Value> {
    let features = items(&map["features"]).iter();
    features.map(|feature| (text(&feature["properties"], "slug"), feature)).collect()
}

fn compare_maps(ours: &Value, theirs: &Value, collector: &mut Collector<'_>) {
    let not_of_huts = ["features"];
    let none = |_: &str, _: &Value, _: &Value| None;
    compare_objects(object(ours), object(theirs), &not_of_huts, collector, none);
    let (our_huts, their_huts) = (by_slug(ours), by_slug(theirs));
    let slugs: BTreeSet<&str> = our_huts.keys().chain(their_huts.keys()).copied().collect();
    for slug in slugs {
        slug.clone_into(&mut collector.hut);
        match (our_huts.get(slug), their_huts.get(slug)) {
            (Some(ours), Some(theirs)) => compare_features(ours, theirs, collector),
            (ours, theirs) => {
                let id =
                    |feature: Option<&&Value>| feature.map(|it| it["properties"]["id"].clone());
                let (ours, theirs) = (id(ours), id(theirs));
                collector.add(Kind::HutMissing, "", (ours.as_ref(), theirs.as_ref()), None);
            }
        }
    }
    collector.hut.clear();
    let order = |map: &Value, other: &BTreeMap<&str, &Value>| -> Vec<String> {
        let slugs = items(&map["features"]).iter();
        let slugs = slugs.map(|feature| text(&feature["properties"], "slug").to_owned());
        slugs.filter(|slug| other.contains_key(slug.as_str())).collect()
    };
    let (ours, theirs) = (order(ours, &their_huts), order(theirs, &our_huts));
    if let Some((ours, theirs)) = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs) {
        let (ours, theirs) = (ours.as_str().into(), theirs.as_str().into());
        collector.add(Kind::Order, "", (Some(&ours), Some(&theirs)), None);
    }
}

fn compare_features(ours: &Value, theirs: &Value, collector: &mut Collector<'_>) {
    // GeoJSON allows an ID on the feature itself.
    let apart_from = ["id", "geometry", "properties", "bbox"];
    let none = |_: &str, _: &Value, _: &Value| None;
    compare_objects(object(ours), object(theirs), &apart_from, collector, none);
    let coordinates = |feature: &Value| feature["geometry"]["coordinates"].clone();
    let (our_place, their_place) = (coordinates(ours), coordinates(theirs));
    let difference = |axis: usize| {
        let (ours, theirs) = (our_place[axis].as_f64()?, their_place[axis].as_f64()?);
        Some((ours - theirs).abs())
    };
    let distance = difference(0).zip(difference(1)).map(|(x, y)| x.max(y));
    if distance != Some(0.0) {
        let is_rounding = distance.is_some_and(|distance| distance <= MAX_DEGREES_OF_ROUNDING);
        let reason = is_rounding.then_some(Reason::Rounding);
        let places = (Some(&our_place), Some(&their_place));
        collector.add(Kind::Value, "coordinates", places, reason);
    }
    let (ours, theirs) = (&ours["properties"], &theirs["properties"]);
    compare_objects(object(ours), object(theirs), &["data"], collector, reason_of_hut);
    compare_nights(ours, theirs, collector);
}

fn compare_huts(
    ours: &Value,
    theirs: &Value,
    collector: &mut Collector<'_>,
) -> BTreeSet<(String, String)> {
    compare_objects(object(ours), object(theirs), &["data"], collector, reason_of_hut);
    compare_nights(ours, theirs, collector)
}

/// Compares the nights of two huts by their date. Returns those that changed between the last checks.
fn compare_nights(
    ours: &Value,
    theirs: &Value,
    collector: &mut Collector<'_>,
) -> BTreeSet<(String, String)> {
    let by_date = |hut: &Value| -> BTreeMap<String, Value> {
        let nights = items(&hut["data"]).iter();
        nights.map(|night| (text(night, "date").to_owned(), night.clone())).collect()
    };
    let (our_nights, their_nights) = (by_date(ours), by_date(theirs));
    let dates: BTreeSet<&String> = our_nights.keys().chain(their_nights.keys()).collect();
    let mut checked_since = BTreeSet::new();
    for date in dates {
        collector.night.clone_from(date);
        match (our_nights.get(date), their_nights.get(date)) {
            (Some(ours), Some(theirs)) => {
                if compare_states(object(ours), object(theirs), collector) {
                    checked_since.insert((collector.hut.clone(), date.clone()));
                }
            }
            values => collector.add(Kind::NightMissing, "", values, None),
        }
    }
    collector.night.clear();
    checked_since
}

/// Compares two trends. The newest states must be the same. Of the older ones only the fields and their types are
/// compared, because the histories differ in which states they keep. Returns the night if it changed between the last
/// checks.
fn compare_trends(
    ours: &Value,
    theirs: &Value,
    collector: &mut Collector<'_>,
) -> BTreeSet<(String, String)> {
    let mut checked_since = BTreeSet::new();
    compare_objects(object(ours), object(theirs), &["data"], collector, reason_of_hut);
    text(ours, "target_date").clone_into(&mut collector.night);
    let (ours, theirs) = (items(&ours["data"]), items(&theirs["data"]));
    for (index, (our_state, their_state)) in ours.iter().zip(theirs).enumerate() {
        if index == 0 {
            if compare_states(object(our_state), object(their_state), collector) {
                checked_since.insert((collector.hut.clone(), collector.night.clone()));
            }
        } else {
            let history = |_: &str, _: &Value, _: &Value| Some(Reason::History);
            compare_objects(object(our_state), object(their_state), &[], collector, history);
        }
    }
    if ours.len() != theirs.len() {
        let (ours, theirs) = (ours.len().into(), theirs.len().into());
        let reason = Some(Reason::History);
        collector.add(Kind::Value, "data", (Some(&ours), Some(&theirs)), reason);
    }
    checked_since
}

#[cfg(test)]
mod tests;
