//! The readers' queries, compared with the model of the history.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::reading::for_hut_detail::for_hut_detail;
use hut_availability::db::reading::for_map::for_map;
use hut_availability::db::reading::for_trend::for_trend;
use hut_availability::db::schema::{hut, hut_source};
use hut_availability::db::write::update_availability;
use hut_availability::domain::availability::Check;
use hut_availability::domain::state::State;
use hut_availability::query::views::{HutOnMap, dates};

use crate::on_both_databases;
use crate::support::checks::{at, check, july, state};
use crate::support::model::{Entry, Model};

const HUTS: i32 = 4;

/// Some weeks of generated checks: huts that fill up at different speeds, miss dates, and stop being
/// checked.
fn some_checks() -> Vec<Check> {
    let mut checks = Vec::new();
    for (round, hut_id) in (0..12_u32).flat_map(|round| (1..=HUTS).map(move |hut| (round, hut))) {
        let speed = hut_id.unsigned_abs();
        if hut_id == 3 && round > 6 {
            continue;
        }
        let days: Vec<(u32, i16)> = (round / 2 + 1..=round / 2 + 10)
            .filter(|day| (day + round + speed) % 7 != 0)
            .map(|day| (day, 40_i16 - i16::try_from(round * speed / 2 + day % 3).unwrap()))
            .collect();
        let mut check = check(hut_id, "06:00", &days);
        check.at += TimeDelta::hours((round * 11).into()) + TimeDelta::minutes(hut_id.into());
        checks.push(check);
    }
    checks
}

fn with_checks(db: &mut Db) -> Model {
    let mut model = Model::default();
    for check in some_checks() {
        update_availability(db, &check, check.at).unwrap();
        model.apply(&check);
    }
    model
}

/// The model's entries of a hut for a range of dates.
fn states_of(
    model: &Model,
    hut_id: i32,
    from: NaiveDate,
    days: u16,
) -> BTreeMap<NaiveDate, Vec<Entry>> {
    let range = (hut_id, from)..(hut_id, from + Days::new(days.into()));
    model.entries.range(range).map(|((_, date), entries)| (*date, entries.clone())).collect()
}

fn slug(hut_id: i32) -> String {
    format!("hut-{hut_id}")
}

on_both_databases! {
    fn a_map_has_the_latest_state_of_each_hut_and_date(database) {
        let mut db = database.with_huts(HUTS as usize + 1);
        let model = with_checks(&mut db);
        let mut seen = 0;
        for (first, days) in [(1, 1), (1, 4), (5, 30), (14, 1), (16, 2), (20, 9)] {
            let found = for_map(&mut db, &dates(july(first), days), None).unwrap();
            let expected: Vec<(String, Vec<(NaiveDate, State)>)> = (1..=HUTS)
                .map(|id| (id, states_of(&model, id, july(first), days)))
                .filter(|(_, dates)| !dates.is_empty())
                .map(|(id, dates)| (slug(id), dates.into_iter().map(|(date, entries)| (date, entries.last().unwrap().0)).collect()))
                .collect();
            let states = |hut: &HutOnMap| hut.days.iter().map(|(date, night)| (*date, night.state)).collect();
            let found: Vec<(String, Vec<(NaiveDate, State)>)> = found.iter().map(|hut| (hut.hut.slug.clone(), states(hut))).collect();
            seen += found.len();
            assert_eq!(found, expected, "{days} days from July {first}");
        }
        assert!(seen > 12, "most ranges have huts: {seen}");
    }

    fn a_map_has_only_followed_huts_and_can_be_limited_to_some(database) {
        let mut db = database.with_huts(HUTS as usize);
        with_checks(&mut db);
        let map = |db: &mut Db, slugs: Option<&[String]>| -> Vec<String> {
            let huts = for_map(db, &dates(july(5), 4), slugs).unwrap();
            huts.into_iter().map(|hut| hut.hut.slug).collect()
        };
        assert_eq!(map(&mut db, Some(&[slug(4), "none".into(), slug(2)])), ["hut-2", "hut-4"]);
        assert_eq!(map(&mut db, Some(&[])), <[&str; 0]>::default());
        diesel::update(hut::table.find(2)).set(hut::is_active.eq(false)).execute(&mut db).unwrap();
        assert_eq!(map(&mut db, None), ["hut-1", "hut-3", "hut-4"]);
        let not_followed = hut::booking_ref.eq(None::<String>);
        diesel::update(hut::table.find(4)).set(not_followed).execute(&mut db).unwrap();
        assert_eq!(map(&mut db, None), ["hut-1", "hut-3"]);
        let detail = for_hut_detail(&mut db, "hut-2", &dates(july(5), 4)).unwrap().unwrap();
        assert!(!detail.hut.is_active && !detail.days.is_empty(), "the hut still has its own page");
    }

    fn a_hut_has_its_dates_with_their_checks(database) {
        let mut db = database.with_huts(HUTS as usize + 1);
        let model = with_checks(&mut db);
        for (hut_id, first, days) in [(1, 1, 31), (2, 4, 14), (3, 1, 31), (4, 13, 3), (5, 1, 31)] {
            let detail = for_hut_detail(&mut db, &slug(hut_id), &dates(july(first), days)).unwrap().unwrap();
            let found: Vec<_> = detail.days.iter()
                .map(|day| (day.date, day.night.state, day.first_checked, day.night.last_checked))
                .collect();
            let expected: Vec<_> = states_of(&model, hut_id, july(first), days).into_iter()
                .map(|(date, entries)| {
                    let (state, _, until) = *entries.last().unwrap();
                    (date, state, entries[0].1, until)
                })
                .collect();
            assert_eq!(found, expected, "hut {hut_id}");
            assert_eq!(found.is_empty(), hut_id == 5, "the hut without a check has no dates");
        }
        assert_eq!(for_hut_detail(&mut db, "nowhere", &dates(july(1), 9)).unwrap(), None);
    }

    fn a_date_keeps_the_source_of_its_last_check(database) {
        let mut db = database.with_huts(1);
        let mut first = check(1, "10:00", &[(1, 5), (2, 6)]);
        first.new_link = Some("https://example.org/1".into());
        update_availability(&mut db, &first, first.at).unwrap();
        let at_second_site = (
            hut_source::hut_id.eq(1),
            hut_source::organization.eq("huetten-holiday"),
            hut_source::source_hut_id.eq("27"),
            hut_source::link.eq("https://example.com/27"),
        );
        diesel::insert_into(hut_source::table).values(at_second_site).execute(&mut db).unwrap();
        let second = Check {
            organization: "huetten-holiday".into(),
            source_hut_id: "27".into(),
            ..check(1, "11:00", &[(2, 6), (3, 7)])
        };
        update_availability(&mut db, &second, second.at).unwrap();
        let detail = for_hut_detail(&mut db, "hut-1", &dates(july(1), 3)).unwrap().unwrap();
        let sources: Vec<_> = detail.days.iter()
            .map(|day| (day.source.source_hut_id.as_str(), day.source.link.as_deref().unwrap()))
            .collect();
        let (old, new) = (("1", "https://example.org/1"), ("27", "https://example.com/27"));
        assert_eq!(sources, [old, new, new]);
        let map = for_map(&mut db, &dates(july(2), 2), None).unwrap();
        assert_eq!(map[0].source.organization, "huetten-holiday");
        assert_eq!(map[0].last_success, Some(at("11:00")));
    }

    fn a_trend_has_the_states_of_its_period_newest_first(database) {
        let mut db = database.with_huts(HUTS as usize + 1);
        let model = with_checks(&mut db);
        let mut lengths = Vec::new();
        for (hut_id, day) in (1..=HUTS + 1).flat_map(|hut| [1, 6, 12, 15].map(|day| (hut, day))) {
            for hours in [0, 30, 60, 200] {
                let since: DateTime<Utc> = at("06:00") + TimeDelta::hours(hours);
                let trend = for_trend(&mut db, &slug(hut_id), july(day), since).unwrap().unwrap();
                let found: Vec<Entry> = trend.entries.iter()
                    .map(|entry| (entry.state, entry.first_checked, entry.last_checked))
                    .collect();
                let mut expected = model.entries.get(&(hut_id, july(day))).cloned().unwrap_or_default();
                expected.retain(|(_, _, until)| *until >= since);
                expected.reverse();
                lengths.push(found.len());
                assert_eq!(found, expected, "hut {hut_id}, July {day}, since {since}");
            }
        }
        assert!(lengths.contains(&0) && lengths.iter().any(|length| *length > 3), "{lengths:?}");
        assert_eq!(for_trend(&mut db, "nowhere", july(1), at("06:00")).unwrap(), None);
    }

    fn a_trend_includes_a_state_that_began_before_its_period(database) {
        let mut db = database.with_huts(1);
        for (time, free) in [("10:00", 9), ("11:00", 9), ("12:00", 8)] {
            let check = check(1, time, &[(1, free)]);
            update_availability(&mut db, &check, check.at).unwrap();
        }
        let trend = for_trend(&mut db, "hut-1", july(1), at("11:30")).unwrap().unwrap();
        let states: Vec<_> = trend.entries.iter().map(|entry| (entry.state, entry.first_checked)).collect();
        assert_eq!(states, [(state(8, 40), at("12:00")), (state(9, 40), at("10:00"))]);
    }
}
