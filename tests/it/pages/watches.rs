//! The page *Watches*, which is there only on request.

use axum::http::StatusCode;
use hut_availability::domain::opening::Arrival;
use hut_availability::domain::stay::Stage;
use hut_availability::domain::watch::Goal;
use hut_availability::web::pages;

use super::{Answer, NOW, answer, get, in_days, now};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::handlers::get_with;
use crate::support::statements::statements_of;
use crate::support::stored_watches::{add, fail, open};

/// Requests a page of a service that shows watches.
fn get_shown(database: &TestDatabase, path: &str) -> Answer {
    answer(get_with(true, pages::router, database, NOW, path))
}

on_both_databases! {
    fn without_the_flag_there_is_no_such_page_and_no_link_to_it(database) {
        let (missing, other) = (get(database, "/watches"), get(database, "/watchez"));
        assert_eq!((missing.status, &missing.cache_control), (StatusCode::NOT_FOUND, &other.cache_control));
        assert_eq!(missing.html, other.html.replace("watchez", "watches"));
        for path in ["/", "/stays", "/tours", "/availability", "/history", "/huts", "/checks"] {
            get(database, path).assert_does_not_say("watches");
        }
        get_shown(database, "/checks").assert_says("href=\"/watches\"");
    }

    fn watches_are_shown_with_what_is_open_and_the_last_notifications(database) {
        let empty = get_shown(database, "/watches");
        assert_eq!((empty.status, empty.cache_control.as_str()), (StatusCode::OK, "no-store"));
        empty.assert_says("No watches yet").assert_says("No notifications yet");

        let mut db = database.with_huts(8);
        let stay = Goal::Stay(Stage { huts: (1..=8).collect(), nights: 2 });
        let tour = Goal::Tour(vec![Stage { huts: vec![1], nights: 1 }, Stage { huts: vec![2, 3], nights: 2 }]);
        let arrivals = (in_days(-9), in_days(9));
        let (ours, hike) = (add(&mut db, "Ours", stay, arrivals, now()), add(&mut db, "Hike", tour, arrivals, now()));
        let arrival = |day, hut_id| Arrival { date: in_days(day), hut_id };
        let nights: Vec<Arrival> = (-1..=6).map(|day| arrival(day, Some(3))).collect();
        open(&mut db, ours, &nights, now());
        open(&mut db, hike, &[arrival(3, None)], now());
        fail(&mut db, ours, "m1", "the receiver answered 500: <b>try later</b>");
        let answer = get_shown(database, "/watches");
        answer
            .assert_says("2 watches</caption>")
            .assert_says("2 nights: <a href=\"/huts/hut-1\"><bdi>hut-1</bdi></a> or ")
            .assert_says("<bdi>hut-1</bdi> → <bdi>hut-2,hut-3:2</bdi>")
            .assert_says("Sun 21 Jun 2026 – Thu 9 Jul 2026 (fri,sat)")
            .assert_says("7: <a href=\"/huts/hut-3/2026-06-30\"><bdi>Tue 30 Jun 2026, hut-3</bdi></a>")
            .assert_says("</a> and 2 more</span>")
            .assert_says("href=\"/tours?from=2026-07-03&#38;places=4&#38;stage=hut-1&#38;stage=hut-2,hut-3:2&#38;to=2026-07-03\"")
            .assert_says("<bdi>me</bdi>, <bdi>team</bdi>")
            .assert_says("the receiver answered 500: &#60;b&#62;try later&#60;/b&#62;")
            .assert_says("data-label=\"Attempts\" class=\"number\">3<");
        assert_eq!(answer.all_between("scope=\"row\"><bdi>", "</bdi>"), ["Hike", "Ours"]);
    }

    fn many_watches_are_shown_in_pages(database) {
        let mut db = database.with_huts(1);
        for number in 10..40 {
            let stay = Goal::Stay(Stage { huts: vec![1], nights: 1 });
            let id = add(&mut db, &format!("W{number}"), stay, (in_days(0), in_days(9)), now());
            fail(&mut db, id, &format!("m{number}"), "x");
        }
        let (mut path, mut found) = ("/watches".to_owned(), Vec::new());
        loop {
            let answer = get_shown(database, &path);
            found.extend(answer.all_between("scope=\"row\"><bdi>", "</bdi>"));
            assert_eq!(answer.all_between("data-label=\"Attempts\"", "<").len(), 15);
            let Some(next) = answer.link("next") else { break };
            path = format!("/watches{next}");
        }
        assert_eq!(found, (10..40).map(|number| format!("W{number}")).collect::<Vec<_>>());
        let statements = statements_of(&mut db, |db| {
            let start = hut_availability::query::paging::Cursor::Start;
            hut_availability::db::reading::for_watches::page_of_watches(db, in_days(0), &start, 12).unwrap();
        });
        assert_eq!(statements.len(), 4, "{statements:?}");
    }
}
