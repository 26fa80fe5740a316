//! Answers have the shapes of the Wodore backend of April and of October 2026, which `shapes/` has as JSON Schemas.

use hut_availability::web::api;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::{NOW, UNPUBLISHED, fill};
use crate::on_both_databases;
use crate::support::handlers::get_from;

const APRIL: &str = include_str!("shapes/april.json");
const OCTOBER: &str = include_str!("shapes/october.json");

/// A validator of one kind of answer.
fn validator(shapes: &str, kind: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(shapes).unwrap();
    schema["$ref"] = json!(format!("#/$defs/{kind}"));
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// The paths of each kind of answer, for a hut.
fn paths(hut: i32) -> [(&'static str, String); 6] {
    let hut = format!("hut-{hut}");
    let map = format!("2026-07-01.geojson?days=9&slugs={hut}");
    let bookings = format!("days=9&date=01.07.26&slugs={hut}");
    [
        ("map", format!("/v1/huts/availability/{map}")),
        ("hut", format!("/v1/huts/{hut}/availability/2026-07-01?days=9")),
        ("trend", format!("/v1/huts/{hut}/availability/2026-07-01/trend")),
        ("bookings_geojson", format!("/v1/huts/bookings.geojson?{bookings}")),
        ("bookings", format!("/v1/huts/bookings?{bookings}")),
        ("version", "/v1/version".into()),
    ]
}

/// The number of objects in a value.
fn objects(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(objects).sum::<usize>(),
        Value::Array(items) => items.iter().map(objects).sum(),
        _ => 0,
    }
}

on_both_databases! {
    fn answers_have_the_shapes_that_clients_know(database) {
        drop(fill(database, 4));
        for (shapes, huts) in [(APRIL, &[1][..]), (OCTOBER, &[1, UNPUBLISHED])] {
            for hut in huts {
                for (kind, path) in paths(*hut) {
                    let answer = get_from(api::router, database, NOW, &path);
                    assert_eq!(answer.status, 200, "{path}: {answer:?}");
                    let answer = answer.json();
                    let validator = validator(shapes, kind);
                    let errors: Vec<String> = validator.iter_errors(&answer)
                        .map(|error| format!("{}: {error}", error.instance_path()))
                        .collect();
                    assert!(errors.is_empty(), "{path}: {errors:#?}");
                    let nights = if kind == "trend" { 1 } else { 9 };
                    assert!(kind == "version" || objects(&answer) > nights, "{path}: {answer}");
                }
            }
        }
    }

    /// So that the shapes would find a mistake.
    fn each_field_of_a_shape_is_required(database) {
        drop(fill(database, 1));
        for (kind, path) in paths(1) {
            let answer = get_from(api::router, database, NOW, &path).json();
            let (april, october) = (validator(APRIL, kind), validator(OCTOBER, kind));
            let known = |answer: &Value| (april.is_valid(answer), october.is_valid(answer));
            assert_eq!(known(&answer), (true, true), "{path}");
            let first = |answer: &Value, pointer: &str| answer.pointer(pointer).map(|_| pointer.to_owned());
            let places = ["", "/data/0", "/features/0/properties", "/features/0/properties/data/0", "/0", "/features/0/properties/bookings/0", "/0/bookings/0"];
            let mut refused = 0;
            for place in places.iter().filter_map(|place| first(&answer, place)) {
                let Some(fields) = answer.pointer(&place).unwrap().as_object() else { continue };
                for name in fields.keys() {
                    let mut without = answer.clone();
                    without.pointer_mut(&place).unwrap().as_object_mut().unwrap().remove(name);
                    refused += usize::from(!october.is_valid(&without));
                }
            }
            assert!(refused >= 5, "{path}: {refused}");
        }
    }
}
