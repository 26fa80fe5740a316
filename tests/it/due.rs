//! The selection of due huts from the database.

use chrono::TimeDelta;
use chrono_tz::Tz;
use diesel::prelude::*;
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::schedule::{Selection, get_huts_needing_update};
use hut_availability::db::schema::hut;
use hut_availability::db::write::{record_failure, update_availability};
use hut_availability::domain::availability::Check;
use hut_availability::domain::day::Now;
use hut_availability::domain::schedule::{Intervals, Schedule};

use crate::on_both_databases;
use crate::support::checks::{at, check, july, state};

/// The `slug reason` of each hut that is due `minutes` after 10:00 on 30 June.
fn due(db: &mut Db, minutes: i64) -> Vec<String> {
    select(db, &Selection::Due, minutes).unwrap()
}

fn select(db: &mut Db, selection: &Selection, minutes: i64) -> anyhow::Result<Vec<String>> {
    let now = at("10:00") + TimeDelta::minutes(minutes);
    let now = Now::new(now, Tz::Europe__Zurich);
    let schedule = Schedule::Tiers(Intervals::default());
    let selected = get_huts_needing_update(db, selection, &now, 14, &schedule, None)?;
    Ok(selected.huts.iter().map(|due| format!("{} {}", due.hut.slug, due.reason)).collect())
}

/// Stores a check of a run that started at 10:00.
fn store(db: &mut Db, check: &Check) {
    update_availability(db, check, at("10:00")).unwrap();
}

on_both_databases! {
    fn a_hut_of_each_tier_is_due_after_its_interval(database) {
        let mut db = database.with_huts(5);
        assert_eq!(due(&mut db, 0), ["hut-1 new", "hut-2 new", "hut-3 new", "hut-4 new", "hut-5 new"]);

        // 25 % is low, a little more is medium; 75 % is medium, a little more is high. Dates more
        // than 14 days ahead do not count.
        store(&mut db, &check(1, "10:01", &[(1, 30), (14, 30), (15, 0)]));
        store(&mut db, &check(2, "10:02", &[(1, 30), (14, 10)]));
        store(&mut db, &check(3, "10:03", &[(1, 40), (14, 9)]));
        let mut unknown = check(4, "10:04", &[(15, 0)]);
        unknown.days.insert(july(1), state(0, 0));
        store(&mut db, &unknown);

        assert_eq!(due(&mut db, 27), ["hut-5 new"]);
        assert_eq!(due(&mut db, 28), ["hut-3 high", "hut-5 new"]);
        assert_eq!(due(&mut db, 178), ["hut-3 high", "hut-5 new", "hut-2 medium"]);
        // At midnight in the huts' time zone, 15 July enters the next 14 days.
        assert_eq!(due(&mut db, 13 * 60), ["hut-1 high", "hut-3 high", "hut-4 high", "hut-5 new", "hut-2 medium"]);
    }

    fn low_huts_wait_a_day_and_inactive_ones_a_week(database) {
        let mut db = database.with_huts(2);
        store(&mut db, &check(1, "10:01", &[(10, 40)]));
        let mut unknown = check(2, "10:01", &[]);
        unknown.days.insert(july(10), state(0, 0));
        store(&mut db, &unknown);
        assert_eq!(due(&mut db, 24 * 60 - 3), [""; 0]);
        assert_eq!(due(&mut db, 24 * 60 - 2), ["hut-1 low"]);
        // When its last listed date has passed, the first hut is inactive as well.
        assert_eq!(due(&mut db, 7 * 24 * 60 - 2), ["hut-1 low", "hut-2 inactive"]);
        assert_eq!(due(&mut db, 12 * 24 * 60), ["hut-1 inactive", "hut-2 inactive"]);
    }

    fn unlisted_dates_do_not_count_for_the_tier(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:01", &[(1, 0), (2, 40)]));
        store(&mut db, &check(1, "10:02", &[(2, 40)]));
        assert_eq!(due(&mut db, 60), [""; 0]);
    }

    fn failures_delay_the_next_check(database) {
        let mut db = database.with_huts(2);
        store(&mut db, &check(1, "10:01", &[(1, 0)]));
        let attempt = Attempt { at: at("10:31").into(), run_started: at("10:30").into() };
        for hut_id in [1, 2] {
            record_failure(&mut db, hut_id, attempt, false, "timeout: …").unwrap();
        }
        assert_eq!(due(&mut db, 57), [""; 0]);
        assert_eq!(due(&mut db, 58), ["hut-1 high", "hut-2 new"]);
    }

    fn only_active_huts_with_a_booking_reference_are_due(database) {
        let mut db = database.with_huts(3);
        diesel::update(hut::table.find(1)).set(hut::is_active.eq(false)).execute(&mut db).unwrap();
        diesel::update(hut::table.find(2)).set(hut::booking_ref.eq(None::<String>)).execute(&mut db).unwrap();
        assert_eq!(due(&mut db, 0), ["hut-3 new"]);
        let all = select(&mut db, &Selection::All, 0).unwrap();
        assert_eq!(all, ["hut-1 requested", "hut-3 requested"]);
    }

    fn all_huts_are_selected_in_the_order_of_their_slugs(database) {
        let mut db = database.with_huts(3);
        diesel::update(hut::table.find(1)).set(hut::slug.eq("hut-30")).execute(&mut db).unwrap();
        diesel::update(hut::table.find(2)).set(hut::slug.eq("zum-hut")).execute(&mut db).unwrap();
        let all = select(&mut db, &Selection::All, 0).unwrap();
        assert_eq!(all, ["hut-3 requested", "hut-30 requested", "zum-hut requested"]);
    }

    fn one_hut_is_selected_by_slug_or_id(database) {
        let mut db = database.with_huts(3);
        diesel::update(hut::table.find(3)).set(hut::booking_ref.eq(None::<String>)).execute(&mut db).unwrap();
        store(&mut db, &check(2, "10:01", &[(1, 40)]));
        let one = |db: &mut Db, selection| select(db, &selection, 1).map_err(|error| error.to_string());
        assert_eq!(one(&mut db, Selection::Slug("hut-2".into())).unwrap(), ["hut-2 requested"]);
        assert_eq!(one(&mut db, Selection::Id(1)).unwrap(), ["hut-1 requested"]);
        let unknown = one(&mut db, Selection::Slug("hat-2".into())).unwrap_err();
        assert!(unknown.contains("\"hat-2\"") && unknown.contains("huts list"), "{unknown}");
        assert!(one(&mut db, Selection::Id(3)).unwrap_err().contains("\"hut-3\" has no booking reference"));
    }
}
