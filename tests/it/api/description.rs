//! The OpenAPI document describes the answers.

use serde_json::Value;

use super::{get, with_nights};
use crate::support::database::TestDatabase;

#[test]
fn the_description_names_every_path_and_field() {
    let database = TestDatabase::sqlite();
    let document = get(&database, "/v1/openapi.json").json();
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(
        paths,
        [
            "/v1/huts/availability/{date}.geojson",
            "/v1/huts/bookings",
            "/v1/huts/bookings.geojson",
            "/v1/huts/{slug}/availability/{date}",
            "/v1/huts/{slug}/availability/{date}/trend",
            "/v1/stays",
            "/v1/tours",
            "/v1/version"
        ]
    );
    with_nights(&database);
    let description = document.to_string();
    let at = |path: &str| get(&database, path).json();
    let mut answers = vec![
        at("/v1/huts/availability/2026-07-01.geojson"),
        at("/v1/huts/hut-1/availability/2026-07-01"),
        at("/v1/huts/hut-1/availability/2026-07-01/trend"),
        at("/v1/stays?from=2026-07-01"),
        at("/v1/tours?stage=hut-1&from=2026-07-01"),
        at("/v1/huts/bookings?date=2026-07-01"),
        at("/v1/huts/bookings.geojson?date=2026-07-01"),
        at("/v1/version"),
        at("/v1/huts/hut-1/availability/x"),
    ];
    let mut names = 0;
    while let Some(value) = answers.pop() {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    assert!(description.contains(&format!("\"{name}\":")), "{name}");
                    names += 1;
                    answers.push(value);
                }
            }
            Value::Array(values) => answers.extend(values),
            _ => {}
        }
    }
    assert!(names > 120, "{names}");
}

/// Generated clients have these names in their code.
#[test]
fn the_description_has_the_names_of_the_wodore_backend() {
    let document = get(&TestDatabase::sqlite(), "/v1/openapi.json").json();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in [
        "HutAvailabilityFeatureCollection",
        "HutAvailabilityPropertiesSchema",
        "AvailabilityDaySchema",
        "CurrentAvailabilitySchema",
        "CurrentAvailabilityDaySchema",
        "AvailabilityTrendSchema",
        "AvailabilityTrendDaySchema",
        "HutBookingsFeatureCollection",
        "HutBookingsProps",
        "HutBookingsSchema",
        "HutBookingSchema",
        "LocationSchema",
        "OccupancyStatusEnum",
        "ReservationStatusEnum",
        "VersionSchema",
        "ApiVersionsBlock",
        "ApiVersionEntry",
    ] {
        assert!(schemas.contains_key(name), "{name}: {:?}", schemas.keys());
    }
    let paths = document["paths"].as_object().unwrap();
    let operation = |path: &str| &paths[path]["get"];
    for (path, id) in [
        ("/v1/huts/availability/{date}.geojson", "get_hut_availability_geojson"),
        ("/v1/huts/{slug}/availability/{date}", "get_hut_availability_current"),
        ("/v1/huts/{slug}/availability/{date}/trend", "get_hut_availability_trend"),
        ("/v1/huts/bookings", "get_hut_bookings"),
        ("/v1/huts/bookings.geojson", "get_hut_bookings_geojson"),
        ("/v1/version", "get_version"),
    ] {
        assert_eq!(operation(path)["operationId"], id);
        let is_deprecated = operation(path)["deprecated"] == true;
        assert_eq!(is_deprecated, path.contains("bookings"), "{path}");
    }
    let parameters = |path: &str| -> Vec<String> {
        let parameters = operation(path)["parameters"].as_array().unwrap().iter();
        parameters.map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        parameters("/v1/huts/availability/{date}.geojson"),
        ["date", "slugs", "days", "offset", "limit", "bbox", "lang"]
    );
    assert_eq!(parameters("/v1/huts/{slug}/availability/{date}"), ["slug", "date", "days", "lang"]);
    // Everything that is referred to is there.
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
}
