//! The map on the start page, its cards, and addresses of the earlier page of the map.

use axum::http::StatusCode;
use diesel::prelude::*;
use hut_availability::db::schema::hut;

use super::{Answer, get, import, in_days, now, state, store};
use crate::on_both_databases;
use crate::support::database::TestDatabase;

/// Stores five huts. Today is a Tuesday, and the weekend is four days away: then one hut is full, two have
/// places, one has an unknown number of places, and nothing is stored for one.
fn store_weekend(database: &TestDatabase) {
    let lines = "a,Älpli,hrs,1,CH,46.6,8.3,hut\nb,Berg,hrs,2,AT,47.1,11.2,hut\n\
        c,Cima,hrs,3,IT,,,hut\nd,Dorf,hrs,4,DE,52.1,10.2,hut\ne,Eck,hrs,5,CH,46.1,7.1,hut\n";
    let mut db = import(database, lines);
    for (hut_id, free, total) in [(1, 12, 40), (2, 0, 40), (3, 30, 40), (4, 0, 0)] {
        let days = [state(1, 1), state(free, total)];
        store(&mut db, hut_id, now(), in_days(3), &days);
    }
}

/// Whether the huts fit, in the order in which they are drawn.
fn marks(answer: &Answer) -> Vec<String> {
    answer.all_between("class=\"spot ", "\"")
}

on_both_databases! {
    fn a_bad_area_is_reported(database) {
        for (query, words) in [
            ("bbox=7,46,8", "bbox: expected minLon,minLat,maxLon,maxLat in degrees, such as 7.5,45.8,8.5,46.6, got &#34;7,46,8&#34;"),
            ("view=0x0", "view: expected a width and a height from 150 to 3000 pixels, such as 640x420, got &#34;0x0&#34;"),
        ] {
            let answer = get(database, &format!("/?{query}"));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            answer.assert_says(words);
        }
    }

    fn a_map_shows_the_area_of_its_address(database) {
        store_weekend(database);
        let answer = get(database, "/?bbox=8,46,9,47");
        assert_eq!(marks(&answer), ["fits", "fits"], "Älpli, and not Berg");
        // Its links lead to other areas, and keep the other parameters.
        let answer = get(database, "/?bbox=8,46,9,47&from=2026-07-03&places=1");
        let tools = answer.all_between("<a href=\"?", "\" data-tool=");
        assert_eq!(tools.len(), 7, "{tools:?}");
        assert!(tools.iter().all(|link| link.contains("from=2026-07-03") && link.contains("places=1")));
        assert_eq!(tools.iter().filter(|link| link.contains("bbox=")).count(), 6, "the seventh shows all huts");
        assert_eq!(get(database, "/").all_between("<a href=\"?", "\" data-tool=").len(), 6);
    }

    fn the_script_gets_the_map_alone(database) {
        store_weekend(database);
        let answer = get(database, "/?from=2026-07-04&view=366x366&bbox=8,46,9,47");
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.html.starts_with("<div class=\"map-frame\">") && !answer.html.contains("<table"), "{}", answer.html);
        answer.assert_says("data-bounds=\"").assert_says("1 hut, 1 with room").assert_does_not_say("view=366x366");
        assert_eq!(marks(&answer), ["fits"]);
    }

    fn a_card_shows_the_next_nights_and_where_to_book(database) {
        store_weekend(database);
        let card = get(database, "/map/card/a?date=2026-07-04");
        card.assert_says("<bdi>Älpli</bdi>").assert_says("12 of 40 free").assert_says("class=\"book\" href=\"https://");
        card.assert_says("/huts/a/2026-07-10").assert_does_not_say("/huts/a/2026-07-11").assert_does_not_say("<html");
        // Berg is full.
        get(database, "/map/card/b?date=2026-07-04").assert_says("0 of 40 free").assert_does_not_say("class=\"book\"");
        // 45.1 km by the geodesic.
        get(database, "/map/card/a?date=2026-07-04&near=46.2,8.2").assert_says("45.1 km away");
        get(database, "/map/card/a?date=2026-07-04&near=e").assert_says("km away");
        get(database, "/map/card/a?date=2026-07-04&near=nowhere").assert_does_not_say("away");
        assert_eq!(get(database, "/map/card/nobody").status, StatusCode::NOT_FOUND);
        assert_eq!(get(database, "/map/card/a?date=someday").status, StatusCode::BAD_REQUEST);
        diesel::update(hut::table.filter(hut::slug.eq("a"))).set(hut::is_public.eq(false)).execute(&mut database.open()).unwrap();
        assert_eq!(get(database, "/map/card/a").status, StatusCode::NOT_FOUND, "a hidden hut");
    }

    fn nothing_is_embedded_unless_the_operator_allows_it(database) {
        store_weekend(database);
        for path in ["/embed/map", "/embed/huts/a", "/embed/huts/nobody"] {
            assert_eq!(get(database, path).status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    fn an_address_of_the_earlier_page_leads_to_the_start_page(database) {
        store_weekend(database);
        let answer = get(database, "/map?date=weekend&min_free=4");
        assert_eq!((answer.status, answer.location.as_deref()), (StatusCode::SEE_OTHER, Some("/?from=2026-07-04&places=4")));
        get(database, "/map").assert_says("2 huts have room for 1 person on Saturday 4 July");
    }
}
