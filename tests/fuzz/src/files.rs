//! Properties of the parsers of coordinates, files of huts, and captured days.

use chrono::NaiveDate;
use hut_availability::domain::field::Field;
use hut_availability::domain::geo::{
    Place, read_coordinates, read_coordinates_abroad, read_elevation,
};
use hut_availability::domain::register::Hut;
use hut_availability::domain::type_style::{TypeStyle, TypeStyles};
use hut_availability::register::file::{
    HutFile, StyleChange, read, read_facts, read_styles, styles_to_csv, styles_to_json, to_csv,
    to_json,
};
use hut_availability::simulate::hut_reservation::payload::Day;
use hut_availability::simulate::snapshots;
use hut_availability::sites::hut_reservation::availability;
use hut_availability::sites::registry::Registry;
use hut_availability::text::slug::slug_of;

use super::text;

/// Parses the bytes as coordinates, as an elevation and as a name.
pub fn coordinates(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let place = read_coordinates(text);
    if let Ok(Place { latitude, longitude }) = place {
        assert!((43.0..=53.0).contains(&latitude) && (4.0..=17.0).contains(&longitude), "{text:?}");
        // Coordinates that are formatted and parsed again stay the same.
        let again = read_coordinates(&format!("{latitude} / {longitude}"));
        let has_lost_decimals = latitude.fract() == 0.0 || longitude.fract() == 0.0;
        assert!(has_lost_decimals || again == place, "{text:?}: {place:?}, {again:?}");
    }
    if let Ok(abroad) = read_coordinates_abroad(text) {
        assert_eq!(place, Ok(abroad), "{text:?}");
    }
    if let Ok(metres) = read_elevation(text) {
        assert!((1..=4810).contains(&metres), "{text:?}");
        assert_eq!(read_elevation(&format!("{metres} m")), Ok(metres));
    }
    let slug = slug_of(text);
    assert_eq!(slug_of(&slug), slug, "{text:?}");
    assert!(slug.len() <= 80 && !slug.starts_with('-') && !slug.ends_with('-'), "{slug:?}");
    assert!(slug.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')), "{slug:?}");
}

/// Parses a file of huts, CSV or JSON, and writes and parses it again.
pub fn hut_file(file: &[u8]) {
    let organizations = &Registry::default().organizations();
    match read(file, organizations) {
        Ok(file) => {
            let huts: Vec<&Hut> = file.huts.iter().map(|record| &record.hut).collect();
            let (csv, json) = (to_csv(&huts, organizations), to_json(&huts, organizations));
            for written in [&csv, &json] {
                let again =
                    read(written.as_bytes(), organizations).expect("what is written can be read");
                let HutFile { huts: again } = again;
                let again: Vec<&Hut> = again.iter().map(|record| &record.hut).collect();
                assert_eq!(to_csv(&again, organizations), csv);
                assert_eq!(to_json(&again, organizations), json);
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.is_sorted_by_key(|error| error.position));
            for error in errors {
                let message = error.to_string();
                assert!(!message.contains(|c: char| c.is_control()), "{message:?}");
            }
        }
    }
}

/// Parses a file of types of huts, CSV or JSON, and writes and parses it again.
pub fn hut_types(file: &[u8]) {
    let unset = TypeStyle { identifier: "?".into(), color: "#808080".into(), order: 0 };
    let styles_of = |changes: &[StyleChange]| -> TypeStyles {
        changes.iter().map(|change| (change.hut_type, change.applied(&unset))).collect()
    };
    match read_styles(file) {
        Ok(changes) => {
            let styles = styles_of(&changes);
            for written in [styles_to_csv(&styles), styles_to_json(&styles)] {
                // CSV without a type has no header.
                let Ok(again) = read_styles(written.as_bytes()) else {
                    assert!(changes.is_empty(), "{written}");
                    continue;
                };
                assert_eq!(styles_of(&again), styles, "{written}");
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                let message = error.to_string();
                assert!(!message.contains(|c: char| c.is_control()), "{message:?}");
            }
        }
    }
}

/// Parses a list of facts about the huts of ffcam.
pub fn hut_facts(file: &[u8]) {
    let organizations = &Registry::default().organizations();
    let ffcam = organizations.get("ffcam").expect("it is in the registry");
    match read_facts(file, ffcam, organizations) {
        Ok(facts) => {
            for hut in &facts.huts {
                let id = ffcam.hut_id(&hut.source_hut_id);
                assert_eq!(id.as_ref(), Ok(&hut.source_hut_id));
                let is_unknown = |field: &Field| field.text(&hut.fields).is_empty();
                assert!(!hut.known.iter().any(is_unknown), "{hut:?}");
            }
            let is_plain = |name: &String| !name.contains(|c: char| c.is_control());
            assert!(facts.other_columns.iter().all(is_plain));
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.is_sorted_by_key(|error| error.position));
            for error in errors {
                let message = error.to_string();
                assert!(!message.contains(|c: char| c.is_control()), "{message:?}");
            }
        }
    }
}

/// Parses a file of captured days, and the answer that the fake site makes of it.
pub fn captured_days(csv: &[u8]) {
    let Ok(captured) = snapshots::parse(csv) else { return };
    let days: Vec<Day> = captured
        .iter()
        .map(|s| Day::new(s.date, s.free_beds, s.total_sleeping_places, &s.hut_status))
        .take(4000)
        .collect();
    let has_four_digit_year =
        |date: NaiveDate| (1000..10_000).contains(&chrono::Datelike::year(&date));
    if !captured.iter().all(|snapshot| has_four_digit_year(snapshot.date)) {
        return;
    }
    let json = serde_json::to_vec(&days).expect("plain values have JSON");
    let answer = availability::parse(&json, "1").expect("the client reads the fake site's answers");
    assert_eq!((answer.days.len(), answer.adjustments.count), (days.len(), 0));
    for (read, captured) in answer.days.iter().zip(&captured) {
        let free = captured.free_beds.map(i64::from);
        let captured = (captured.date, free, Some(captured.total_sleeping_places.into()));
        assert_eq!((read.date, read.free, read.total), captured);
    }
}
