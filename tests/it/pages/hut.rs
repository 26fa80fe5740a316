//! The page of a hut: free stays, the calendar, neighbours, how a night filled up, and downloads.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::hut;
use hut_availability::db::write::record_failure;
use hut_availability::domain::state::ReservationStatus::NotPossible;
use hut_availability::domain::state::State;
use hut_availability::web::pages;

use super::{NOW, get, import, in_days, now, odd_state, state, store};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::handlers::{HandlerResponse, get_from};

/// A hut, three others 1, 5 and 10 km north of it, and one that is 20 km away.
const HUTS: &str = "a,Älpli,hrs,1,CH,46.6,8.3,hut\nfar,Fern,hrs,2,CH,46.78,8.3,hut\n\
    ten,Zehn,hrs,3,CH,46.69,8.3,hut\none,Eins,hrs,4,CH,46.609,8.3,hut\nfive,Fünf,hrs,5,CH,46.645,8.3,hut\n";

/// The nights of `HUTS` from today, Tuesday 30 June, on; the coming Saturday is the fourth day after it.
fn with_neighbours(database: &TestDatabase) -> Db {
    let mut db = import(database, HUTS);
    let (full, free) = (state(0, 40), state(9, 40));
    store(&mut db, 1, now(), in_days(0), &[full, free, free, full, full, state(3, 40)]);
    store(&mut db, 2, now(), in_days(0), &[free; 9]);
    store(&mut db, 3, now(), in_days(0), &[state(12, 40); 9]);
    store(&mut db, 4, now(), in_days(0), &[state(2, 40); 9]);
    store(&mut db, 5, now(), in_days(0), &[free, free, free, free, free, full, full, full]);
    db
}

/// The nights of July 2025 of a hut with 40 places: half of them went on 21 June, and the others on 1 July.
fn with_last_july(db: &mut Db, hut_id: i32) {
    let first: NaiveDate = "2025-07-01".parse().unwrap();
    let checks = [("2025-06-01", 40), ("2025-06-21", 20), ("2025-07-01", 0), ("2025-07-30", 0)];
    for (day, free) in checks {
        let at: DateTime<Utc> = format!("{day}T10:00:00Z").parse().unwrap();
        store(db, hut_id, at, first, &[state(free, 40); 31]);
    }
}

fn file(database: &TestDatabase, path: &str) -> HandlerResponse {
    get_from(pages::router, database, NOW, path)
}

on_both_databases! {
    fn the_next_stays_of_a_group_are_listed_and_lead_to_their_nights(database) {
        let mut db = import(database, "a,Älpli,hrs,1,CH,46.6,8.3,hut\n");
        // Friday 3 July is the third day.
        let nights = [5, 5, 0, 5, 5, 2, 5, 5].map(|free| state(free, 40));
        store(&mut db, 1, now(), in_days(0), &nights);
        let page = get(database, "/huts/a?places=4&nights=2");
        page.assert_says("Next free stays for 4 people, 2 nights")
            .assert_says("<a href=\"/huts/a/2026-06-30?nights=2&#38;places=4\">Tue 30 Jun 2026 – Thu 2 Jul 2026</a> <span>5 places free</span>")
            .assert_says("<a href=\"/huts/a/2026-07-06?nights=2&#38;places=4\">Mon 6 Jul 2026 – Wed 8 Jul 2026</a>")
            .assert_says("aria-label=\"Book Älpli, Tue 30 Jun 2026 – Thu 2 Jul 2026\"")
            .assert_says("Fridays to Sundays with room for 4 people")
            .assert_says("href=\"/stays?hut=a&#38;nights=2&#38;places=4\"")
            .assert_says("href=\"/v1/stays.atom?hut=a&#38;nights=2&#38;places=4\"");
        // The navigation, the stays, and the weekends.
        let lists = page.all_between("<ul>", "</ul>");
        let arrivals = |list: &str| list.matches("/huts/a/2026").count();
        assert_eq!((arrivals(&lists[1]), arrivals(&lists[2])), (3, 1), "{lists:?}");
        let marked = page.all_between(" fits\" aria-label=\"", ":");
        let fits = ["Tue 30 Jun 2026", "Wed 1 Jul 2026", "Fri 3 Jul 2026", "Sat 4 Jul 2026", "Mon 6 Jul 2026", "Tue 7 Jul 2026"];
        assert_eq!(marked, fits, "the nights of the stays");
        page.assert_says("<b>30 ✓</b>").assert_says(", room for your group\"").assert_says("<strong>✓</strong> room for your group");
        get(database, "/huts/a").assert_says("href=\"/stays?hut=a\"").assert_does_not_say("✓");
    }

    fn a_hut_without_room_says_what_to_do_next(database) {
        with_neighbours(database);
        let page = get(database, "/huts/a?places=10");
        page.assert_says("There is no room for 10 people, 1 night, in the next twelve months.")
            .assert_says("No Friday to Sunday in the next twelve months has room for 10 people.")
            .assert_says("Try fewer people or fewer nights")
            .assert_says("href=\"/v1/stays.atom?hut=a&#38;places=10\"");
        get(database, "/huts/a?places=9").assert_does_not_say("Try fewer people or fewer nights");
    }

    fn a_bad_parameter_is_reported_and_the_page_stays(database) {
        with_neighbours(database);
        for (query, name, words) in [
            ("places=0", "places", "places: expected a whole number from 1 to 999, got &#34;0&#34;"),
            ("nights=x", "nights", "nights: expected a whole number from 1 to 30, got &#34;x&#34;"),
            ("night=31.6.2026&places=4", "night", "night: expected a date"),
        ] {
            let page = get(database, &format!("/huts/a?{query}"));
            assert_eq!((page.status, page.cache_control.as_str()), (StatusCode::BAD_REQUEST, "no-store"), "{query}");
            page.assert_says(words).assert_says("Next free stays").assert_says(&format!("name=\"{name}\" aria-invalid=\"true\" aria-describedby=\"problem\""));
            page.assert_does_not_say("places=4\"");
        }
        let response = file(database, "/huts/a?places=4&nights=&night=");
        assert_eq!((response.status, response.header("location")), (StatusCode::SEE_OTHER, "/huts/a?places=4"));
    }

    fn neighbours_with_room_are_sorted_by_distance(database) {
        let mut db = with_neighbours(database);
        let names = |path: &str| {
            let page = get(database, path);
            let rows = page.all_between("<th role=\"rowheader\" scope=\"row\"><a href=\"", "</bdi>");
            rows.iter().map(|row| row.rsplit('>').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let page = get(database, "/huts/a?places=2&nights=2");
        page.assert_says(">Huts within 15 km with room for 2 people, 2 nights, from Sat 4 Jul 2026</h3>")
            .assert_says("<a href=\"/huts/one?night=2026-07-04&#38;nights=2&#38;places=2\"><bdi>Eins</bdi></a>")
            .assert_says("class=\"number\">1.0 km</td>")
            .assert_says("data-label=\"Free\">12 places free</td>")
            .assert_says("aria-label=\"Book Zehn\"")
            .assert_says("href=\"/stays?from=2026-07-04&#38;km=30&#38;near=a&#38;nights=2&#38;places=2&#38;to=2026-07-04\"");
        assert_eq!(names("/huts/a?places=2&nights=2"), ["Eins", "Zehn"], "Fünf is full on Sunday, and Fern is far");
        assert_eq!(names("/huts/a?places=2"), ["Eins", "Fünf", "Zehn"]);
        assert_eq!(names("/huts/a?places=9&night=2026-07-01"), ["Fünf", "Zehn"]);
        assert_eq!(names("/huts/a?places=2&night=2026-01-01"), ["Eins", "Fünf", "Zehn"], "the coming Saturday, not a past night");
        get(database, "/huts/a?night=2026-01-01").assert_says("with room for 1 person, 1 night, from Sat 4 Jul 2026</h3>");
        let none = get(database, "/huts/a?places=30");
        none.assert_says("None of the 3 other huts within 15 km has room for 30 people, 1 night, from Sat 4 Jul 2026. Try another night, or look further away.");
        diesel::update(hut::table.filter(hut::slug.eq("one"))).set(hut::is_public.eq(false)).execute(&mut db).unwrap();
        diesel::update(hut::table.filter(hut::slug.eq("five"))).set(hut::is_active.eq(false)).execute(&mut db).unwrap();
        assert_eq!(names("/huts/a?places=2"), ["Zehn"]);
        get(database, "/huts/a?places=30").assert_says("The only other hut within 15 km has no room");
        get(database, "/huts/a?night=2030-01-01").assert_says("No other hut within 15 km is known for 1 person, 1 night, from Tue 1 Jan 2030.");
        diesel::update(hut::table).set((hut::latitude.eq(None::<f64>), hut::longitude.eq(None::<f64>))).execute(&mut db).unwrap();
        get(database, "/huts/a").assert_does_not_say("within 15 km");
    }

    fn a_night_is_shown_beside_how_such_nights_filled_up(database) {
        database.allow_violations("the nights of last July are listed after they passed");
        let mut db = import(database, "a,Älpli,hrs,1,CH,46.6,8.3,hut\n");
        store(&mut db, 1, "2025-05-01T10:00:00Z".parse().unwrap(), in_days(0), &[state(40, 40)]);
        let too_few = "There is no earlier Saturday in July to compare this night with.";
        for path in ["/huts/a", "/huts/a/2026-07-04"] {
            get(database, path).assert_says(too_few).assert_does_not_say("class=\"band\"");
        }
        with_last_july(&mut db, 1);
        store(&mut db, 1, now(), in_days(0), &[state(10, 40); 40]);
        for path in ["/huts/a?night=2026-07-04", "/huts/a/2026-07-04"] {
            get(database, path)
                .assert_says("On 4 earlier Saturdays in July, half of the places were usually gone 21 days before, and the hut was usually full 11 days before.")
                .assert_says("Now, 4 days before the night, 25 % of the places are free; usually it was 0 %.")
                .assert_says("The band contains all of them.")
                .assert_says("class=\"band\" d=\"M")
                .assert_says("aria-label=\"Free places for the night of Sat 4 Jul 2026 by the number of days before it, beside earlier nights\"");
        }
        get(database, "/huts/a/2026-08-01").assert_says("There is no earlier Saturday in August");
        // 2 July 2025 is a Wednesday, and so is 1 July 2026.
        get(database, "/huts/a/2026-07-01").assert_says("On 5 earlier Wednesdays in July");
        let of_last_year = get(database, "/huts/a/2025-07-19");
        of_last_year.assert_says("There are only 2 earlier Saturdays in July, too few to compare this night with.");
    }

    fn closed_months_are_folded(database) {
        let mut db = import(database, "a,Älpli,hrs,1,CH,46.6,8.3,hut\n");
        // From 30 June to 30 September with room, then closed to the end of March.
        let mut nights = vec![state(5, 40); 93];
        nights.extend(vec![odd_state(0, 0, NotPossible); 182]);
        store(&mut db, 1, now(), in_days(0), &nights);
        let page = get(database, "/huts/a");
        assert_eq!(page.all_between("<details class=\"folded-months\"><summary>", "<"), ["October 2026 – May 2027: closed or no data"]);
        assert_eq!(page.all_between("<table class=\"month\">", "</table>").len(), 12);
        let folded = page.all_between("<details class=\"folded-months\">", "</details>");
        assert_eq!(folded[0].matches("<table class=\"month\">").count(), 8);
        let later = get(database, "/huts/a?from=2027-06-01");
        later.assert_says("<summary>June 2027 – May 2028: no data</summary>");
    }

    fn nights_and_histories_can_be_downloaded(database) {
        let mut db = import(database, "a,Älpli,hrs,1,CH,46.6,8.3,hut\n");
        store(&mut db, 1, now() - TimeDelta::hours(2), in_days(0), &[state(5, 40), state(7, 40)]);
        store(&mut db, 1, now(), in_days(0), &[state(4, 40), state(7, 40)]);
        diesel::update(hut::table).set(hut::name.eq("=1+1")).execute(&mut db).unwrap();
        get(database, "/huts/a?night=today")
            .assert_says("<a href=\"/huts/a/nights.csv?from=2026-06-01\" type=\"text/csv\">CSV</a>, <a href=\"/v1/huts/a/availability/2026-06-01?days=365\" type=\"application/json\">JSON</a>")
            .assert_says("<a href=\"/huts/a/2026-06-30/history.csv\"");
        get(database, "/huts/a?night=2026-07-04").assert_does_not_say("history.csv").assert_says("No data is stored for this night");
        get(database, "/huts/a/2026-06-30").assert_says("href=\"/huts/a/2026-06-30/history.csv\"").assert_says("href=\"/v1/huts/a/availability/2026-06-30/trend?limit=365\"");
        let nights = file(database, "/huts/a/nights.csv?from=2026-06-01");
        assert_eq!((nights.status, nights.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
        assert_eq!(nights.header("content-disposition"), "attachment; filename=\"a-nights.csv\"");
        let lines: Vec<&str> = nights.text.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].starts_with("slug,name,date,reservation_status,free,total,"), "{lines:?}");
        assert!(lines[1].starts_with("a,'=1+1,2026-06-30,possible,4,40,90.0,90,high,hut,"), "{lines:?}");
        let history = file(database, "/huts/a/today/history.csv");
        let lines: Vec<&str> = history.text.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[1].starts_with("a,'=1+1,2026-06-30,4,40,90.0,high,possible,hut,2026-06-30T10:00:00Z,"), "{lines:?}");
        assert!(lines[2].ends_with(",7200.0"), "{lines:?}");
        for (path, status) in [("/huts/b/nights.csv", 404), ("/huts/b/today/history.csv", 404), ("/huts/a/nights.csv?from=x", 400), ("/huts/a/x/history.csv", 400)] {
            assert_eq!(file(database, path).status.as_u16(), status, "{path}");
        }
        diesel::update(hut::table).set(hut::is_public.eq(false)).execute(&mut db).unwrap();
        for path in ["/huts/a/nights.csv", "/huts/a/today/history.csv"] {
            assert_eq!(file(database, path).status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    fn a_shared_link_has_the_answer_in_its_preview(database) {
        let mut db = import(database, "a,Älpli,hrs,1,CH,46.6,8.3,hut\n");
        get(database, "/huts/a").assert_does_not_say("og:description");
        store(&mut db, 1, now(), in_days(0), &[state(12, 40); 10]);
        for path in ["/huts/a", "/huts/a?night=2026-07-04&places=3", "/huts/a/2026-07-04"] {
            get(database, path).assert_says("<meta property=\"og:description\" content=\"12 of 40 free on Saturday 4 July\">");
        }
    }

    fn hikers_are_told_when_the_figures_cannot_be_trusted(database) {
        let mut db = import(database, "a,Älpli,hrs,1,CH,46.6,8.3,hut\nb,Berg,,,CH,46.9,8.3,hut\n");
        get(database, "/huts/a").assert_says("The free places of this hut have not been checked yet.");
        get(database, "/huts/b").assert_says("Nobody checks the bookings of this hut here").assert_does_not_say("Next free stays").assert_does_not_say("class=\"book");
        store(&mut db, 1, now() - TimeDelta::hours(3), in_days(0), &[state(12, 40)]);
        get(database, "/huts/a").assert_does_not_say("Not checked since").assert_does_not_say("have not been checked yet")
            .assert_says("<p class=\"facts\"><bdi>Switzerland</bdi> · <bdi>hut-reservation.org</bdi></p>").assert_says(">Book at hut-reservation.org</a>");
        let at = (now() - TimeDelta::hours(1)).into();
        record_failure(&mut db, 1, Attempt { at, run_started: at }, false, "timeout").unwrap();
        let page = get(database, "/huts/a");
        page.assert_says("<p class=\"problem\">Not checked since <time datetime=\"2026-06-30T07:00:00Z\">Tue 30 Jun 2026, 09:00 CEST</time>. The booking site has not answered since then");
        let operators = page.all_between("<details class=\"operators\">", "</details>");
        assert!(operators[0].contains("timeout") && operators[0].contains("<dt>Failures in a row</dt><dd>1"), "{operators:?}");
        assert_eq!(page.html.matches("timeout").count(), 1, "only operators read errors");
    }

    fn a_closed_night_is_no_stay_and_no_neighbour(database) {
        let mut db = with_neighbours(database);
        let closed: State = odd_state(0, 0, NotPossible);
        for hut_id in [1, 3, 4, 5] {
            store(&mut db, hut_id, now() + TimeDelta::minutes(1), in_days(0), &[closed; 9]);
        }
        get(database, "/huts/a").assert_says("There is no room for 1 person").assert_says("None of the 3 other huts within 15 km has room");
    }
}
