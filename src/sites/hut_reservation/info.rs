//! Parses `hutInfo`: name, place, altitude and places of a hut of hut-reservation.org, as its warden typed
//! them.

use serde_json::Value;

use super::address::booking_link;
use crate::domain::geo::country::country;
use crate::domain::geo::{
    Place, Unplaced, read_coordinates, read_coordinates_abroad, read_elevation,
};
use crate::domain::organization::numeric_hut_id;
use crate::sites::error::SourceError;
use crate::sites::json;
use crate::sites::listing::{Listing, SiteHut};
use crate::sites::payload::malformed;
use crate::sites::site_hut::{Fields, is_test_entry};

/// Reads the answer for the hut `hut_id`.
///
/// # Errors
/// `Malformed` if the answer is not an object, or is about another hut.
pub fn read(body: &[u8], hut_id: &str) -> Result<Listing, SourceError> {
    let answer: Value = json::tree(body).map_err(|error| malformed(".", error, body))?;
    let Value::Object(object) = &answer else {
        return Err(malformed(".", "expected an object", body));
    };
    let mut fields = Fields::new(object);
    let answered_id = fields.text("hutId", numeric_hut_id);
    if let Some(other) = answered_id.filter(|id| id != hut_id) {
        return Err(malformed(
            "hutId",
            format!("hut {other} in place of the requested hut {hut_id}"),
            body,
        ));
    }
    let name = fields.name("hutName");
    if name.as_deref().is_some_and(is_test_entry) {
        return Ok(Listing { test_entries: vec![hut_id.to_owned()], ..Listing::default() });
    }
    let association = fields.country("tenantCountry");
    let place = place(&mut fields, association.as_deref());
    let elevation = fields.text("altitude", read_elevation);
    let (capacity_open, capacity_closed) = capacities(&mut fields);
    let is_unlocked =
        fields.read("hutUnlocked", |value| value.as_bool().ok_or("is neither true nor false"));
    let hut = SiteHut {
        source_hut_id: hut_id.to_owned(),
        name,
        // A hut may be in another country than its association.
        country: place.and_then(|place| country(place, association.as_deref())),
        place,
        elevation,
        capacity_open,
        capacity_closed,
        link: Some(booking_link(hut_id)),
        is_bookable: is_unlocked,
        unreadable: fields.unreadable,
    };
    Ok(Listing { huts: vec![hut], ..Listing::default() })
}

fn place(fields: &mut Fields<'_>, association: Option<&str>) -> Option<Place> {
    let read: fn(&str) -> Result<Place, Unplaced> = match association {
        Some("CH" | "LI") => read_coordinates,
        _ => read_coordinates_abroad,
    };
    fields.text("coordinates", read)
}

/// The places with a warden, and without one. A sum is unknown if one of its categories is invalid. Both are
/// unknown if the answer has no category of either kind.
fn capacities(fields: &mut Fields<'_>) -> (Option<i16>, Option<i16>) {
    let categories = fields.read("hutBedCategories", |value| match value.as_array() {
        None => Err("is not an array of categories"),
        Some(categories) if categories.is_empty() => Err("has no category"),
        Some(categories) => Ok(categories),
    });
    let Some(categories) = categories else { return (None, None) };
    let mut sums = [("ROOM", Some(0_i16)), ("UNSERVICED", Some(0))];
    let mut has_known_mode = false;
    for category in categories {
        let mode = category.get("reservationMode").and_then(Value::as_str);
        match sums.iter_mut().find(|(name, _)| Some(*name) == mode) {
            Some((mode, sum)) => {
                has_known_mode = true;
                *sum = sum.zip(places(category)).and_then(|(sum, places)| sum.checked_add(places));
                if sum.is_none() {
                    let reason = format!("has an invalid number of places of {mode}");
                    fields.note("hutBedCategories", reason);
                }
            }
            None => fields.note("hutBedCategories", format!("has the unknown mode {mode:?}")),
        }
    }
    let [(_, open), (_, closed)] = sums;
    if has_known_mode { (open, closed) } else { (None, None) }
}

fn places(category: &Value) -> Option<i16> {
    let places = i16::try_from(category.get("totalSleepingPlaces")?.as_i64()?).ok()?;
    Some(places).filter(|places| *places >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn complete_answer() -> Value {
        json!({
            "hutId": 29, "hutName": "Tällihütte", "hutUnlocked": true, "tenantCountry": "CH",
            "coordinates": "668.000 / 176.940", "altitude": "1726 m",
            "hutBedCategories": [
                {"totalSleepingPlaces": 40, "reservationMode": "ROOM"},
                {"totalSleepingPlaces": 30, "reservationMode": "ROOM"},
                {"totalSleepingPlaces": 12, "reservationMode": "UNSERVICED"},
            ],
        })
    }

    fn listing(answer: &Value) -> Result<Listing, SourceError> {
        read(answer.to_string().as_bytes(), "29")
    }

    fn hut(answer: &Value) -> SiteHut {
        listing(answer).unwrap().huts.remove(0)
    }

    fn hut_with(field: &str, value: Value) -> SiteHut {
        let mut answer = complete_answer();
        answer[field] = value;
        hut(&answer)
    }

    #[test]
    fn a_complete_answer_gives_all_fields() {
        let hut = hut(&complete_answer());
        assert_eq!((hut.name.as_deref(), hut.country.as_deref()), (Some("Tällihütte"), Some("CH")));
        assert_eq!((hut.capacity_open, hut.capacity_closed), (Some(70), Some(12)));
        assert_eq!((hut.elevation, hut.is_bookable), (Some(1726), Some(true)));
        let place = hut.place.unwrap();
        assert!((place.latitude - 46.74).abs() < 0.01 && (place.longitude - 8.33).abs() < 0.01);
        assert_eq!(hut.unreadable, []);
    }

    #[test]
    fn a_missing_or_absurd_field_affects_no_other_field() {
        let longest = "x".repeat(10_000);
        let absurd =
            [json!(null), json!([]), json!({"a": 1}), json!(-1), json!(460.5), json!(longest)];
        for field in ["hutName", "hutUnlocked", "coordinates", "altitude", "hutBedCategories"] {
            for value in &absurd {
                let hut = hut_with(field, value.clone());
                let noted = hut.unreadable.iter().all(|unreadable| unreadable.field == field);
                let is_valid = field == "hutName" && value.is_number()
                    || field == "altitude" && *value == json!(460.5);
                assert!(
                    noted && (is_valid || hut.unreadable.len() == 1),
                    "{field} {value}: {hut:?}"
                );
                assert_eq!(
                    hut.elevation.is_some(),
                    field != "altitude" || is_valid,
                    "{field} {value}"
                );
                assert_eq!(hut.place.is_some(), field != "coordinates", "{field} {value}");
                assert!(hut.unreadable.iter().all(|unreadable| unreadable.value.len() < 100));
            }
        }
    }

    #[test]
    fn an_invalid_category_does_not_affect_the_other_kind() {
        let hut = hut_with(
            "hutBedCategories",
            json!([
                {"totalSleepingPlaces": 40, "reservationMode": "ROOM"},
                {"totalSleepingPlaces": -3, "reservationMode": "UNSERVICED"},
                {"totalSleepingPlaces": 5, "reservationMode": "TENT"},
            ]),
        );
        assert_eq!((hut.capacity_open, hut.capacity_closed), (Some(40), None));
        assert_eq!(hut.unreadable.len(), 1, "one note per field");
        let many = json!([{"totalSleepingPlaces": 30000, "reservationMode": "ROOM"},
            {"totalSleepingPlaces": 30000, "reservationMode": "ROOM"}]);
        assert_eq!(hut_with("hutBedCategories", many).capacity_open, None);
    }

    #[test]
    fn many_invalid_categories_give_one_short_note() {
        let categories = vec![json!({"reservationMode": "x".repeat(100)}); 10_000];
        let hut = hut_with("hutBedCategories", json!(categories));
        assert_eq!(hut.unreadable.len(), 1);
        assert!(hut.unreadable[0].reason.chars().count() <= 81, "{:?}", hut.unreadable);
    }

    #[test]
    fn the_swiss_grid_is_read_only_for_swiss_huts() {
        let mut answer = complete_answer();
        for association in [json!("DE"), json!(null)] {
            answer["tenantCountry"] = association;
            assert_eq!(hut(&answer).place, None);
        }
    }

    #[test]
    fn locked_huts_are_huts_and_test_entries_are_not() {
        assert_eq!(hut_with("hutUnlocked", json!(false)).is_bookable, Some(false));
        assert_eq!(hut_with("hutUnlocked", json!("no")).is_bookable, None);
        let mut answer = complete_answer();
        answer["hutName"] = json!("ZZZ TEST");
        let listing = listing(&answer).unwrap();
        assert_eq!((listing.huts.len(), listing.test_entries.len()), (0, 1));
    }

    #[test]
    fn an_answer_that_is_not_about_the_hut_is_malformed() {
        let error = |body: &str| read(body.as_bytes(), "29").unwrap_err().to_string();
        assert!(error("[]").contains("expected an object"), "{}", error("[]"));
        assert!(error("<!DOCTYPE html>").contains("the answer begins: <!DOCTYPE html>"));
        assert!(
            error(r#"{"hutId":30}"#)
                .starts_with("at hutId: hut 30 in place of the requested hut 29")
        );
        for same_or_unreadable in [json!("29"), json!(29.0), json!(null), json!([])] {
            let mut answer = complete_answer();
            answer["hutId"] = same_or_unreadable;
            assert_eq!(hut(&answer).source_hut_id, "29");
        }
    }

    proptest! {
        #[test]
        fn no_text_in_any_field_panics(field in 0..6usize, text in ".{0,60}") {
            let name = ["hutName", "coordinates", "altitude", "tenantCountry", "hutUnlocked", "hutBedCategories"][field];
            let mut answer = complete_answer();
            answer[name] = json!(text);
            prop_assert!(listing(&answer).is_ok());
        }
    }
}
