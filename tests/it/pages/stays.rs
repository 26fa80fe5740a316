//! The page *Stays*.

use axum::http::StatusCode;
use hut_availability::web::pages;

use super::{NOW, get, import, in_days, now, state, store};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::handlers::get_from;

/// Two huts with nights from 1 July on: the first has room for four on three nights, the second on one.
fn store_nights(database: &TestDatabase) {
    let lines = "a,Älpli,hrs,1,CH,46.6,8.3,hut\nb,Berg,hrs,2,AT,47.1,11.2,hut\nc,Closed,hrs,3,AT,47.2,11.2,hut\n";
    let mut db = import(database, lines);
    store(
        &mut db,
        1,
        now(),
        in_days(1),
        &[state(12, 40), state(5, 40), state(7, 40), state(3, 40)],
    );
    store(&mut db, 2, now(), in_days(1), &[state(4, 40), state(0, 40)]);
    store(&mut db, 3, now(), in_days(1), &[state(0, 0)]);
}

/// Where the service redirects to.
fn redirect(database: &TestDatabase, path: &str) -> String {
    let response = get_from(pages::router, database, NOW, path);
    assert_eq!(response.status, StatusCode::SEE_OTHER, "{path}");
    response.header("location").to_owned()
}

on_both_databases! {
    fn the_grid_shows_the_nights_of_each_stay(database) {
        store_nights(database);
        let answer = get(database, "/stays?nights=2&places=4&to=2026-07-31");
        assert_eq!((answer.status, answer.cache_control.as_str()), (StatusCode::OK, "public, max-age=30"));
        answer
            .assert_says("1 hut has room for 4 people, 2 nights, arriving from Tue 30 Jun 2026 to Fri 31 Jul 2026")
            .assert_says("href=\"/huts/a/2026-07-01\" class=\"arrival\" aria-label=\"12 free, Wed 1 Jul 2026, Älpli, arrival\"><span aria-hidden=\"true\">▸</span>12</a>")
            .assert_says("href=\"/huts/a/2026-07-03\" class=\"later\" aria-label=\"7 free, Fri 3 Jul 2026, Älpli\">7</a>")
            .assert_says("aria-label=\"Book Älpli\"");
        assert_eq!(answer.all_between("<bdi>", "</bdi>"), ["Älpli"]);
        assert_eq!(answer.all_between("<th scope=\"col\"", "</th>").len(), 33 + 2, "32 arrivals and a night more");
        let one = get(database, "/stays?places=4&from=2026-07-01&weekday=wed&weekday=thu");
        one.assert_says("2 huts have room for 4 people, 1 night").assert_says("value=\"wed\" checked").assert_does_not_say("▸");
        assert_eq!(one.all_between("aria-label=\"", "\"").iter().filter(|label| label.contains(" free, ")).count(), 3);
        assert_eq!(get(database, "/stays?country=AT").all_between("<bdi>", "</bdi>"), ["Berg"]);
        assert_eq!(get(database, "/stays?near=b&km=500").all_between("<bdi>", "</bdi>"), ["Berg", "Älpli"], "the nearest first");
        for hut in ["a", "aelp", "Älpli", "A"] {
            let path = format!("/stays?hut={}", hut.replace('Ä', "%C3%84"));
            assert_eq!(get(database, &path).all_between("<bdi>", "</bdi>"), ["Älpli"], "{path}");
        }
        get(database, "/huts/a").assert_says("href=\"/stays?hut=a\"");
    }

    fn an_address_is_short_and_the_feeds_have_the_same_search(database) {
        store_nights(database);
        let path = "/stays?from=&to=&nights=2&places=4&hut=+&weekday=fri&weekday=sat&country=";
        assert_eq!(redirect(database, path), "/stays?nights=2&places=4&weekday=fri&weekday=sat");
        assert_eq!(redirect(database, "/stays?hut="), "/stays");
        let query = "from=2026-07-01&nights=2&places=4&weekday=wed,thu";
        for path in [format!("/stays?{query}"), format!("/stays?{}&show=2026-07-01", query.replace(",thu", "&weekday=thu"))] {
            let answer = get(database, &path);
            let query = query.replace('&', "&#38;");
            for end in [".atom", ".ics", ""] {
                answer.assert_says(&format!("href=\"/v1/stays{end}?{query}\""));
            }
        }
        // A part of a name is another parameter of the API.
        get(database, "/stays?hut=aelp").assert_says("href=\"/v1/stays.atom?name=aelp\"");
        get(database, "/stays?hut=a,b").assert_says("href=\"/v1/stays.atom?hut=a,b\"");
    }

    fn a_wrong_field_is_named_and_the_form_keeps_its_values(database) {
        store_nights(database);
        for (query, field, words) in [
            ("from=someday", "from", "from: expected a date such as 2026-07-18, got &#34;someday&#34;"),
            ("from=2026-07-02&to=2026-07-01", "to", "to: the last arrival 2026-07-01 is before the first one"),
            ("nights=31", "nights", "nights: expected a whole number from 1 to 30, got &#34;31&#34;"),
            ("places=0", "places", "places: expected a whole number from 1 to 999, got &#34;0&#34;"),
            ("hut=zzz", "hut", "hut: no hut has the slug or the name &#34;zzz&#34;"),
            ("hut=a,bb", "hut", "hut: no polled hut has the slug &#34;bb&#34;"),
            ("near=zz", "near", "near: no polled hut has the slug &#34;zz&#34;"),
            ("near=1,x", "near", "near: expected degrees"),
            ("km=5", "near", "near: the distance of 5 km needs a place"),
            ("km=x&near=a", "km", "km: expected kilometres from 0 to 1200, got &#34;x&#34;"),
            ("elevation=5", "elevation", "elevation: expected metres such as 1500..2500"),
        ] {
            let answer = get(database, &format!("/stays?{query}&country=CH"));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
            answer.assert_says(words).assert_says(&format!("name=\"{field}\" aria-invalid=\"true\""));
            answer.assert_says("<option value=\"CH\" selected>").assert_does_not_say("/v1/stays");
        }
        let bad = get(database, "/stays?weekday=fri,xyz");
        assert_eq!(bad.status, StatusCode::BAD_REQUEST);
        bad.assert_says("weekday: expected weekdays such as fri,sat, got &#34;xyz&#34;");
        assert_eq!(get(database, "/stays?after=zzz").status, StatusCode::BAD_REQUEST);
    }

    fn an_empty_grid_says_what_to_do(database) {
        get(database, "/stays").assert_says("No hut matches.").assert_says("No hut is polled yet");
        store_nights(database);
        get(database, "/stays?places=41").assert_says("None of the 3 huts has room for 41 people").assert_says("Try fewer people");
        get(database, "/stays?hut=c").assert_says("The hut has no room for 1 person, 1 night").assert_says("Try fewer people");
        get(database, "/stays?elevation=9000..").assert_says("No hut matches.").assert_says("another elevation");
        get(database, "/stays?from=2026-07-01&to=2026-07-02&weekday=sat").assert_says("no such weekday").assert_says("Choose more weekdays");
    }

    fn many_huts_and_many_arrivals_are_shown_in_parts(database) {
        let lines: String = (1..=60).map(|id| format!("hut-{id:02},Hut {id:02},hrs,{id},CH,46.6,8.3,hut\n")).collect();
        let mut db = import(database, &lines);
        for id in 1..=60 {
            store(&mut db, id, now(), in_days(0), &[state(9, 40); 60]);
        }
        let (mut path, mut found) = ("/stays".to_owned(), Vec::new());
        loop {
            let answer = get(database, &path);
            let names = answer.all_between("<bdi>", "</bdi>");
            assert!(names.len() <= 25);
            found.extend(names);
            let Some(next) = answer.link("next") else { break };
            path = format!("/stays{next}");
        }
        assert_eq!(found, (1..=60).map(|id| format!("Hut {id:02}")).collect::<Vec<_>>());
        let previous = get(database, &path).link("prev").unwrap();
        assert_eq!(get(database, &format!("/stays{previous}")).all_between("<bdi>", "</bdi>")[0], "Hut 26");
        get(database, "/stays").assert_says("href=\"?show=2026-08-11\">Later arrivals").assert_does_not_say("Earlier arrivals");
        let later = get(database, "/stays?show=2026-08-11");
        later.assert_says("arriving from Tue 11 Aug 2026 to Mon 21 Sep 2026").assert_says("href=\"?show=2026-06-30\">← Earlier arrivals");
    }
}
