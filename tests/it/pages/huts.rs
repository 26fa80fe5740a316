//! The pages *Hut*, *Night*, *Huts* and *Checks*, and hostile text on all pages.

use axum::http::StatusCode;
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::{hut, hut_source};
use hut_availability::db::update_run;
use hut_availability::db::write::record_failure;
use hut_availability::domain::run::Mode;

use super::{get, import, in_days, now, state, store};
use crate::on_both_databases;
use crate::support::runs::log_run;

on_both_databases! {
    fn a_night_shows_every_field_and_its_history(database) {
        let mut db = import(database, "trift,Trifthütte,hrs,7,CH,46.6,8.3,hut\n");
        let at = |hours| now() - TimeDelta::hours(hours);
        store(&mut db, 1, at(50), in_days(4), &[state(40, 40)]);
        store(&mut db, 1, at(2), in_days(4), &[state(10, 40)]);
        let answer = get(database, "/huts/trift/weekend");
        assert_eq!((answer.status, answer.cache_control.as_str()), (StatusCode::OK, "public, max-age=30"));
        answer
            .assert_says("<strong>10 of 40 free</strong>")
            .assert_says("<dt>Occupancy</dt><dd>75.0 % (in steps of ten: 80 %), few</dd>")
            .assert_says("<dt>Hut type</dt><dd>hut (the usual type of this hut)</dd>")
            .assert_says("<dt>ID at the organization</dt><dd>1</dd>")
            .assert_says("href=\"https://www.hut-reservation.org/reservation/book-hut/7/wizard\" rel=\"noopener noreferrer nofollow\"")
            .assert_says("2 hours ago")
            .assert_says("data-label=\"Duration\">new</td>")
            .assert_says("2 days")
            .assert_says("<svg class=\"chart\"");
        get(database, "/huts/trift/2020-01-01").assert_says("No data is stored for this night");
    }

    fn a_hut_shows_its_year_and_how_a_night_filled_up(database) {
        let mut db = import(database, "trift,Trifthütte,hrs,1,CH,46.6,8.3,hut\n");
        store(&mut db, 1, now(), in_days(-1), &[state(1, 40), state(40, 40), state(0, 0)]);
        let answer = get(database, "/huts/trift?night=2026-06-30");
        answer
            .assert_says("aria-label=\"Tue 30 Jun 2026: 40 of 40 free, plenty\" aria-current=\"date\"")
            .assert_says("aria-label=\"Wed 1 Jul 2026: number of places unknown\"")
            .assert_says("aria-label=\"Mon 31 May 2027: no data\"")
            .assert_says("Tuesday 30 June 2026</a>: <strong>40 of 40 free</strong>")
            .assert_says("href=\"?from=2027-06-01&#38;night=2026-06-30#year\"");
        assert_eq!(answer.all_between("<table class=\"month\">", "</table>").len(), 12);
        let bad = get(database, "/huts/trift?night=yesterday");
        assert_eq!(bad.status, StatusCode::BAD_REQUEST);
        bad.assert_says("night: expected a date such as 2026-07-18, got &#34;yesterday&#34;").assert_says("A year of nights");
        assert_eq!(get(database, "/huts/trift?from=9999-12-01&night=0000-01-01").status, StatusCode::OK);
        for path in ["/huts/trift?from=9999-12-01", "/huts/trift?from=0001-01-01", "/huts/trift/9999-12-31", "/huts/trift/0001-01-01", "/?from=9999-12-31", "/?from=0001-01-01"] {
            let answer = get(database, path);
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            answer.assert_does_not_say("10000-").assert_does_not_say("0000-");
        }
    }

    fn a_truncated_history_says_so(database) {
        database.allow_violations("the entries are inserted directly, because many are needed");
        let mut db = import(database, "trift,Trifthütte,hrs,1,CH,46.6,8.3,hut\n");
        store(&mut db, 1, now(), in_days(0), &[state(1, 40)]);
        get(database, "/huts/trift/today").assert_says(">States of this night, newest first<");
        let at = match db {
            Db::Postgres(_) => "timestamptz '2020-01-01Z' + make_interval(mins => n)",
            Db::Sqlite(_) => "strftime('%Y-%m-%dT%H:%M:00.000000Z', '2020-01-01', '+' || n || ' minutes')",
        };
        db.batch_execute(&format!(
            "WITH RECURSIVE minutes (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM minutes WHERE n < 2000)
             INSERT INTO availability_change (hut_id, availability_date, first_checked, last_checked, free, total, hut_type, reservation_status)
             SELECT 1, '2026-06-30', {at}, {at}, n % 40, 40, 'hut', 'possible' FROM minutes"
        )).unwrap();
        let words = "The last 2,000 states of this night, newest first. Older states are not shown";
        get(database, "/huts/trift/today").assert_says(words);
        get(database, "/huts/trift?night=today").assert_says(words);
    }

    fn an_unknown_hut_is_not_found_and_similar_ones_are_suggested(database) {
        import(database, "trift,Trifthütte,hrs,1,,,,hut\nfurka,Furka,hrs,2,,,,hut\n");
        for path in ["/huts/trifft", "/huts/trifft/today"] {
            let answer = get(database, path);
            assert_eq!((answer.status, answer.cache_control.as_str()), (StatusCode::NOT_FOUND, "no-store"));
            answer
                .assert_says("There is no hut “trifft”")
                .assert_says("<a href=\"/huts/trift\"><bdi>Trifthütte</bdi></a>")
                .assert_does_not_say("Furka");
        }
        let answer = get(database, "/huts/trift/someday");
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        answer.assert_says("<!DOCTYPE html>").assert_says("expected a date such as 2026-07-18, got &#34;someday&#34;");
    }

    fn huts_are_found_with_any_spelling_of_accents(database) {
        import(database, "trift,Trifthütte,hrs,1,CH,,,hut\nfurka,Furka,hrs,2,CH,,,hut\n");
        let names = |path: &str| get(database, path).all_between("<bdi>", "</bdi>");
        assert_eq!(names("/huts"), ["Furka", "Trifthütte"]);
        for spelling in ["TRIFTHUETTE", "trifthutte", "hutte", "+h%C3%BCtte", "trift"] {
            assert_eq!(names(&format!("/huts?q={spelling}")), ["Trifthütte"], "{spelling}");
        }
        assert_eq!(names("/huts?q=?"), Vec::<String>::new());
        assert_eq!(names("/huts?country=AT"), Vec::<String>::new());
    }

    fn checks_show_failing_huts_since_when_and_why(database) {
        let mut db = import(database, "a,A,hrs,1,,,,hut\nb,B,hrs,2,,,,hut\nc,C,hrs,3,,,,hut\nd,D,,,,,,\n");
        store(&mut db, 1, now() - TimeDelta::hours(3), in_days(0), &[state(1, 2)]);
        store(&mut db, 2, now() - TimeDelta::hours(3), in_days(0), &[state(1, 2)]);
        for (hut_id, hours) in [(2, 2), (2, 1), (1, 1)] {
            let at = (now() - TimeDelta::hours(hours)).into();
            record_failure(&mut db, hut_id, Attempt { at, run_started: at }, false, "timeout: <b>late</b>").unwrap();
        }
        let answer = get(database, "/checks");
        // The huts of the kind with an example, the failing huts, and the slugs of the stalest ones.
        let names = answer.all_between("<bdi>", "</bdi>");
        assert_eq!(names, ["B", "A", "&#60;b&#62;late&#60;/b&#62;", "B", "A", "a", "b"]);
        answer
            .assert_says("% of the open nights are expected to be as stored")
            .assert_says("Tue 30 Jun 2026, 10:00 CEST</time>")
            .assert_says("timeout: &#60;b&#62;late&#60;/b&#62;")
            .assert_says("<dt>Failing</dt>\n<dd><strong>2 of 3 huts</strong> <small>1 never checked</small>")
            .assert_says("<dt>Oldest check</dt>\n<dd><strong>3 hours</strong>")
            .assert_says("<dt>Notifications</dt>\n<dd><strong>0 pending</strong>")
            .assert_says("<th role=\"rowheader\" scope=\"row\">timeout</th>")
            .assert_says("No runs yet");
    }

    fn checks_show_the_last_runs(database) {
        let mut db = import(database, "a,A,hrs,1,,,,hut\n");
        log_run(&mut db);
        let lease = TimeDelta::minutes(1);
        update_run::begin(&mut db, now(), Mode::Due, "<pod>", 7, lease).unwrap();
        let answer = get(database, "/checks");
        let ends = answer.all_between("data-label=\"Result\">", "</td>");
        assert_eq!(ends, ["running", "<strong class=\"old\">some huts failed</strong>"], "the newest run is first");
        answer.assert_says("<bdi>&#60;pod&#62;</bdi>").assert_says("<td role=\"cell\" data-label=\"Duration\">3 minutes</td>");
        assert_eq!(answer.all_between("data-label=\"Failed\" class=\"number\">", "</td>"), ["0", "1"]);
    }

    fn hostile_text_is_never_interpreted(database) {
        let mut db = import(database, "a,A,hrs,1,CH,46.6,8.3,hut\n");
        store(&mut db, 1, now(), in_days(0), &[state(1, 40); 7]);
        let name = format!("<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\n\u{1b}[31m{}", "x".repeat(2_000));
        diesel::update(hut::table).set((hut::name.eq(&name), hut::slug.eq("a\"/<b>?#%"))).execute(&mut db).unwrap();
        for link in ["javascript:alert(1)", "data:text/html,<script>", "\"><script>alert(2)</script>"] {
            diesel::update(hut_source::table).set(hut_source::link.eq(link)).execute(&mut db).unwrap();
            let slug = "a%22%2F%3Cb%3E%3F%23%25";
            for path in ["/?from=2026-06-30&all=1", "/availability", "/history", "/huts", "/checks", &format!("/huts/{slug}"), &format!("/huts/{slug}/today")] {
                let answer = get(database, path);
                assert_eq!(answer.status, StatusCode::OK, "{path}");
                for bad in ["<script>", "<img", "href=\"javascript", "href=\"data", "\u{1b}", "<b>?"] {
                    answer.assert_does_not_say(bad);
                }
                if path != "/checks" {
                    answer.assert_says("&#60;script&#62;alert(1)").assert_says(&format!("/huts/{slug}"));
                }
            }
        }
        let query = "?q=%22%3E%3Cscript%3E&country=%3Cscript%3E&sort=%22%3E%3Cscript%3E";
        for page in ["/map", "/availability", "/history", "/huts", "/huts/%3Cscript%3E", "/huts/a/%3Cscript%3E"] {
            get(database, &format!("{page}{query}")).assert_does_not_say("<script>");
        }
    }
}
