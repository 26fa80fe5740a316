//! The page *Current availability*.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::TimeDelta;
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::pages::nights::{
    Direction, HutNight, NightFilter, NightKey, Sort, SortBy, count, page,
};
use hut_availability::db::write::record_failure;
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::ReservationStatus;
use hut_availability::query::night::{Night, NightStatus};
use hut_availability::query::paging::{Cursor, Page};
use strum::VariantArray;

use super::{Answer, get, import, in_days, mixed, now, store, store_in};
use crate::on_both_databases;
use crate::support::database::TestDatabase;

/// Stores five huts whose slugs are in another order than their IDs. Each has dates before and after today.
fn with_nights(database: &TestDatabase) -> Db {
    database.allow_violations("the pages need nights that are still listed days after they passed");
    let lines = "d,D,hrs,1,CH,46.1,7.1,hut\nb,Bä,hrs,2,AT,47.1,11.1,hut\na-b,A,hrs,3,CH,,,hut\n\
        e,E,hrs,4,,46.1,8.1,hut\na,Hütte,hrs,5,IT,46.1,9.1,hut\n";
    let mut db = import(database, lines);
    for hut_id in 1..=5_i32 {
        let at = now() - TimeDelta::hours(i64::from(hut_id % 3));
        let from = in_days(-10);
        // Dates that are no longer listed keep the last check that listed them.
        store(&mut db, hut_id, at - TimeDelta::days(2), from, &mixed(hut_id as usize, 25));
        // Two of them were asked for, so they are withdrawn.
        let asked = in_days(-6)..=in_days(14);
        store_in(&mut db, hut_id, at, asked, in_days(-4), &mixed(hut_id as usize + 9, 19));
    }
    // One hut has answered empty since, twice.
    let empty = |minutes| {
        let at = (now() - TimeDelta::minutes(minutes)).into();
        Attempt { at, run_started: at }
    };
    for minutes in [2, 1] {
        record_failure(&mut db, 4, empty(minutes), true, "empty").unwrap();
    }
    db
}

/// Every night, read at once.
fn all(db: &mut Db) -> Vec<HutNight> {
    let nights =
        page(db, &NightFilter::default(), Sort::default(), &Cursor::Start, 10_000).unwrap();
    assert_eq!(nights.len(), 5 * 25);
    nights
}

/// The free places and the percentage of a night; -1 if they say nothing of it.
fn known(night: &HutNight) -> (i16, f64) {
    let state = night.day.night.state;
    match night.day.night.status() {
        NightStatus::Withdrawn | NightStatus::Closed => (-1, -1.0),
        _ => (state.free.unwrap_or(-1), state.occupancy_percent().unwrap_or(-1.0)),
    }
}

/// The nights in the order of the model.
fn sorted(mut nights: Vec<HutNight>, sort: Sort) -> Vec<HutNight> {
    nights.sort_by(|a, b| {
        let ties = || (a.day.date, &a.hut.slug).cmp(&(b.day.date, &b.hut.slug));
        let first = match sort.by {
            SortBy::Date => a.day.date.cmp(&b.day.date),
            SortBy::Hut => a.hut.slug.cmp(&b.hut.slug),
            SortBy::Free => known(a).0.cmp(&known(b).0),
            SortBy::Occupancy => known(a).1.total_cmp(&known(b).1),
            SortBy::Checked => a.day.night.last_checked.cmp(&b.day.night.last_checked),
        };
        let first = if sort.direction == Direction::Desc { first.reverse() } else { first };
        first.then_with(ties)
    });
    nights
}

/// Reads every night, page by page, and then each page again backwards.
fn read_all_pages(db: &mut Db, filter: &NightFilter, sort: Sort) -> Vec<HutNight> {
    const ROWS: usize = 7;
    let mut read = |cursor: Cursor<NightKey>| {
        let rows = page(db, filter, sort, &cursor, ROWS).unwrap();
        Page::new(rows, &cursor, ROWS)
    };
    let mut pages = vec![read(Cursor::Start)];
    while let Some(last) = pages.last().filter(|page| page.has_next) {
        let key = last.rows.last().unwrap().key(sort.by);
        pages.push(read(Cursor::After(key)));
    }
    for pair in pages.windows(2) {
        let back = read(Cursor::Before(pair[1].rows[0].key(sort.by)));
        assert_eq!((&back.rows, back.has_previous), (&pair[0].rows, pair[0].has_previous));
    }
    pages.into_iter().flat_map(|page| page.rows).collect()
}

type Matches = Box<dyn Fn(&HutNight) -> bool>;

/// The filters, each with the condition that its nights must meet.
fn filters() -> Vec<(NightFilter, Matches)> {
    fn of_night(holds: impl Fn(&Night) -> bool + 'static) -> Matches {
        Box::new(move |night| holds(&night.day.night))
    }
    let none = NightFilter::default;
    let dates = in_days(0)..=in_days(6);
    let mut filters: Vec<(NightFilter, Matches)> = vec![
        (none(), Box::new(|_| true)),
        (
            NightFilter { dates: Some(dates.clone()), ..none() },
            Box::new(move |night| dates.contains(&night.day.date)),
        ),
        (NightFilter { organization: Some("hrs".into()), ..none() }, Box::new(|_| true)),
        (NightFilter { organization: Some("dav".into()), ..none() }, Box::new(|_| false)),
        (
            NightFilter { huts: Some(vec![2, 5]), ..none() },
            Box::new(|night| [2, 5].contains(&night.hut.id)),
        ),
        (NightFilter { huts: Some(vec![]), ..none() }, Box::new(|_| false)),
    ];
    for &status in NightStatus::VARIANTS {
        let filter = NightFilter { status: Some(status), ..none() };
        filters.push((filter, of_night(move |night| night.status() == status)));
    }
    for &status in ReservationStatus::VARIANTS {
        let filter = NightFilter { reservation: Some(status), ..none() };
        filters.push((
            filter,
            of_night(move |night| night.state.reservation_status == status && !night.is_withdrawn),
        ));
    }
    for hut_type in [HutType::Hut, HutType::Selfhut, HutType::Resta] {
        let filter = NightFilter { hut_type: Some(hut_type), ..none() };
        filters.push((filter, of_night(move |night| night.state.hut_type == hut_type)));
    }
    filters
}

on_both_databases! {
    fn pages_equal_the_model_for_every_filter_and_order(database) {
        let mut db = with_nights(database);
        let nights = all(&mut db);
        for (filter, matches) in filters() {
            let expected: Vec<HutNight> =
                nights.iter().filter(|night| matches(night)).cloned().collect();
            let is_of_status = filter.status.is_some();
            assert!(!is_of_status || !expected.is_empty(), "no night matches {filter:?}");
            assert_eq!(count(&mut db, &filter).unwrap(), expected.len() as i64, "{filter:?}");
            for &by in SortBy::VARIANTS {
                for &direction in Direction::VARIANTS {
                    let sort = Sort { by, direction };
                    let found = read_all_pages(&mut db, &filter, sort);
                    assert_eq!(found, sorted(expected.clone(), sort), "{filter:?} {sort:?}");
                }
            }
        }
    }

    fn the_links_lead_through_all_pages_of_the_list(database) {
        let mut db = with_nights(database);
        for (query, nights) in [
            ("days=all", 125),
            ("days=all&sort=free&dir=desc", 125),
            ("days=all&sort=hut", 125),
            ("days=30&sort=free&dir=desc", 75),
            ("days=30&sort=occupancy", 75),
            ("days=30&sort=checked&dir=desc", 75),
        ] {
            let mut seen = BTreeMap::<String, usize>::new();
            let mut answer = get(database, &format!("/availability?{query}"));
            loop {
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.html);
                answer.assert_says(&format!("{nights} nights, 50 per page"));
                for night in answer.all_between("<td role=\"cell\" data-label=\"Night\"><a href=\"", "\"") {
                    *seen.entry(night).or_default() += 1;
                }
                let Some(next) = answer.link("next") else { break };
                answer = get(database, &format!("/availability{next}"));
            }
            assert_eq!((seen.len(), seen.values().max()), (nights, Some(&1)), "{query}");
        }
        assert_eq!(all(&mut db).len(), 125);
    }

    fn all_nights_can_be_sorted_only_by_night_or_hut(database) {
        with_nights(database);
        let rows = |answer: &Answer| answer.all_between("<td role=\"cell\" data-label=\"Night\"><a href=\"", "\"");
        let by_night = get(database, "/availability?days=all");
        by_night.assert_does_not_say("too many nights");
        for by in ["free", "occupancy", "checked"] {
            let answer = get(database, &format!("/availability?days=all&sort={by}&dir=desc"));
            answer.assert_says("too many nights to sort by").assert_does_not_say(&format!("href=\"?days=all&#38;dir=asc&#38;sort={by}"));
            assert_eq!(rows(&answer), rows(&by_night), "{by}");
            get(database, &format!("/availability?sort={by}")).assert_does_not_say("too many nights").assert_says(&format!("sort={by}\">"));
        }
        let heads = by_night.all_between("<th role=\"columnheader\"", "</th>");
        let linked: Vec<bool> = heads.iter().map(|head| head.contains("<a href")).collect();
        assert_eq!(linked, [true, true, false, false, false, false, false, false]);
    }

    fn the_page_shows_one_week_by_default(database) {
        with_nights(database);
        let dates = |path: &str| {
            let answer = get(database, path);
            let mut dates = answer.all_between("<time datetime=\"2026-0", "\"");
            dates.retain(|date| !date.contains('T'));
            dates.sort();
            (dates.first().cloned(), dates.last().cloned())
        };
        let range = |first: &str, last: &str| (Some(first.to_owned()), Some(last.to_owned()));
        assert_eq!(dates("/availability"), range("6-30", "7-06"));
        assert_eq!(dates("/availability?days=1"), range("6-30", "6-30"));
        assert_eq!(dates("/availability?days=all&sort=date&dir=desc").1, Some("7-14".into()));
    }

    fn a_hut_is_found_by_its_name_or_slug(database) {
        with_nights(database);
        let huts = |query: &str| {
            let answer = get(database, &format!("/availability?days=1&{query}"));
            answer.assert_says("<caption").all_between("<bdi>", "</bdi>")
        };
        assert_eq!(huts("q=h%C3%BCtte"), ["Hütte"]);
        assert_eq!(huts("q=HUETTE"), ["Hütte"]);
        assert_eq!(huts("q=a-b"), ["A"]);
        assert_eq!(huts("q=%2525"), Vec::<String>::new());
        assert_eq!(huts("country=CH"), ["A", "D"]);
        assert_eq!(huts("country=CH&q=d"), ["D"]);
    }

    fn a_bad_parameter_is_reported_and_the_form_keeps_its_values(database) {
        with_nights(database);
        for (query, words) in [
            ("occupancy=fll", "occupancy: expected one of empty, low, medium, high, full, free_unknown, closed, withdrawn, unknown, got &#34;fll&#34;"),
            ("days=8", "days: expected one of 1, 7, 30, all, got &#34;8&#34;"),
            ("sort=name", "sort: expected one of date, hut, free, occupancy, checked, got &#34;name&#34;"),
            ("after=1", "after: &#34;1&#34; is not a valid page cursor: go back to the first page"),
        ] {
            let answer = get(database, &format!("/availability?q=tri%22ft&country=CH&{query}"));
            assert_eq!((answer.status, answer.cache_control.as_str()), (StatusCode::BAD_REQUEST, "no-store"));
            answer.assert_says(words).assert_says("value=\"tri&#34;ft\"").assert_says("<option value=\"CH\" selected>");
            let name = query.split('=').next().unwrap();
            let invalid = format!("name=\"{name}\" aria-invalid=\"true\" aria-describedby=\"problem\"");
            assert_eq!(answer.html.contains(&invalid), name != "after", "{name}");
        }
    }
}
