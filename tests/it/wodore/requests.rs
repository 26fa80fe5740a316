//! The parameters, the paths and the headers that clients of the Wodore backend use.

use diesel::connection::SimpleConnection;
use hut_availability::web::api;
use hut_availability::web::style_cache::StyleCache;
use serde_json::{Value, json};

use super::{NOW, UNPUBLISHED, fill};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::handlers::{HandlerResponse, get_from};
use crate::support::program::huts;
use crate::support::service::Service;
use crate::support::statements::statements_of;

const MAP: &str = "/v1/huts/availability/2026-07-01.geojson";

fn get(database: &TestDatabase, path: &str) -> HandlerResponse {
    get_from(api::router, database, NOW, path)
}

fn ids(map: &Value) -> Vec<i64> {
    let features = map["features"].as_array().unwrap().iter();
    features.map(|feature| feature["properties"]["id"].as_i64().unwrap()).collect()
}

fn slugs(map: &Value) -> Vec<&str> {
    let features = map["features"].as_array().unwrap().iter();
    features.map(|feature| feature["properties"]["slug"].as_str().unwrap()).collect()
}

on_both_databases! {
    /// By text, hut-10 would come before hut-2.
    fn a_map_is_sorted_by_id_so_that_its_pages_agree(database) {
        let mut db = fill(database, 12);
        db.batch_execute("UPDATE hut SET slug = 'a' WHERE id = 12").unwrap();
        let all = ids(&get(database, MAP).json());
        assert_eq!(all, (1..=12).collect::<Vec<_>>());
        let pages: Vec<i64> = (0..12).step_by(5)
            .flat_map(|offset| ids(&get(database, &format!("{MAP}?offset={offset}&limit=5")).json()))
            .collect();
        assert_eq!(pages, all);
    }

    fn a_rectangle_limits_the_map(database) {
        let mut db = fill(database, 5);
        db.batch_execute("UPDATE hut SET latitude = NULL WHERE id = 5").unwrap();
        let within = |bbox: &str| ids(&get(database, &format!("{MAP}?bbox={bbox}")).json());
        assert_eq!(within("8.15,46.15,8.35,46.35"), [2, 3]);
        assert_eq!(within("8.2,46.2,8.2,46.2"), [2], "edges are inside");
        assert_eq!(within("-180,-90,180,90"), [1, 2, 3, 4], "a hut without coordinates is nowhere");
        assert_eq!(within("8.2,46.2,8.3,46.2"), [2], "both coordinates count");
        assert_eq!(within("0,0,1,1"), [0; 0]);
        assert_eq!(within("8,46,9,47&limit=2&offset=1"), [2, 3], "pages are pages of the rectangle");
        assert_eq!(within("8,46,9,47&slugs=hut-4"), [4]);
        let header = |query: &str| get(database, &format!("{MAP}{query}")).header("hut-availability-without-coordinates").to_owned();
        assert_eq!((header(""), header("?bbox=8,46,9,47")), ("1".into(), "0".into()));
        for (bbox, reason) in [
            ("", "expected minLon,minLat,maxLon,maxLat in degrees, such as 7.5,45.8,8.5,46.6, got \"\""),
            ("8,46,9", "got \"8,46,9\""),
            ("8,46,9,47,10", "got \"8,46,9,47,10\""),
            ("8,46,9,north", "got \"8,46,9,north\""),
            ("NaN,46,9,47", "a longitude"),
            ("8,46,9,inf", "a latitude"),
            ("8,46,181,47", "a longitude"),
            ("8,-91,9,47", "a latitude"),
            ("9,46,8,47", "minLon is greater than maxLon"),
            ("8,47,9,46", "minLat is greater than maxLat"),
        ] {
            let answer = get(database, &format!("{MAP}?bbox={bbox}"));
            let problem = answer.json();
            assert_eq!((answer.status.as_u16(), &problem["parameter"]), (400, &json!("bbox")), "{bbox}");
            assert!(problem["detail"].as_str().unwrap().contains(reason), "{bbox}: {problem}");
        }
        let twice = get(database, &format!("{MAP}?bbox=8,46,9,47&bbox=8,46,9,47")).json();
        assert_eq!(twice["detail"], "\"bbox\" is given more than once");
    }

    fn names_of_types_are_in_the_language_of_the_request(database) {
        drop(fill(database, 1));
        let hut = "/v1/huts/hut-1/availability/2026-07-01";
        for (query, language, standard, reduced) in [
            ("", "en", "hut", "self-service hut"),
            ("?lang=en", "en", "hut", "self-service hut"),
            ("?lang=de", "de", "Berghütte", "Selbstversorgerhütte"),
            ("?lang=fr", "fr", "refuge", "refuge non gardé"),
            ("?lang=it", "it", "rifugio", "rifugio autogestito"),
        ] {
            let answer = get(database, &format!("{hut}{query}"));
            assert_eq!(answer.header("content-language"), language);
            let map = get(database, &format!("{MAP}{query}"));
            assert_eq!(map.header("content-language"), language);
            for head in [answer.json(), map.json()["features"][0]["properties"].clone()] {
                assert_eq!((&head["type_standard_name"], &head["type_reduced_name"]), (&json!(standard), &json!(reduced)));
            }
        }
        for path in [MAP, hut, "/v1/huts/hut-1/availability/2026-07-01/trend"] {
            assert_eq!(get(database, &format!("{path}?lang=it")).status, 200, "{path}");
            for lang in ["rm", "DE", "", "de,fr"] {
                let answer = get(database, &format!("{path}?lang={lang}"));
                let problem = answer.json();
                assert_eq!((answer.status.as_u16(), &problem["parameter"]), (400, &json!("lang")), "{path} {lang}");
                assert_eq!(problem["detail"], format!("expected one of en, de, fr, it, sl, got {lang:?}"));
            }
        }
    }

    fn a_hut_that_is_no_longer_followed_stays_on_the_map(database) {
        let mut db = fill(database, 3);
        db.batch_execute("UPDATE hut SET booking_ref = NULL WHERE id = 2").unwrap();
        let map = get(database, MAP).json();
        assert_eq!(ids(&map), [1, 2, 3]);
        assert_eq!(map["features"][1]["properties"]["source"], "hrs", "who has published the figures");
        assert_eq!(get(database, "/v1/huts/hut-2/availability/2026-07-01").status, 200);
    }

    fn slugs_are_found_with_and_without_capitals(database) {
        let mut db = fill(database, 3);
        db.batch_execute("UPDATE hut SET slug = 'Alp_Grüm' WHERE id = 2").unwrap();
        let found = |list: &str| slugs(&get(database, &format!("{MAP}?slugs={list}")).json()).join(" ");
        assert_eq!(found("Alp_Gr%C3%BCm,HUT-1"), "hut-1 Alp_Grüm");
        assert_eq!(found("alp_gr%C3%BCm"), "");
    }

    fn a_day_tells_how_its_type_is_shown(database) {
        drop(fill(database, 4));
        let day = |hut: i32, date: &str| {
            let map = get(database, &format!("/v1/huts/availability/{date}.geojson?slugs=hut-{hut}")).json();
            map["features"][0]["properties"]["data"][0].clone()
        };
        let known = day(1, "2026-07-01");
        assert_eq!((&known["free_tolerance"], &known["type_identifier"], &known["type_color"]), (&json!(0), &json!("🛖"), &json!("#c1440e")));
        assert_eq!(day(UNPUBLISHED, "2026-07-01")["free_tolerance"], Value::Null);
        let trend = |hut: i32| get(database, &format!("/v1/huts/hut-{hut}/availability/2026-07-01/trend")).json();
        assert_eq!(trend(1)["data"][0]["free_tolerance"], 0);
        assert_eq!(trend(UNPUBLISHED)["data"][0]["free_tolerance"], Value::Null);
        let head = get(database, "/v1/huts/hut-1/availability/2026-07-01").json();
        let values = ["standard", "reduced"].map(|kind| ["identifier", "color", "order"].map(|name| head[format!("type_{kind}_{name}")].clone()));
        assert_eq!(json!(values), json!([["🛖", "#c1440e", 80], ["🔑", "#d98e04", 70]]));
    }

    fn how_types_are_shown_can_be_imported(database) {
        drop(fill(database, 1));
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("types.csv");
        let import = |content: &str| {
            std::fs::write(&path, content).unwrap();
            huts(database, &["types", "--import", path.to_str().unwrap()])
        };
        let ran = import("slug,color,identifier,order\nhut,#ABCDEF,,-3\nalp,,cow,\n");
        assert_eq!((ran.stdout.as_str(), ran.status), ("2 types: 2 updated, 0 unchanged\n", 0), "{ran:?}");
        let head = get(database, "/v1/huts/hut-1/availability/2026-07-01").json();
        assert_eq!((&head["type_standard_color"], &head["type_standard_identifier"], &head["type_standard_order"]), (&json!("#abcdef"), &json!("🛖"), &json!(-3)));
        let bad = import("slug,color\nhut,blue\nalp,#000000\n");
        assert_eq!(bad.status, 2);
        assert!(bad.stderr.contains("nothing was imported") && bad.stderr.contains("line 2: the color \"blue\" must be # and six"), "{bad:?}");
        // What is exported is imported again, in both formats.
        for format in ["csv", "json"] {
            let exported = huts(database, &["types", "--output", format]).stdout;
            assert!(exported.contains("cow") && !exported.contains("#000000"), "{exported}");
            assert_eq!(import(&exported).stdout, "14 types: 0 updated, 14 unchanged\n");
        }
        let table = huts(database, &["types"]).stdout;
        assert!(table.lines().nth(1).unwrap().trim_start().starts_with("hut ") && table.ends_with("14 types\n"), "{table}");
    }

    /// Each answer needs the styles. With the statement of the answer itself, it is one statement, as before.
    fn the_styles_of_types_are_not_read_for_each_answer(database) {
        let mut db = database.with_huts(1);
        let styles = StyleCache::default();
        let statements = statements_of(&mut db, |db| {
            let first = styles.load(db).unwrap();
            assert_eq!(styles.load(db).unwrap(), first);
        });
        assert_eq!(statements.len(), 1, "{statements:?}");
    }

    fn deprecated_paths_name_their_end_and_their_successor(database) {
        let mut db = fill(database, 3);
        db.batch_execute("UPDATE hut SET is_public = FALSE WHERE id = 3").unwrap();
        for path in ["/v1/huts/bookings", "/v1/huts/bookings.geojson"] {
            let answer = get(database, &format!("{path}?date=2026-07-01&days=2&lang=de&request_interval=0.1"));
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!((answer.header("deprecation"), answer.header("sunset")), ("@1790812800", "Thu, 01 Apr 2027 00:00:00 GMT"));
            assert!(answer.header("link").contains("</v1/huts/availability/now.geojson>; rel=\"successor-version\""));
            let last = get_from(api::router, database, "2027-04-01T12:00:00Z", path);
            assert_eq!(last.status, 200, "the last day is served");
            let gone = get_from(api::router, database, "2027-04-02T12:00:00Z", path);
            assert_eq!((gone.status.as_u16(), gone.header("content-type")), (410, "application/problem+json"));
            assert!(gone.text.contains("ended on 2027-04-01: ask /v1/huts/availability/{date}.geojson"), "{}", gone.text);
            assert_eq!(get(database, &format!("{path}?date=someday")).json()["parameter"], "date");
        }
        let list = get(database, "/v1/huts/bookings?date=2026-07-01&days=2").json();
        assert_eq!((list.as_array().unwrap().len(), &list[1]["location"]), (2, &json!({"lat": 46.2, "lon": 8.2})));
        assert_eq!(list[0]["bookings"][1]["free"], 23);
        let map = get(database, "/v1/huts/bookings.geojson?date=2026-07-01&slugs=hut-2").json();
        assert_eq!((ids(&map), &map["features"][0]["id"]), (vec![2], &json!(2)));
        assert_eq!(get(database, "/v1/huts/bookings?slugs=none").text, "[]");
    }
}

#[test]
fn every_answer_of_the_api_has_its_version() {
    let database = TestDatabase::sqlite();
    drop(fill(&database, 1));
    let service = Service::start(&database.url);
    let asked = |headers: &str, path: &str| {
        crate::support::service::request_with(service.address, &format!("GET {path}"), headers)
    };
    let version = asked("", "/v1/version").json();
    let current = version["api"]["current"].as_str().unwrap().to_owned();
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(version["api"]["supported"][0]["version"], *current);
    let map = "/v1/huts/availability/2026-07-01.geojson";
    for headers in ["", "api-version: 2026-10-01\r\n", "api-version: unreleased\r\n"] {
        for path in ["/v1/version", map, map, "/v1/huts/none/availability/now", "/v1/nothing"] {
            let answer = asked(headers, path);
            assert_eq!(answer.header("api-version"), Some(current.as_str()), "{path}");
        }
    }
    let etag = asked("", map).header("etag").unwrap().to_owned();
    let unchanged = asked(&format!("if-none-match: {etag}\r\n"), map);
    assert_eq!((unchanged.status, unchanged.header("api-version")), (304, Some(current.as_str())));
    assert_eq!(asked("", "/huts").header("api-version"), None, "pages are no API");
}
