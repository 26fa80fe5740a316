//! The page *Map*.

use axum::http::StatusCode;
use chrono::TimeDelta;
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
    fn the_page_begins_with_the_number_of_free_huts_this_weekend(database) {
        store_weekend(database);
        for path in ["/map", "/map?date=weekend", "/map?day=4", "/map?date=4.7.2026"] {
            let answer = get(database, path);
            assert_eq!(answer.status, StatusCode::OK);
            answer
                .assert_says("<strong>2 huts</strong> with free places on Saturday 4 July 2026, <strong>1</strong> full, 1 with an unknown number of places, 1 without data for this night")
                .assert_says("Only in the table, because the location is unknown or outside the map: 2 huts.")
                .assert_says("aria-label=\"Älpli: 12 of 40 free, few\"")
                .assert_says("value=\"4\" data-first-day=\"2026-06-30\"");
            assert_eq!(answer.all_between("<bdi>", "</bdi>"), ["Cima", "Älpli", "Berg", "Dorf"], "the hut with the most places is first");
            // One in the view for wide windows, and one in that for narrow windows.
            assert_eq!(marks(&answer), ["full", "fits", "full", "fits"], "the huts with room are drawn last");
        }
        get(database, "/map?date=2026-07-03").assert_says("<strong>4 huts</strong> with free places on Friday 3 July 2026");
        get(database, "/map?date=2020-01-01").assert_says("No hut matches");
    }

    fn only_bookable_huts_have_a_booking_link(database) {
        store_weekend(database);
        let answer = get(database, "/map?sort=name");
        assert_eq!(answer.all_between("aria-label=\"Book ", "\""), ["Älpli", "Cima"]);
        answer.assert_says("<td>not possible</td>").assert_says("<td>unknown</td>").assert_says("<td>possible, <a href");
        get(database, "/huts/a/weekend").assert_says("class=\"book\"");
        get(database, "/huts/b/weekend").assert_does_not_say("class=\"book\"").assert_says("not possible");
    }

    fn the_table_shows_the_age_of_each_row(database) {
        let mut db = import(database, "a,A,hrs,1,CH,46.6,8.3,hut\nb,B,hrs,2,CH,46.7,8.3,hut\n");
        store(&mut db, 1, now() - TimeDelta::hours(1), in_days(4), &[state(3, 40)]);
        store(&mut db, 2, now() - TimeDelta::days(3), in_days(4), &[state(4, 40)]);
        let rows = get(database, "/map?sort=name").all_between("<tr>", "</tr>");
        assert!(rows[1].contains("1 hour ago") && !rows[1].contains("class=\"old\""), "{}", rows[1]);
        assert!(rows[2].contains("3 days ago") && rows[2].contains("class=\"old\""), "{}", rows[2]);
    }

    fn a_hut_that_is_no_longer_followed_is_not_counted(database) {
        store_weekend(database);
        diesel::update(hut::table.filter(hut::slug.eq("a"))).set(hut::booking_ref.eq(None::<String>)).execute(&mut database.open()).unwrap();
        get(database, "/map").assert_says("<strong>1 hut</strong> with free places").assert_says("1 without data");
    }

    fn the_slider_is_disabled_for_nights_beyond_its_range(database) {
        store_weekend(database);
        for (date, is_in_range) in [("2026-06-29", false), ("2026-06-30", true), ("2026-09-28", true), ("2026-09-29", false)] {
            let answer = get(database, &format!("/map?date={date}"));
            let slider = answer.all_between("<input type=\"range\"", ">").remove(0);
            assert_eq!((slider.contains("value="), slider.contains("disabled")), (is_in_range, !is_in_range), "{date}: {slider}");
            assert_eq!(answer.html.contains("The slider does not reach this night"), !is_in_range);
        }
    }

    fn huts_are_filtered_and_sorted(database) {
        store_weekend(database);
        let names = |query: &str| get(database, &format!("/map?{query}")).all_between("<bdi>", "</bdi>");
        assert_eq!(names("min_free=13"), ["Cima"]);
        assert_eq!(names("country=CH"), ["Älpli"]);
        assert_eq!(names("q=aelpli"), ["Älpli"]);
        assert_eq!(names("sort=name"), ["Älpli", "Berg", "Cima", "Dorf"]);
    }

    fn a_bad_parameter_is_reported_and_the_form_keeps_its_values(database) {
        store_weekend(database);
        for (query, words) in [
            ("date=someday", "date: expected a date such as 2026-07-18, got &#34;someday&#34;"),
            ("day=91", "day: expected a number of days from today, 0 to 90, got &#34;91&#34;"),
            ("min_free=-1", "min_free: expected a number of places from 0 to 32767, got &#34;-1&#34;"),
            ("ask=yes", "ask: expected 1 or 0, got &#34;yes&#34;"),
            ("sort=size", "sort: expected one of free, name, got &#34;size&#34;"),
        ] {
            let answer = get(database, &format!("/map?q=kn%C3%B6&{query}"));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            answer.assert_says(words).assert_says("value=\"knö\"").assert_says("aria-invalid=\"true");
        }
    }

    fn a_bad_area_is_reported(database) {
        for (query, words) in [
            ("bbox=7,46,8", "bbox: expected minLon,minLat,maxLon,maxLat in degrees, such as 7.5,45.8,8.5,46.6, got &#34;7,46,8&#34;"),
            ("view=0x0", "view: expected a width and a height from 150 to 3000 pixels, such as 640x420, got &#34;0x0&#34;"),
        ] {
            let answer = get(database, &format!("/map?{query}"));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            answer.assert_says(words);
        }
    }

    fn a_map_shows_the_area_of_its_address(database) {
        store_weekend(database);
        let answer = get(database, "/map?bbox=8,46,9,47&q=");
        assert_eq!(marks(&answer), ["fits", "fits"], "Älpli, and not Berg");
        // Its links lead to other areas, and keep the other parameters.
        let answer = get(database, "/map?bbox=8,46,9,47&date=2026-07-03&min_free=1");
        let tools = answer.all_between("<a href=\"?", "\" data-tool=");
        assert_eq!(tools.len(), 7, "{tools:?}");
        assert!(tools.iter().all(|link| link.contains("date=2026-07-03") && link.contains("min_free=1")));
        assert_eq!(tools.iter().filter(|link| link.contains("bbox=")).count(), 6, "the seventh shows all huts");
        assert_eq!(get(database, "/map").all_between("<a href=\"?", "\" data-tool=").len(), 6);
    }

    fn the_script_gets_the_map_alone(database) {
        store_weekend(database);
        let answer = get(database, "/map?date=weekend&view=366x366&bbox=8,46,9,47");
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
}
