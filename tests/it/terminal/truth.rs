//! Closed and withdrawn nights, unpublished numbers and old figures in a terminal.

use chrono::TimeDelta;
use hut_availability::db::check::Attempt;
use hut_availability::db::write::{record_failure, update_availability};
use hut_availability::domain::availability::Check;
use hut_availability::domain::state::ReservationStatus::{NotOnline, NotPossible, Possible};
use hut_availability::domain::state::State;

use super::{AS_OF, run_view, view};
use crate::on_both_databases;
use crate::support::checks::{at, check, july, state};
use crate::support::database::TestDatabase;
use crate::support::program::{hut_availability, run};

/// The states of 1 July of the huts 1, 2, ….
fn states() -> Vec<State> {
    let odd =
        |free, total, reservation_status| State { free, total, reservation_status, ..state(0, 0) };
    vec![
        state(12, 40),
        odd(Some(0), Some(0), NotPossible),
        odd(Some(5), Some(9), NotPossible),
        odd(None, Some(40), Possible),
        odd(None, None, Possible),
        odd(Some(7), Some(40), NotOnline),
        odd(None, Some(40), NotOnline),
        odd(Some(3), None, Possible),
    ]
}

/// Stores the huts of [`states`], two hours ago.
fn with_states(database: &TestDatabase) {
    database.allow_violations("earlier versions stored numbers for closed nights");
    let mut db = database.with_huts(states().len());
    for (hut_id, state) in (1..).zip(states()) {
        let mut check = check(hut_id, "10:00", &[]);
        check.days.insert(july(1), state);
        update_availability(&mut db, &check, check.at).unwrap();
    }
}

/// Stores a hut whose 1 July was listed five days ago, and not an hour ago.
fn with_withdrawn_night(database: &TestDatabase) {
    let mut db = database.with_huts(1);
    let old =
        Check { at: at("12:00") - TimeDelta::days(5), ..check(1, "12:00", &[(1, 12), (2, 30)]) };
    update_availability(&mut db, &old, old.at).unwrap();
    update_availability(&mut db, &check(1, "11:00", &[(2, 30)]), at("11:00")).unwrap();
}

fn map(database: &TestDatabase, args: &[&str]) -> String {
    view(database, &[&["map", "2026-07-01", "--days", "1"], args].concat())
}

/// The slugs of the map.
fn slugs(database: &TestDatabase, args: &[&str]) -> Vec<String> {
    let csv = map(database, &[&["--output", "csv"], args].concat());
    csv.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

fn assert_map(map: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(map, @r"
         HUT    SLUG      Wed 1.7.  CHECKED
         Hut 1  hut-1        12/40  2 hours ago
         Hut 2  hut-2       closed  2 hours ago
         Hut 3  hut-3       closed  2 hours ago
         Hut 4  hut-4          ask  2 hours ago
         Hut 5  hut-5          ask  2 hours ago
         Hut 6  hut-6        7/40*  2 hours ago, old
         Hut 7  hut-7        ?/40*  2 hours ago
         Hut 8  hut-8          3/?  2 hours ago
        8 huts; free/all places; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored
        ");
    }
}

fn assert_csv(csv: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(csv, @r"
        slug,id,name,country,is_public,date,reservation_status,free,total,occupancy_percent,occupancy_steps,occupancy_status,hut_type,type_slug,type,listed,last_checked
        hut-1,1,Hut 1,,true,2026-07-01,possible,12,40,70.0,70,high,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-2,2,Hut 2,,true,2026-07-01,not_possible,0,0,,,unknown,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-3,3,Hut 3,,true,2026-07-01,not_possible,0,0,,,unknown,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-4,4,Hut 4,,true,2026-07-01,possible,,40,,,free_unknown,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-5,5,Hut 5,,true,2026-07-01,possible,,,,,unknown,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-6,6,Hut 6,,true,2026-07-01,not_online,7,40,82.5,80,high,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-7,7,Hut 7,,true,2026-07-01,not_online,,40,,,free_unknown,hut,hut,standard,true,2026-06-30T10:00:00Z
        hut-8,8,Hut 8,,true,2026-07-01,possible,3,,,,free_unknown,hut,hut,standard,true,2026-06-30T10:00:00Z
        ");
    }
}

fn assert_withdrawn(views: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(views, @r"
         HUT    SLUG      Wed 1.7.  Thu 2.7.  CHECKED
         Hut 1  hut-1       12/40†     30/40  5 days ago, old
        1 hut; free/all places; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored

        night        Wed 1 Jul 2026: no longer listed; before: 12 of 40 free (high), hut; last listed 5 days ago, old
        the booking site no longer lists this night
        1 state, first found 5 days ago, last listed 5 days ago, old
        ");
    }
}

on_both_databases! {
    fn every_kind_of_night_has_its_sign_and_empty_cells_in_csv(database) {
        with_states(database);
        assert_map(&map(database, &[]));
        assert_csv(&map(database, &["--output", "csv"]));
        let hut = |slug| view(database, &["hut", slug, "2026-07-01"]);
        for (slug, night, sign) in [
            ("hut-2", "closed; checked 2 hours ago", "   x "),
            ("hut-3", "closed; checked 2 hours ago", "   x "),
            ("hut-4", "ask: free places of 40 not published, bookable online, hut; checked 2 hours ago", " ask "),
            ("hut-7", "free places of 40 not published, not bookable online, hut; checked 2 hours ago", "  ?* "),
            ("hut-8", "3 free, total not published, bookable online, hut; checked 2 hours ago", "   3 "),
        ] {
            let hut = hut(slug);
            assert!(hut.contains(&format!("night        Wed 1 Jul 2026: {night}\n")) && hut.contains(sign), "{hut}");
            assert!(hut.contains("\noldest figure of a coming night: 2 hours ago\n"), "{hut}");
        }
        let trend = view(database, &["trend", "hut-3", "2026-07-01"]);
        assert!(trend.contains("closed") && !trend.contains(" 5 ") && !trend.contains('│'), "{trend}");
    }

    fn min_free_means_that_the_places_can_be_booked(database) {
        with_states(database);
        assert_eq!(slugs(database, &["--min-free", "1"]), ["hut-1", "hut-8"]);
        assert_eq!(slugs(database, &["--min-free", "4"]), ["hut-1"]);
        assert_eq!(slugs(database, &["--min-free", "4", "--ask"]), ["hut-1", "hut-4", "hut-5"]);
        assert_eq!(slugs(database, &["--min-free", "0"]).len(), 8);
        assert_eq!(slugs(database, &["--sort", "free"])[..4], ["hut-1", "hut-8", "hut-4", "hut-5"]);
        let ran = run_view(database, &["map", "--ask"]);
        assert!(ran.status == 2 && ran.stderr.contains("--min-free"), "{ran:?}");
    }

    fn a_withdrawn_night_is_marked_and_has_its_own_age(database) {
        with_withdrawn_night(database);
        let map = view(database, &["map", "2026-07-01", "--days", "2"]);
        let hut = view(database, &["hut", "hut-1", "2026-07-01"]);
        let trend = view(database, &["trend", "hut-1", "2026-07-01"]);
        let last_line = |text: &str| text.trim_end().lines().rev().take(2).collect::<Vec<_>>().join("\n");
        let night = hut.lines().find(|line| line.starts_with("night")).unwrap();
        assert_withdrawn(&format!("{map}\n{night}\n{}", last_line(&trend)));
        assert!(hut.contains("12†  30 "), "{hut}");
        assert_eq!(slugs(database, &["--min-free", "1", "--ask"]), Vec::<String>::new());
        let json = run_view(database, &["map", "2026-07-01", "--days", "1", "--output", "json"]).json();
        let day = &json["huts"][0]["data"][0];
        assert!(day["free"].is_null() && day["reservation_status"] == "unknown" && day["listed"] == false, "{day}");
    }

    fn a_hut_that_answers_empty_twice_has_room_on_no_night(database) {
        let mut db = database.with_huts(1);
        update_availability(&mut db, &check(1, "10:00", &[(1, 12)]), at("10:00")).unwrap();
        for (time, is_shown) in [("11:00", true), ("11:30", false)] {
            let attempt = Attempt { at: at(time).into(), run_started: at(time).into() };
            record_failure(&mut db, 1, attempt, true, "empty").unwrap();
            assert_eq!(slugs(database, &["--min-free", "1"]).len(), usize::from(is_shown));
            assert_eq!(map(database, &[]).contains("12/40† "), !is_shown);
        }
    }

    /// 12 of 40 free puts the hut into the medium tier, which is polled every three hours.
    fn a_figure_is_old_after_twice_the_interval_of_the_hut(database) {
        let mut db = database.with_huts(1);
        let old = Check { at: at("05:59"), ..check(1, "05:59", &[(1, 12)]) };
        update_availability(&mut db, &old, old.at).unwrap();
        let views: [&[&str]; 3] = [
            &["map", "2026-07-01"],
            &["hut", "hut-1", "2026-07-01"],
            &["trend", "hut-1", "2026-07-01"],
        ];
        let runs = |interval: &[&str], as_of: &str| -> Vec<String> {
            let run = |view: &&[&str]| run(hut_availability().args(*view).args(interval).args(["--as-of", as_of, "--database-url", &database.url])).stdout;
            views.iter().map(run).collect()
        };
        for shown in runs(&[], AS_OF) {
            assert!(shown.contains("6 hours ago, old"), "{shown}");
        }
        for shown in runs(&["--medium-priority-minutes", "181"], AS_OF) {
            assert!(shown.contains("6 hours ago") && !shown.contains("old\n"), "{shown}");
        }
        let by_variable = run(hut_availability().args(views[0]).args(["--as-of", AS_OF, "--database-url", &database.url])
            .env("AVAILABILITY_MEDIUM_PRIORITY_MINUTES", "181"));
        assert!(!by_variable.stdout.contains("ago, old"), "{by_variable:?}");
        for shown in runs(&[], "2023-06-30T12:00:00Z") {
            assert!(shown.contains("in the future, wrong clock") && !shown.contains(" in 3 years"), "{shown}");
        }
    }
}
