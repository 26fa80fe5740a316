//! The responses of `/v1` have the form that clients of the previous service expect.

mod description;
mod truth;

use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::{hut, hut_source};
use hut_availability::db::write::update_availability;
use hut_availability::domain::hut::HutType;
use hut_availability::web::api;
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::checks::{check, july};
use crate::support::database::TestDatabase;
use crate::support::handlers::{HandlerResponse, get_from};

/// A Tuesday in summer.
const NOW: &str = "2026-06-30T18:00:00Z";

/// Stores two huts with coordinates, one without, and a few nights of July.
fn with_nights(database: &TestDatabase) -> Db {
    let mut db = database.with_huts(3);
    for (id, latitude, longitude) in [(1, 47.123_456_789, 12.999_999_4), (2, -0.000_004, 7.5)] {
        let place = (hut::latitude.eq(latitude), hut::longitude.eq(longitude));
        diesel::update(hut::table.find(id)).set(place).execute(&mut db).unwrap();
    }
    let second = hut_source::table.find((2, "hrs"));
    diesel::update(second).set(hut_source::link.eq(None::<String>)).execute(&mut db).unwrap();
    let nights = [(1, 40), (2, 39), (3, 20), (4, 0)];
    for (hut_id, time) in [(1, "10:00"), (2, "10:01"), (3, "10:02")] {
        let mut check = check(hut_id, time, &nights[..hut_id.unsigned_abs() as usize + 1]);
        check.new_link = (hut_id == 1).then(|| "https://example.org/1".into());
        if let Some(state) = check.days.get_mut(&july(2)) {
            state.hut_type = HutType::Selfhut;
        }
        update_availability(&mut db, &check, check.at).unwrap();
    }
    for (time, free) in [("11:00", 38), ("12:30", 37)] {
        let check = check(1, time, &[(1, free), (2, 39)]);
        update_availability(&mut db, &check, check.at).unwrap();
    }
    db
}

fn get(database: &TestDatabase, path: &str) -> HandlerResponse {
    get_from(api::router, database, NOW, path)
}

/// The slugs of the huts on a map.
fn slugs(map: &Value) -> Vec<&str> {
    let features = map["features"].as_array().unwrap();
    features.iter().map(|feature| feature["properties"]["slug"].as_str().unwrap()).collect()
}

on_both_databases! {
    fn a_map_is_geojson_with_the_names_that_clients_know(database) {
        with_nights(database);
        let answer = get(database, "/v1/huts/availability/2026-07-01.geojson?days=2");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "application/geo+json");
        assert_eq!(answer.header("cache-control"), "public, max-age=600");
        assert_eq!(answer.header("hut-availability-without-coordinates"), "1");
        let map = answer.json();
        assert_eq!(slugs(&map), ["hut-1", "hut-2"]);
        assert_eq!(map["type"], "FeatureCollection");
        assert_eq!(map["features"][1]["geometry"], json!({"type": "Point", "coordinates": [7.5, 0.0]}));
        insta::allow_duplicates! {
            insta::assert_snapshot!(serde_json::to_string_pretty(&map["features"][0]).unwrap(), @r##"
            {
              "geometry": {
                "coordinates": [
                  13.0,
                  47.12346
                ],
                "type": "Point"
              },
              "properties": {
                "data": [
                  {
                    "date": "2026-07-01",
                    "free": 37,
                    "free_tolerance": 0,
                    "hut_type": "hut",
                    "last_checked": "2026-06-30T12:30:00Z",
                    "listed": true,
                    "occupancy_percent": 7.5,
                    "occupancy_status": "low",
                    "occupancy_steps": 10,
                    "reservation_status": "possible",
                    "total": 40,
                    "type": "standard",
                    "type_color": "#c1440e",
                    "type_identifier": "🛖",
                    "type_slug": "hut"
                  },
                  {
                    "date": "2026-07-02",
                    "free": 39,
                    "free_tolerance": 0,
                    "hut_type": "hut",
                    "last_checked": "2026-06-30T12:30:00Z",
                    "listed": true,
                    "occupancy_percent": 2.5,
                    "occupancy_status": "low",
                    "occupancy_steps": 10,
                    "reservation_status": "possible",
                    "total": 40,
                    "type": "standard",
                    "type_color": "#c1440e",
                    "type_identifier": "🛖",
                    "type_slug": "hut"
                  }
                ],
                "days": 2,
                "id": 1,
                "slug": "hut-1",
                "source": "hrs",
                "source_id": "1",
                "source_link": "https://example.org/1",
                "start_date": "2026-07-01",
                "type_reduced_color": "#d98e04",
                "type_reduced_identifier": "🔑",
                "type_reduced_name": "self-service hut",
                "type_reduced_order": 70,
                "type_reduced_slug": "selfhut",
                "type_standard_color": "#c1440e",
                "type_standard_identifier": "🛖",
                "type_standard_name": "hut",
                "type_standard_order": 80,
                "type_standard_slug": "hut"
              },
              "type": "Feature"
            }
            "##);
        }
    }

    fn a_hut_also_has_the_times_of_its_checks(database) {
        with_nights(database);
        let answer = get(database, "/v1/huts/hut-1/availability/01.07.26?days=365");
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/json", "public, max-age=300"));
        let hut = answer.json();
        assert_eq!(hut["data"].as_array().unwrap().len(), 2);
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer.text, @r##"{"slug":"hut-1","id":1,"source_id":"1","source":"hrs","source_link":"https://example.org/1","days":365,"start_date":"2026-07-01","type_standard_slug":"hut","type_standard_identifier":"🛖","type_standard_color":"#c1440e","type_standard_order":80,"type_standard_name":"hut","type_reduced_slug":"selfhut","type_reduced_identifier":"🔑","type_reduced_color":"#d98e04","type_reduced_order":70,"type_reduced_name":"self-service hut","data":[{"date":"2026-07-01","reservation_status":"possible","free":37,"total":40,"occupancy_percent":7.5,"occupancy_steps":10,"occupancy_status":"low","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T12:30:00Z","free_tolerance":0,"type_identifier":"🛖","type_color":"#c1440e","link":"https://example.org/1","first_checked":"2026-06-30T10:00:00Z"},{"date":"2026-07-02","reservation_status":"possible","free":39,"total":40,"occupancy_percent":2.5,"occupancy_steps":10,"occupancy_status":"low","hut_type":"hut","type_slug":"hut","type":"standard","listed":true,"last_checked":"2026-06-30T12:30:00Z","free_tolerance":0,"type_identifier":"🛖","type_color":"#c1440e","link":"https://example.org/1","first_checked":"2026-06-30T10:00:00Z"}]}"##);
        }
        assert_eq!(get(database, "/v1/huts/hut-1/availability/2026-07-01").json()["days"], 1);
        let without_link = get(database, "/v1/huts/hut-2/availability/2026-07-01").json();
        assert_eq!((&without_link["source_link"], &without_link["data"][0]["link"]), (&json!(""), &json!("")));
    }

    fn a_trend_has_the_newest_state_first(database) {
        with_nights(database);
        let answer = get(database, "/v1/huts/hut-1/availability/2026-07-01/trend");
        assert_eq!(answer.header("cache-control"), "public, max-age=600");
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer.text, @r#"{"slug":"hut-1","id":1,"target_date":"2026-07-01","period_start":"2026-06-23","period_end":"2026-07-01","data":[{"date":"2026-07-01","free":37,"total":40,"occupancy_percent":7.5,"occupancy_status":"low","reservation_status":"possible","hut_type":"hut","first_checked":"2026-06-30T12:30:00Z","last_checked":"2026-06-30T12:30:00Z","duration_seconds":0.0,"free_tolerance":0},{"date":"2026-07-01","free":38,"total":40,"occupancy_percent":5.0,"occupancy_status":"low","reservation_status":"possible","hut_type":"hut","first_checked":"2026-06-30T11:00:00Z","last_checked":"2026-06-30T12:30:00Z","duration_seconds":5400.0,"free_tolerance":0},{"date":"2026-07-01","free":40,"total":40,"occupancy_percent":0.0,"occupancy_status":"empty","reservation_status":"possible","hut_type":"hut","first_checked":"2026-06-30T10:00:00Z","last_checked":"2026-06-30T11:00:00Z","duration_seconds":3600.0,"free_tolerance":0}]}"#);
        }
        let one_day = get(database, "/v1/huts/hut-1/availability/2026-07-01/trend?limit=1").json();
        assert_eq!((&one_day["period_start"], &one_day["data"]), (&json!("2026-06-29"), &answer.json()["data"]));
    }

    fn every_form_of_a_date_is_accepted(database) {
        with_nights(database);
        let forms = ["2026-07-02", "26-07-02", "02.07.2026", "2.7.26", "2026/07/02", "26/07/02", "2026%2F07%2F02"];
        for form in forms {
            let map = get(database, &format!("/v1/huts/availability/{form}.geojson")).json();
            assert_eq!(map["features"][0]["properties"]["start_date"], "2026-07-02", "{form}");
            let hut = get(database, &format!("/v1/huts/hut-1/availability/{form}")).json();
            assert_eq!(hut["data"][0]["date"], "2026-07-02", "{form}");
            let trend = get(database, &format!("/v1/huts/hut-1/availability/{form}/trend")).json();
            assert_eq!(trend["target_date"], "2026-07-02", "{form}");
        }
        // The coming Saturday. And half past midnight of 1 July in Zurich, when it is still June in UTC.
        let weekend = get(database, "/v1/huts/hut-3/availability/weekend").json();
        assert_eq!(weekend["start_date"], "2026-07-04");
        let night = get_from(api::router, database, "2026-06-30T22:30:00Z", "/v1/huts/hut-1/availability/today");
        assert_eq!(night.json()["start_date"], "2026-07-01");
    }

    fn a_map_can_be_paged_and_limited_to_some_huts(database) {
        with_nights(database);
        for (query, expected) in [
            ("limit=1", &["hut-1"][..]),
            ("offset=1", &["hut-2"]),
            ("offset=1&limit=5", &["hut-2"]),
            ("offset=2", &[]),
            ("slugs=hut-2,%20HUT-1%20,none", &["hut-1", "hut-2"]),
            ("slugs=none", &[]),
            ("slugs=,", &[]),
            ("slugs=", &["hut-1", "hut-2"]),
            ("lang=de", &["hut-1", "hut-2"]),
        ] {
            let map = get(database, &format!("/v1/huts/availability/2026-07-01.geojson?{query}"));
            assert_eq!(slugs(&map.json()), expected, "{query}");
        }
        let empty = get(database, "/v1/huts/availability/2027-07-01.geojson");
        assert_eq!((empty.status.as_u16(), empty.text.as_str()), (200, r#"{"type":"FeatureCollection","features":[]}"#));
    }

    fn a_bad_request_gets_a_problem_document_with_the_reason(database) {
        with_nights(database);
        let problem = |path: &str| {
            let answer = get(database, path);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            let problem = answer.json();
            assert_eq!(problem["status"], answer.status.as_u16(), "{path}");
            (answer.status.as_u16(), problem["parameter"].as_str().unwrap_or("").to_owned(), problem["detail"].as_str().unwrap().to_owned())
        };
        let hut = "/v1/huts/hut-1/availability";
        for (path, status, parameter, words) in [
            ("/v1/huts/none/availability/today".to_owned(), 404, "", "no hut with the slug \"none\""),
            ("/v1/huts/none/availability/today/trend".into(), 404, "", "no hut with the slug \"none\""),
            (format!("{hut}/2027-07-01?days=3"), 404, "", "\"hut-1\" on the 3 dates from 2027-07-01 on"),
            (format!("{hut}/2027-07-01/trend"), 404, "", "\"hut-1\" for the night of 2027-07-01 is stored since 2026-06-23"),
            ("/v1/huts/availability/2026-07-01".into(), 404, "", "DATE.geojson"),
            (format!("{hut}/someday"), 400, "date", "expected a date such as 2026-07-18, got \"someday\"; accepted forms: now, today, weekend"),
            (format!("{hut}/2027-02-29/trend"), 400, "date", "\"2027-02-29\""),
            ("/v1/huts/availability/31.11.2026.geojson".into(), 400, "date", "\"31.11.2026\""),
            (format!("{hut}/today?days=0"), 400, "days", "expected a whole number from 1 to 365, got \"0\""),
            (format!("{hut}/today/trend?limit=366"), 400, "limit", "expected a whole number from 1 to 365, got \"366\""),
            ("/v1/huts/availability/now.geojson?days=366".into(), 400, "days", "\"366\""),
            ("/v1/huts/availability/now.geojson?offset=-1".into(), 400, "offset", "expected a whole number from 0 to 1000000, got \"-1\""),
            ("/v1/huts/availability/now.geojson?limit=0".into(), 400, "limit", "expected a whole number from 1 to 1000000, got \"0\""),
        ] {
            let (found, named, detail) = problem(&path);
            assert_eq!((found, named.as_str()), (status, parameter), "{path}: {detail}");
            assert!(detail.contains(words), "{path}: {detail}");
        }
    }

    fn texts_of_a_site_are_never_interpreted(database) {
        let mut db = with_nights(database);
        let hostile = "javascript:alert('</script>\"')";
        let link = hut_source::link.eq(hostile);
        diesel::update(hut_source::table).set(link).execute(&mut db).unwrap();
        let hut = get(database, "/v1/huts/hut-1/availability/2026-07-01").json();
        assert_eq!(hut["source_link"], hostile);
        let slug = get(database, "/v1/huts/%3Cscript%3E%22%0A/availability/2026-07-01");
        assert_eq!(slug.json()["detail"], "there is no hut with the slug \"<script>\\\"\\n\"");
    }
}
