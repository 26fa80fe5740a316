//! The start page: one question, and its answer.

use axum::http::StatusCode;
use chrono::TimeDelta;
use hut_availability::domain::state::ReservationStatus::Possible;

use super::{get, get_in, import, in_days, now, odd_state, state, store};
use crate::on_both_databases;
use crate::support::database::TestDatabase;

/// Stores six huts. Today is a Tuesday, and the coming Saturday is four days away: then two huts have places, one is
/// full, one must be asked, one is closed, and one has no data.
fn store_weekend(database: &TestDatabase) {
    let lines = "a,Älpli,hrs,1,CH,46.6,8.3,hut\nb,Berg,hrs,2,AT,47.1,11.2,hut\n\
        c,Cima,hrs,3,IT,46.5,11.9,hut\nd,Dorf,hrs,4,DE,47.5,10.2,hut\ne,Eck,hrs,5,CH,46.1,7.1,hut\n\
        f,Firn,hrs,6,CH,46.0,7.2,hut\n";
    let mut db = import(database, lines);
    let closed = odd_state(0, 0, super::ReservationStatus::NotPossible);
    let ask = odd_state(None, 40, Possible);
    for (hut_id, saturday, sunday) in [
        (1, state(12, 40), state(2, 40)),
        (2, state(0, 40), state(9, 40)),
        (3, state(30, 40), state(30, 40)),
        (4, closed, closed),
        (5, ask, ask),
    ] {
        store(&mut db, hut_id, now(), in_days(4), &[saturday, sunday]);
    }
    store(&mut db, 6, now(), in_days(200), &[state(9, 40)]);
}

fn names(database: &TestDatabase, query: &str) -> Vec<String> {
    let answer = get(database, &format!("/{query}"));
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.html);
    answer
        .all_between("<th role=\"rowheader\" scope=\"row\"><a href=\"", "</bdi>")
        .iter()
        .map(|link| link.rsplit("<bdi>").next().unwrap().to_owned())
        .collect()
}

on_both_databases! {
    fn the_page_answers_for_one_person_on_the_coming_saturday(database) {
        store_weekend(database);
        get(database, "/")
            .assert_says("2 huts have room for 1 person on Saturday 4 July")
            .assert_says("1 to ask, 1 full, 1 closed, 1 unknown")
            .assert_says("value=\"2026-07-04\"");
        assert_eq!(names(database, ""), ["Cima", "Älpli", "Eck"], "the most places first, then those to ask");
    }

    fn each_night_of_a_stay_needs_room_for_the_group(database) {
        store_weekend(database);
        let says = |query: &str, text: &str| {
            get(database, query).assert_says(text);
        };
        says("/?places=4", "2 huts have room for 4 people on Saturday 4 July");
        says("/?places=4&nights=2", "1 hut has room for 4 people for 2 nights from Saturday 4 July");
        says("/?places=31", "No hut has room for 31 people on Saturday 4 July");
        says("/?from=2026-07-05&places=9", "2 huts have room for 9 people on Sunday 5 July");
        says("/?from=2026-06-30&weekday=sun&places=9", "2 huts have room for 9 people for 1 night, arriving on Sun from 30 June to 20 July");
        says("/?from=2027-01-01", "on Friday 1 January 2027");
    }

    fn where_is_a_hut_a_country_or_a_place(database) {
        store_weekend(database);
        assert_eq!(names(database, "?where=Switzerland"), ["Älpli", "Eck"]);
        assert_eq!(names(database, "?where=schweiz"), ["Älpli", "Eck"]);
        assert_eq!(names(database, "?where=cim"), ["Cima"]);
        assert_eq!(names(database, "?where=%C3%84lpli"), ["Älpli"]);
        assert_eq!(names(database, "?where=46.5,11.8&km=30"), ["Cima"]);
        assert_eq!(names(database, "?where=Cima&km=500"), ["Cima", "Älpli", "Eck"], "the nearest first");
        get(database, "/?where=Cima&km=500").assert_says("0.0 km");
        for (query, text) in [
            ("where=atlantis", "no hut and no country is called &#34;atlantis&#34;"),
            ("where=46.5,190", "the place &#34;46.5,190&#34;"),
            ("where=cima&km=far", "expected kilometres from 0 to 1200, got &#34;far&#34;"),
            ("km=10", "needs a place or a hut"),
            ("from=bald", "expected a date such as 2026-07-18, got &#34;bald&#34;"),
            ("nights=0", "expected a whole number from 1 to 30, got &#34;0&#34;"),
            ("places=1000", "expected a whole number from 1 to 999, got &#34;1000&#34;"),
            ("sort=size", "expected one of distance, free, name, got &#34;size&#34;"),
            ("sort=distance", "a distance needs a place"),
            ("weekday=sonday", "sonday"),
            ("after=nowhere", "&#34;nowhere&#34; is not a valid page cursor"),
        ] {
            let answer = get(database, &format!("/?{query}"));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
            answer.assert_says(text).assert_says("role=\"alert\"");
        }
        get(database, "/?from=bald").assert_says("name=\"from\" aria-invalid=\"true\" aria-describedby=\"problem\"");
    }

    fn an_address_is_the_question_and_can_be_shared(database) {
        store_weekend(database);
        for (query, location) in [
            ("/?from=today&where=&nights=2", "/?from=2026-06-30&nights=2"),
            ("/?date=weekend&min_free=4&q=cim", "/?from=2026-07-04&places=4&where=cim"),
            ("/?day=4", "/?from=2026-07-04"),
            ("/?where=", "/"),
        ] {
            let answer = get(database, query);
            assert_eq!((answer.status, answer.location.as_deref()), (StatusCode::SEE_OTHER, Some(location)));
        }
    }

    fn huts_without_room_can_be_listed_too_and_all_can_be_sorted(database) {
        store_weekend(database);
        assert_eq!(names(database, "?all=1&sort=name"), ["Älpli", "Berg", "Cima", "Dorf", "Eck", "Firn"]);
        assert_eq!(names(database, "?sort=free"), ["Cima", "Älpli", "Eck"]);
        let answer = get(database, "/?all=1");
        answer.assert_says("class=\"taken\" title=\"Berg, Sat 4 Jul 2026: 0 of 40 free, full\"");
        answer.assert_says("class=\"room stay\" title=\"Cima, Sat 4 Jul 2026: 30 of 40 free, plenty\"");
        assert_eq!(answer.all_between("aria-label=\"Book ", "\""), ["Cima", "Älpli", "Eck"]);
    }

    fn without_room_the_page_says_what_to_do_next(database) {
        get(database, "/").assert_says("hut-availability huts discover");
        store_weekend(database);
        // A month later nothing is stored but one night, 200 days from now.
        let answer = get(database, "/?from=2026-08-01");
        answer.assert_says("No hut has room for 1 person on Saturday 1 August");
        answer.assert_says("<a href=\"/?from=2027-01-16\">The next night with room: Saturday 16 January 2027</a>");
        get(database, "/?from=2026-08-01&places=20").assert_says("Try another night").assert_does_not_say("The next night with room");
    }

    fn a_long_list_is_paged(database) {
        let lines: String = (1..=120).map(|id| format!("h{id},Hut {id:03},hrs,{id},CH,46.6,8.3,hut\n")).collect();
        let mut db = import(database, &lines);
        for hut_id in 1..=120 {
            store(&mut db, hut_id, now() - TimeDelta::hours(1), in_days(4), &[state(9, 40)]);
        }
        let mut seen = Vec::new();
        let mut query = "?sort=name".to_owned();
        loop {
            let page = names(database, &query);
            seen.extend(page);
            let Some(next) = get(database, &format!("/{query}")).link("next") else { break };
            query = next;
        }
        let expected: Vec<String> = (1..=120).map(|id| format!("Hut {id:03}")).collect();
        assert_eq!(seen, expected);
    }

    fn the_answer_is_in_the_language_of_the_browser(database) {
        store_weekend(database);
        for (accepted, title, headline) in [
            ("de-CH,de;q=0.9", "Wo können wir übernachten?", "2 Hütten haben Platz für 4 Personen am Samstag, 4. Juli"),
            ("fr", "Où pouvons-nous dormir\u{a0}?", "2 refuges ont de la place pour 4 personnes le samedi 4 juillet"),
            ("it", "Dove possiamo dormire?", "2 rifugi hanno posto per 4 persone la notte di sabato 4 luglio"),
            ("sl", "Kje lahko prenočimo?", "2 koči imata prostor: 4 osebe, sobota, 4. julij"),
            ("ja", "Where can we sleep?", "2 huts have room for 4 people on Saturday 4 July"),
        ] {
            let answer = get_in(database, "/?places=4", accepted);
            answer.assert_says(title).assert_says(headline);
        }
        // A problem quotes the value in each language.
        get_in(database, "/?from=bald", "de").assert_says("„bald“ ist hier nicht gültig.");
    }
}
