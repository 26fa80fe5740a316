//! The page *History*.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::pages::changes::{Change, ChangeFilter, ChangeKey, count, page};
use hut_availability::db::schema::update_run;
use hut_availability::db::timestamp::Timestamp;
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::ReservationStatus;
use hut_availability::query::night::NightStatus;
use hut_availability::query::paging::{Cursor, Page};
use strum::VariantArray;

use super::{get, import, in_days, mixed, now, state, store, store_in};
use crate::on_both_databases;
use crate::support::database::{HistoryRow, TestDatabase, current, history};

/// Stores three huts with some checks each. Two huts are checked at the same instant.
fn with_changes(database: &TestDatabase) -> Db {
    database.allow_violations("the pages need nights that are still listed days after they passed");
    let mut db = import(database, "c,C,hrs,1,,,,hut\nb,Bär,hrs,2,,,,hut\na,A,hrs,3,,,,hut\n");
    for hour in [30, 20, 10, 0] {
        for hut_id in 1..=3_i32 {
            let at = now() - TimeDelta::hours(hour + i64::from(hut_id / 2));
            let states = mixed((hut_id as usize) * 7 + hour as usize, 12);
            // The last checks do not list the last dates, which they asked for.
            let listed = if hour == 0 { 9 } else { 12 };
            let asked = in_days(-2)..=in_days(9);
            store_in(&mut db, hut_id, at, asked, in_days(-2), &states[..listed]);
        }
    }
    db
}

/// Reads every change, page by page, and then each page again backwards.
fn read_all_pages(db: &mut Db, filter: &ChangeFilter) -> Vec<Change> {
    const ROWS: usize = 5;
    let mut read = |cursor: Cursor<ChangeKey>| {
        Page::new(page(db, filter, &cursor, ROWS).unwrap(), &cursor, ROWS)
    };
    let mut pages = vec![read(Cursor::Start)];
    while let Some(last) = pages.last().filter(|page| page.has_next) {
        let key = last.rows.last().unwrap().key();
        pages.push(read(Cursor::After(key)));
    }
    for pair in pages.windows(2) {
        let back = read(Cursor::Before(pair[1].rows[0].key()));
        assert_eq!((&back.rows, back.has_previous), (&pair[0].rows, pair[0].has_previous));
    }
    pages.into_iter().flat_map(|page| page.rows).collect()
}

/// HTML without its elements.
fn text_of(html: &str) -> String {
    let mut is_text = true;
    let keep = |c: &char| {
        match c {
            '<' => is_text = false,
            '>' if !is_text => {
                is_text = true;
                return false;
            }
            _ => {}
        }
        is_text
    };
    html.chars().filter(keep).collect()
}

on_both_databases! {
    fn pages_equal_the_model_for_every_filter(database) {
        let mut db = with_changes(database);
        let mut all = history(&mut db);
        assert!(all.len() > 60, "{}", all.len());
        all.sort_by_key(|row| (std::cmp::Reverse(row.first_checked()), row.hut_id, row.date));
        let mut filters = vec![
            ChangeFilter::default(),
            ChangeFilter { date: Some(in_days(1)), ..ChangeFilter::default() },
            ChangeFilter { date: Some(in_days(1)), huts: Some(vec![1, 3]), ..ChangeFilter::default() },
            ChangeFilter { hut_type: Some(HutType::Selfhut), ..ChangeFilter::default() },
            ChangeFilter { huts: Some(vec![]), ..ChangeFilter::default() },
        ];
        filters.push(ChangeFilter { freed_since: Some(now() - TimeDelta::hours(25)), ..ChangeFilter::default() });
        for &status in NightStatus::VARIANTS {
            filters.push(ChangeFilter { status: Some(status), ..ChangeFilter::default() });
        }
        let withdrawn: BTreeSet<_> = current(&mut db).into_iter().filter(|row| row.withdrawn).map(|row| (row.hut_id, row.date)).collect();
        let mut last = BTreeMap::new();
        for row in &all {
            let first_checked = last.entry((row.hut_id, row.date)).or_insert(row.first_checked());
            *first_checked = row.first_checked().max(*first_checked);
        }
        let has_status = |row: &HistoryRow, status| match status {
            NightStatus::Withdrawn => {
                let key = (row.hut_id, row.date);
                withdrawn.contains(&key) && last[&key] == row.first_checked()
            }
            status => NightStatus::from(row.state()) == status,
        };
        let was_freed = |row: &HistoryRow, since: DateTime<Utc>| {
            let is_before = |other: &&HistoryRow| {
                (other.hut_id, other.date) == (row.hut_id, row.date) && other.first_checked() < row.first_checked()
            };
            let before = all.iter().filter(is_before).max_by_key(|other| other.first_checked());
            let bookable = |row: &HistoryRow| {
                if row.state().reservation_status == ReservationStatus::Possible { row.free } else { Some(0) }
            };
            row.first_checked() >= since
                && row.state().reservation_status == ReservationStatus::Possible
                && before.is_some_and(|before| bookable(before).zip(row.free).is_some_and(|(was, is)| is > was))
        };
        for filter in filters {
            let expected = all.iter().filter(|row| {
                filter.date.is_none_or(|date| row.date == date)
                    && filter.status.is_none_or(|status| has_status(row, status))
                    && filter.hut_type.is_none_or(|hut_type| row.hut_type == hut_type.to_string())
                    && filter.huts.as_ref().is_none_or(|huts| huts.contains(&row.hut_id))
                    && filter.freed_since.is_none_or(|since| was_freed(row, since))
            });
            let expected: Vec<_> = expected
                .map(|row| (row.hut_id, row.date, row.first_checked(), row.last_checked(), row.free))
                .collect();
            assert!(filter.status.is_none() || !expected.is_empty(), "no change matches {filter:?}");
            let found = read_all_pages(&mut db, &filter);
            let found: Vec<_> = found
                .iter()
                .map(|change| {
                    let entry = &change.entry;
                    (change.hut.id, change.date, entry.first_checked, entry.last_checked, entry.state.free)
                })
                .collect();
            assert_eq!(found, expected, "{filter:?}");
            assert_eq!(count(&mut db, &filter).unwrap(), expected.len() as i64, "{filter:?}");
        }
    }

    fn the_links_lead_through_all_pages_of_the_list(database) {
        let mut db = with_changes(database);
        let mut seen = BTreeMap::<String, usize>::new();
        let mut answer = get(database, "/history");
        loop {
            assert_eq!(answer.status, StatusCode::OK);
            // A change is a line with the night's link, below the heading of its hut and check.
            for check in answer.html.split("<h3>").skip(1) {
                let heading = check.split("</h3>").next().unwrap();
                for line in check.split("<li class=").skip(1) {
                    let line = line.split("</li>").next().unwrap();
                    *seen.entry(format!("{heading} {line}")).or_default() += 1;
                }
            }
            let Some(next) = answer.link("next") else { break };
            answer = get(database, &format!("/history{next}"));
        }
        assert_eq!((seen.len(), seen.values().max()), (history(&mut db).len(), Some(&1)));
    }

    fn a_change_says_what_was_before_and_what_is_after(database) {
        let mut db = import(database, "a,A,hrs,1,,,,hut\n");
        let at = |hours| now() - TimeDelta::hours(hours);
        store(&mut db, 1, at(100), in_days(0), &[state(9, 40), state(0, 40)]);
        store(&mut db, 1, at(24), in_days(0), &[state(8, 40), state(0, 40)]);
        store(&mut db, 1, at(2), in_days(0), &[state(8, 40), state(4, 40)]);
        let answer = get(database, "/history");
        answer.assert_says("4 changes");
        let lines: Vec<String> = answer.all_between("<li class=\"", "</li>").iter().map(|line| text_of(line)).collect();
        assert_eq!(lines, [
            "freed\">Wed 1 Jul 2026: 0 of 40 →then 4 of 40",
            "lost\">Tue 30 Jun 2026: 9 of 40 →then 8 of 40",
            "other\">Tue 30 Jun 2026: new →then 9 of 40",
            "other\">Wed 1 Jul 2026: new →then 0 of 40",
        ]);
        let freed = get(database, "/history?freed=1");
        freed.assert_says("1 change,").assert_says("<strong>4 of 40</strong>").assert_does_not_say("<strong>8 of 40</strong>");
        get(database, "/history?date=2026-07-02").assert_says("0 changes").assert_does_not_say("Pages of the list");

        let feed = get(database, "/history.atom?freed=1");
        assert_eq!(feed.status, StatusCode::OK);
        feed.assert_says("<title>A: places came free on 1 night</title>")
            .assert_says("Wed 1 Jul 2026: 0 of 40 → 4 of 40")
            .assert_says("urn:hut-availability:change:a:2026-06-30T08:00:00.000000Z");
        assert_eq!(get(database, "/history.atom?date=x").status, StatusCode::BAD_REQUEST);
    }

    fn changes_are_grouped_by_the_run_that_found_them(database) {
        let mut db = import(database, "a,A,hrs,1,,,,hut\nb,B,hrs,2,,,,hut\n");
        let at = |minutes| now() - TimeDelta::minutes(minutes);
        for (minutes, hut_id, free) in [(90, 1, 9), (60, 1, 8), (59, 2, 7), (30, 2, 6)] {
            store(&mut db, hut_id, at(minutes), in_days(0), &[state(free, 40)]);
        }
        for (start, end) in [(61, 58), (31, 29)] {
            let run = (
                update_run::started_at.eq(Timestamp::from(at(start))),
                update_run::finished_at.eq(Some(Timestamp::from(at(end)))),
                update_run::exit_status.eq(Some(0)),
                update_run::mode.eq("due"),
                update_run::host.eq("pod"),
            );
            diesel::insert_into(update_run::table).values(run).execute(&mut db).unwrap();
        }
        let answer = get(database, "/history");
        let runs: Vec<(String, usize)> = answer.html.split("<section class=\"run\">").skip(1)
            .map(|run| (text_of(run.split("</h2>").next().unwrap()).trim().to_owned(), run.matches("<h3>").count()))
            .collect();
        assert_eq!(runs, [
            ("Run of Tue 30 Jun 2026, 11:29 CEST".to_owned(), 1),
            ("Run of Tue 30 Jun 2026, 10:59 CEST".to_owned(), 2),
            ("Without a run in the log".to_owned(), 1),
        ]);
    }

    fn a_bad_parameter_is_reported_and_the_form_keeps_its_values(database) {
        with_changes(database);
        for (query, words) in [
            ("date=someday", "date: expected a date such as 2026-07-18, got &#34;someday&#34;"),
            ("hut_type=castle", "hut_type: expected one of unknown, closed, campgr, shelter, camping, bivouac, selfhut, hut, alp, bhotel, hostel, hotel, special, resta, got &#34;castle&#34;"),
            ("before=x", "before: &#34;x&#34; is not a valid page cursor"),
        ] {
            let answer = get(database, &format!("/history?q=triftx&{query}"));
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            answer.assert_says(words).assert_says("value=\"triftx\"");
        }
    }
}
