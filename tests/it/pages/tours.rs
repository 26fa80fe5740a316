//! The page *Tours*.

use axum::http::StatusCode;
use hut_availability::web::pages;

use super::{NOW, get, import, in_days, now, state, store};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::handlers::get_from;

fn store_nights(database: &TestDatabase) {
    let lines = "a,Älpli,hrs,1,CH,46.6,8.3,hut\nb,Berg,hrs,2,AT,47.1,11.2,hut\nc,Cima,hrs,3,AT,47.2,11.2,hut\n";
    let mut db = import(database, lines);
    for hut_id in 1..=3 {
        store(&mut db, hut_id, now(), in_days(0), &[state(hut_id as i16 + 3, 40); 60]);
    }
}

const STAGES: &str = "stage=a&stage=b,c:2";

on_both_databases! {
    fn the_table_shows_the_alternatives_of_each_stage(database) {
        store_nights(database);
        let answer = get(database, &format!("/tours?{STAGES}&places=4&from=2026-07-01&to=2026-07-02"));
        assert_eq!(answer.status, StatusCode::OK);
        answer
            .assert_says("2 starts for 4 people, 3 nights, from Wed 1 Jul 2026 to Thu 2 Jul 2026")
            .assert_says("<a href=\"/huts/a/2026-07-01\"><bdi>Älpli</bdi></a> (4)")
            .assert_says("<a href=\"/huts/b/2026-07-02\"><bdi>Berg</bdi></a> (5) or <a href=\"/huts/c/2026-07-02\"><bdi>Cima</bdi></a> (6)")
            .assert_says("<td role=\"cell\" data-label=\"End\">Sat 4 Jul 2026</td>")
            .assert_says("name=\"stage\" value=\"b,c:2\"");
        assert_eq!(answer.all_between("name=\"stage\"", ">").len(), 4);
        for end in [".atom", ".ics", ""] {
            answer.assert_says(&format!("href=\"/v1/tours{end}?from=2026-07-01&#38;places=4&#38;stage=a&#38;stage=b,c:2&#38;to=2026-07-02\""));
        }
    }

    fn empty_fields_are_left_out_of_the_address(database) {
        let path = "/tours?stage=b,c:2&stage=&stage=a&stage=+&from=&to=&places=4";
        let response = get_from(pages::router, database, NOW, path);
        assert_eq!((response.status, response.header("location")), (StatusCode::SEE_OTHER, "/tours?places=4&stage=b,c:2&stage=a"));
    }

    fn a_long_list_has_pages_with_every_start_once(database) {
        store_nights(database);
        let (mut path, mut found, mut pages) = (format!("/tours?{STAGES}"), Vec::new(), 0);
        let previous = loop {
            let answer = get(database, &path);
            found.extend(answer.all_between("<th role=\"rowheader\" scope=\"row\"><time datetime=\"", "\""));
            pages += 1;
            let Some(next) = answer.link("next") else { break answer.link("prev").unwrap() };
            path = format!("/tours{next}");
        };
        // The last two of the 60 nights are too few for the tour.
        assert_eq!(found, (0..58).map(|day| in_days(day).to_string()).collect::<Vec<_>>());
        assert_eq!(pages, 3);
        let starts = get(database, &format!("/tours{previous}")).all_between("scope=\"row\"><time datetime=\"", "\"");
        assert_eq!((starts.len(), starts[0].as_str()), (25, "2026-07-25"));
    }

    fn a_wrong_field_is_named_and_the_form_keeps_its_values(database) {
        store_nights(database);
        for (query, field, words) in [
            ("stage=a+b", "stage", "stage: expected a stage such as"),
            ("stage=a:x", "stage", "stage: expected 1 to 30 nights after the colon of the stage &#34;a:x&#34;"),
            ("stage=aa", "stage", "stage: no polled hut has the slug &#34;aa&#34;"),
            ("stage=a&places=x", "places", "places: expected a whole number from 1 to 999, got &#34;x&#34;"),
            ("stage=a&from=x", "from", "from: expected a date"),
        ] {
            let answer = get(database, &format!("/tours?{query}&to=2026-09-01"));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
            answer.assert_says(words).assert_says(&format!("name=\"{field}\" aria-invalid=\"true\""));
            answer.assert_says("value=\"2026-09-01\"").assert_does_not_say("/v1/tours");
        }
        let many = get(database, &format!("/tours?{}", "stage=a&".repeat(31)));
        assert_eq!(many.status, StatusCode::BAD_REQUEST);
        many.assert_says("expected at most 30 stages, got 31");
        assert_eq!(get(database, "/tours?stage=a&after=x").status, StatusCode::BAD_REQUEST);
    }

    fn an_empty_list_says_what_to_do(database) {
        store_nights(database);
        get(database, "/tours").assert_says("Fill in at least one stage").assert_does_not_say("/v1/tours");
        get(database, &format!("/tours?{STAGES}&places=9&from=2026-07-01&to=2026-07-02"))
            .assert_says("No tour for 9 people, 3 nights")
            .assert_says("Try fewer people")
            .assert_says("href=\"/stays?from=2026-07-01&#38;hut=b,c&#38;nights=2&#38;places=9&#38;to=2026-07-02\">b,c:2</a>");
    }
}
