//! Closed and withdrawn nights, unpublished numbers, and old figures, on every page that shows a night.

use chrono::TimeDelta;
use diesel::prelude::*;
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::hut_check;
use hut_availability::db::write::record_failure;
use hut_availability::domain::state::ReservationStatus::{
    NotOnline, NotPossible, Possible, Unknown,
};
use hut_availability::domain::state::State;

use super::{Answer, get, import, in_days, now, odd_state, state, store, store_in};
use crate::on_both_databases;
use crate::support::database::TestDatabase;

/// The pages that show the night of one hut; the last two show nothing else.
const PAGES: [&str; 4] =
    ["/?from=2026-07-01&all=1", "/availability", "/huts/a?night=2026-07-01", "/huts/a/2026-07-01"];

/// Stores one hut with one night, tomorrow.
fn with_night(database: &TestDatabase, state: State) {
    let mut db = import(database, "a,A,hrs,1,CH,46.6,8.3,hut\n");
    store(&mut db, 1, now() - TimeDelta::minutes(20), in_days(1), &[state]);
}

/// The cells of the tables, without the choices of the forms and the legends.
fn tables(answer: &Answer) -> String {
    answer.all_between("<tbody", "</tbody>").concat()
}

/// The words of the occupancy.
fn statuses(answer: &Answer) -> Vec<String> {
    answer.all_between("<span class=\"status\">", "<")
}

on_both_databases! {
    fn a_closed_night_says_so_on_every_page(database) {
        for state in [odd_state(0, 0, NotPossible), odd_state(5, 9, NotPossible)] {
            let fresh = if database.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() };
            fresh.allow_violations("earlier versions stored numbers for closed nights");
            let database = &fresh;
            with_night(database, state);
            for page in &PAGES[1..] {
                let answer = get(database, page);
                assert!(!statuses(&answer).is_empty(), "{page}");
                assert!(statuses(&answer).iter().all(|status| status == "closed"), "{page}: {:?}", statuses(&answer));
                for wrong in ["unknown<", "of 0", "of 9", "percent", " %", "<span>0", "<span>5"] {
                    assert!(!tables(&answer).contains(wrong), "{wrong:?} on {page}: {}", tables(&answer));
                }
            }
            let start = get(database, PAGES[0]);
            start.assert_says("class=\"shut\" title=\"A, Wed 1 Jul 2026: closed\"").assert_says(">×</a>");
            start.assert_says("No hut has room for 1 person on Wednesday 1 July").assert_says("Of the others: 1 closed.");
            get(database, "/history").assert_says("<strong>closed</strong>");
            let year = get(database, PAGES[2]);
            year.assert_says("class=\"closed\" aria-label=\"Wed 1 Jul 2026: closed\"").assert_says("<span>×</span>");
            let night = get(database, PAGES[3]);
            night.assert_says("<strong>closed</strong>").assert_says("<dt>State</dt><dd>closed</dd>");
            for wrong in ["<dt>Free</dt>", "<dt>Total</dt>", " %", "unknown", "<svg class=\"chart\""] {
                night.assert_does_not_say(wrong);
            }
            get(database, "/?from=2026-07-01").assert_does_not_say("<bdi>A</bdi>");
        }
    }

    fn an_unpublished_number_is_named_and_never_a_zero(database) {
        for (state, places, words) in [
            (odd_state(None, 40, Possible), "ask (40 in all)", "ask: free places of 40 not published"),
            (odd_state(None, None, Possible), "ask", "ask: free places not published"),
            (odd_state(None, 40, NotOnline), "unknown (40 in all)", "free places of 40 not published"),
            (odd_state(3, None, Possible), "3 (total unknown)", "3 free, total not published"),
            (odd_state(0, 0, Unknown), "unknown", "number of places unknown"),
        ] {
            let fresh = if database.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() };
            with_night(&fresh, state);
            get(&fresh, PAGES[0]).assert_says(&format!("aria-label=\"A, Wed 1 Jul 2026: {words}"));
            get(&fresh, PAGES[1]).assert_says(&format!("data-label=\"Free\" class=\"number\">{places}</td>"));
            get(&fresh, "/history").assert_says(&format!("<strong>{places}</strong>"));
            get(&fresh, PAGES[2]).assert_says(&format!("aria-label=\"Wed 1 Jul 2026: {words}"));
            get(&fresh, PAGES[3]).assert_says(&format!("<strong>{words}</strong>"));
            for page in PAGES {
                let answer = get(&fresh, page);
                for wrong in ["None", "null", "of 0", "0 %", "NaN"] {
                    answer.assert_does_not_say(wrong);
                }
            }
        }
    }

    fn a_withdrawn_night_shows_its_last_figures_as_such(database) {
        let mut db = import(database, "a,A,hrs,1,CH,46.6,8.3,hut\n");
        let nights = [state(12, 40), state(12, 40)];
        store(&mut db, 1, now() - TimeDelta::days(5), in_days(1), &nights);
        store_in(&mut db, 1, now() - TimeDelta::hours(1), in_days(0)..=in_days(9), in_days(2), &nights[1..]);
        let start = get(database, PAGES[0]);
        start.assert_says("No hut has room for 1 person").assert_says("Of the others: 1 unknown.");
        start.assert_says("aria-label=\"A, Wed 1 Jul 2026: no longer listed; before: 12 of 40 free, last listed 5 days ago, old\"");
        start.assert_says("aria-hidden=\"true\">Wed</small>–</a>").assert_does_not_say("Book A");
        get(database, "/?from=2026-07-01").assert_does_not_say("<bdi>A</bdi>");
        let list = get(database, "/availability?occupancy=withdrawn");
        assert_eq!(list.all_between("data-label=\"Night\"><a href=\"", "\""), ["/huts/a/2026-07-01"]);
        list.assert_says("data-label=\"Free\" class=\"number\">was 12 of 40</td>").assert_says("data-label=\"Reservation\">no longer listed</td>");
        get(database, "/availability?reservation=possible").assert_says("1 night").assert_does_not_say("was 12");
        let year = get(database, PAGES[2]);
        year.assert_says("class=\"withdrawn\" aria-label=\"Wed 1 Jul 2026: no longer listed; before: 12 of 40 free, last listed 5 days ago, old\"");
        year.assert_says("<span>12†!</span>");
        let night = get(database, PAGES[3]);
        night.assert_says("The booking site no longer lists this night.").assert_says("<dt>Before</dt><dd>12 of 40 free</dd>");
        night.assert_says("<dt>Reservation</dt><dd>no longer listed</dd>").assert_says("5 days ago").assert_does_not_say("class=\"book\"");
        night.assert_says(", then no longer listed</td>");
        let history = get(database, "/history?occupancy=withdrawn");
        history.assert_says("<a href=\"/huts/a/2026-07-01\">").assert_says("<strong>12 of 40</strong>, no longer listed</li>");
        // The site lists it again.
        store(&mut db, 1, now(), in_days(1), &nights);
        get(database, PAGES[0]).assert_says("1 hut has room").assert_says("aria-label=\"A, Wed 1 Jul 2026: 12 of 40 free, few\"");
        get(database, PAGES[3]).assert_does_not_say("no longer listed").assert_says("class=\"book\"");
    }

    fn a_hut_that_answers_empty_twice_has_room_on_no_night(database) {
        let mut db = import(database, "a,A,hrs,1,CH,46.6,8.3,hut\n");
        store(&mut db, 1, now() - TimeDelta::minutes(50), in_days(1), &[state(12, 40)]);
        for (minutes, is_withdrawn) in [(20, false), (10, true)] {
            let at = (now() - TimeDelta::minutes(minutes)).into();
            record_failure(&mut db, 1, Attempt { at, run_started: at }, true, "empty").unwrap();
            for page in PAGES {
                assert_eq!(tables(&get(database, page)).contains("no longer listed"), is_withdrawn, "{page}");
            }
            let headline = if is_withdrawn { "No hut has room" } else { "1 hut has room" };
            get(database, PAGES[0]).assert_says(headline);
        }
    }

    fn every_page_says_how_old_a_figure_is_and_marks_an_old_one(database) {
        let mut db = import(database, "a,A,hrs,1,CH,46.6,8.3,hut\n");
        // 2 of 40 free: the hut is in the high tier, which is polled every 30 minutes.
        store(&mut db, 1, now() - TimeDelta::minutes(60), in_days(1), &[state(2, 40)]);
        for page in PAGES {
            get(database, page).assert_says("1 hour ago").assert_does_not_say("class=\"old\"");
        }
        let set_tier = |db: &mut Db, tier: Option<&str>| {
            let tier = tier.map(|tier| tier.parse::<hut_availability::domain::tier::Tier>().unwrap());
            diesel::update(hut_check::table).set(hut_check::tier.eq(tier)).execute(db).unwrap();
        };
        database.allow_violations("tiers that the nights do not give");
        let set_age = |db: &mut Db, age: TimeDelta| {
            use hut_availability::db::timestamp::Timestamp;
            let at: Timestamp = (now() - age).into();
            diesel::update(hut_check::table).set((hut_check::last_checked.eq(Some(at)), hut_check::last_success.eq(Some(at)))).execute(db).unwrap();
        };
        for (tier, minutes, is_old) in [
            (Some("high"), 61, true),
            (Some("medium"), 6 * 60, false),
            (Some("medium"), 6 * 60 + 1, true),
            (Some("low"), 48 * 60, false),
            (None, 48 * 60 + 1, true),
            (Some("inactive"), 14 * 24 * 60, false),
        ] {
            set_tier(&mut db, tier);
            set_age(&mut db, TimeDelta::minutes(minutes));
            for page in PAGES {
                let answer = get(database, page);
                assert_eq!(answer.html.contains("<strong class=\"old\">old</strong>"), is_old, "{page}, {tier:?}, {minutes} minutes");
            }
        }
        set_age(&mut db, -TimeDelta::days(900));
        for page in PAGES {
            let answer = get(database, page);
            answer.assert_says("in the future").assert_says("<strong class=\"old\">wrong clock</strong>").assert_does_not_say("900 days");
        }
    }

    fn the_headline_is_the_number_of_huts_that_the_filter_shows(database) {
        database.allow_violations("earlier versions stored numbers for closed nights");
        let states = [
            state(12, 40), state(1, 40), state(0, 40), odd_state(5, 9, NotPossible), odd_state(0, 0, NotPossible),
            odd_state(None, 40, Possible), odd_state(None, None, Possible), odd_state(7, 40, NotOnline),
            odd_state(7, 40, Unknown), odd_state(3, None, Possible), odd_state(None, None, Unknown), odd_state(0, 0, Unknown),
        ];
        let lines = |(id, _): (usize, _)| format!("hut-{id:02},Hut {id:02},hrs,{},CH,46.6,8.3,hut\n", id + 1);
        let lines: String = states.iter().enumerate().map(lines).collect();
        let mut db = import(database, &format!("{lines}gone,Gone,hrs,99,CH,46.6,8.3,hut\n"));
        for (id, state) in states.iter().enumerate() {
            store(&mut db, id as i32 + 1, now(), in_days(1), &[*state]);
        }
        let gone = states.len() as i32 + 1;
        store(&mut db, gone, now() - TimeDelta::hours(1), in_days(1), &[state(30, 40), state(30, 40)]);
        store_in(&mut db, gone, now(), in_days(0)..=in_days(9), in_days(2), &[state(30, 40)]);
        let shown = |query: &str| {
            let answer = get(database, &format!("/?from=2026-07-01&sort=name&{query}"));
            let rows = answer.all_between("<th role=\"rowheader\" scope=\"row\">", "</bdi>");
            rows.iter().map(|row| row.rsplit("<bdi>").next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(shown(""), ["Hut 00", "Hut 01", "Hut 05", "Hut 06", "Hut 09"], "with those to ask");
        assert_eq!(shown("places=4"), ["Hut 00", "Hut 05", "Hut 06"]);
        assert_eq!(shown("all=1").len(), 13);
        assert_eq!(shown("sort=free"), ["Hut 00", "Hut 09", "Hut 01", "Hut 05", "Hut 06"], "those to ask come after those with room");
        get(database, "/?from=2026-07-01")
            .assert_says("3 huts have room for 1 person on Wednesday 1 July")
            .assert_says("Of the others: 2 to ask, 1 full, 2 closed, 5 unknown.");
    }
}
