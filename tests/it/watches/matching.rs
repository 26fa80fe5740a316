//! A model of open arrivals over random checks, and of watches that are made, paused, resumed and removed in between.

mod model;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::watch::stored;
use hut_availability::db::write::{record_failure, update_availability};
use hut_availability::domain::availability::Check;
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::domain::stay::{Group, Stage, parse_weekdays};
use hut_availability::domain::watch::{Goal, Watch};
use hut_availability::watch::matching::{Moment, Trigger, match_watch};

use self::model::{Modelled, Nights};
use crate::on_both_databases;
use crate::support::checks::{at, check, july};
use crate::support::database::lines;
use crate::support::random::{RandomSource, count, report_measurement};

const HUTS: i32 = 4;
const FIRST: u32 = 5;
const LAST: u32 = 20;

/// Matches all watches, as a run does at its start.
fn match_all(db: &mut Db, moment: Moment) {
    for watch in stored::all(db).unwrap() {
        match_watch(db, watch.id, moment, Trigger::Always).unwrap();
    }
}

fn random_watch(random: &mut RandomSource, name: String) -> Watch<i32> {
    let mut below = |limit: u32| (random.next() * f64::from(limit)) as u32;
    let nights = 1 + below(3) as u16;
    let huts: Vec<i32> = (1..=HUTS).filter(|_| below(2) == 0).collect();
    let huts = if huts.is_empty() { vec![1] } else { huts };
    let goal = if below(3) == 0 {
        Goal::Tour(vec![
            Stage { huts, nights: 1 },
            Stage { huts: vec![1 + below(4) as i32], nights },
        ])
    } else {
        Goal::Stay(Stage { huts, nights })
    };
    let first = FIRST + below(5);
    let weekdays = if below(3) == 0 { "fri,sat" } else { "" };
    let group = Group::new(
        (july(first), july(first + below(10))),
        parse_weekdays(weekdays).unwrap(),
        1 + below(4) as u16,
    );
    Watch {
        name,
        goal,
        group: group.unwrap(),
        channels: vec!["me".into(), "you".into()],
        quiet_start: below(3) == 0,
        closings: below(2) == 0,
        cooldown: TimeDelta::minutes(i64::from(below(3)) * 45),
    }
}

/// Checks a hut at random: nights change, are closed, are withdrawn; sometimes the answer is empty.
fn random_check(db: &mut Db, nights: &mut Nights, random: &mut RandomSource, now: DateTime<Utc>) {
    let hut = 1 + (random.next() * f64::from(HUTS)) as i32;
    if random.next() < 0.15 {
        let attempt = Attempt { at: now.into(), run_started: now.into() };
        assert!(record_failure(db, hut, attempt, true, "empty: no date").unwrap());
        *nights.empty_answers.entry(hut).or_default() += 1;
        return;
    }
    let mut days = BTreeMap::new();
    for day in FIRST..=LAST + 5 {
        let before = nights.free.get(&(hut, july(day))).copied().flatten();
        nights.free.remove(&(hut, july(day)));
        if random.next() < 0.05 {
            continue;
        }
        let stays = random.next() < 0.8;
        let (free, status) = match (stays, (random.next() * 6.0) as u32) {
            (true, _) if before.is_some() => (before, ReservationStatus::Possible),
            (_, 0) => (Some(9), ReservationStatus::NotPossible),
            (_, 1) => (None, ReservationStatus::Possible),
            (_, 2) => (Some(9), ReservationStatus::NotOnline),
            (_, free) => (Some(free as i16), ReservationStatus::Possible),
        };
        let state =
            State { free, total: Some(20), hut_type: HutType::Hut, reservation_status: status };
        if status == ReservationStatus::Possible {
            nights.free.insert((hut, july(day)), free);
        }
        days.insert(july(day), state);
    }
    nights.empty_answers.insert(hut, 0);
    let check = Check { days, at: now, ..check(hut, "10:00", &[]) };
    update_availability(db, &check, now).unwrap();
}

/// The rows of the outbox, and that each queued one is in a message to both channels.
fn assert_outbox(db: &mut Db, watches: &[Modelled], step: u32) {
    for watch in watches {
        let rows = lines(
            db,
            &format!(
                "SELECT arrival || ' ' || hut_id || ' ' || opening || ' ' || event || ' ' || state AS line \
             FROM outbox WHERE watch_id = {}",
                watch.id
            ),
        );
        let rows_set: BTreeSet<String> = rows.iter().cloned().collect();
        assert_eq!(rows.len(), rows_set.len());
        assert_eq!(rows_set, watch.outbox, "step {step}, watch {}: {:?}", watch.id, watch.watch);
    }
    let undelivered = "SELECT 'x' AS line FROM outbox WHERE state = 'queued' AND \
        (SELECT count(*) FROM delivery WHERE delivery.message_id = outbox.message_id) <> 2";
    assert!(lines(db, undelivered).is_empty());
    let silent = "SELECT message_id AS line FROM delivery WHERE NOT EXISTS \
        (SELECT 1 FROM outbox WHERE outbox.message_id = delivery.message_id)";
    assert!(lines(db, silent).is_empty());
}

on_both_databases! {
    fn the_outbox_is_that_of_a_model_over_random_checks_and_watches(database) {
        let mut random = RandomSource::new();
        let mut db = database.with_huts(HUTS as usize);
        let (mut nights, mut watches, mut now) = (Nights::default(), Vec::<Modelled>::new(), at("10:00"));
        let steps = count(150, 2000);
        let mut made = 0;
        for step in 0..steps {
            // The days go by, so that arrivals are past at last.
            now += TimeDelta::minutes((random.next() * f64::from(20 * 24 * 60 / steps) * 2.0) as i64 + 1);
            let today = now.date_naive();
            let moment = Moment { now, today };
            match (random.next() * 10.0) as u32 {
                0 if watches.len() < 8 => {
                    made += 1;
                    let watch = random_watch(&mut random, format!("watch {made}"));
                    let id = stored::insert(&mut db, &watch, None, now).unwrap();
                    match_watch(&mut db, id, moment, Trigger::Always).unwrap();
                    let (arrivals, outbox) = Default::default();
                    watches.push(Modelled { id, watch, is_paused: false, is_starting: true, arrivals, outbox });
                    watches.last_mut().unwrap().match_now(&nights, now, today);
                }
                1 if !watches.is_empty() => {
                    let index = (random.next() * watches.len() as f64) as usize;
                    let watch = &mut watches[index];
                    if watch.is_paused {
                        stored::resume(&mut db, watch.id).unwrap();
                        match_watch(&mut db, watch.id, moment, Trigger::Always).unwrap();
                        (watch.is_paused, watch.is_starting) = (false, true);
                        watch.match_now(&nights, now, today);
                    } else if random.next() < 0.3 {
                        stored::remove(&mut db, watch.id).unwrap();
                        watches.remove(index);
                    } else {
                        stored::pause(&mut db, watch.id, now).unwrap();
                        watch.is_paused = true;
                    }
                }
                2 => {
                    match_all(&mut db, moment);
                    watches.iter_mut().for_each(|watch| watch.match_now(&nights, now, today));
                }
                _ => {
                    random_check(&mut db, &mut nights, &mut random, now);
                    // As a run does: those that changed at once, and all at the start of the next run.
                    for watch in &watches {
                        match_watch(&mut db, watch.id, moment, Trigger::Changes).unwrap();
                    }
                    match_all(&mut db, moment);
                    watches.iter_mut().for_each(|watch| watch.match_now(&nights, now, today));
                }
            }
            assert_outbox(&mut db, &watches, step);
        }
        let found: usize = watches.iter().map(|watch| watch.outbox.len()).sum();
        report_measurement(&format!("{steps} steps, {made} watches, {found} rows of the outbox"));
    }

    fn changes_that_no_check_marked_are_found_by_the_next_run(database) {
        let mut db = database.with_huts(1);
        update_availability(&mut db, &check(1, "10:00", &[(10, 0)]), at("10:00")).unwrap();
        let group = Group::new((july(10), july(10)), parse_weekdays("").unwrap(), 2).unwrap();
        let watch = Watch {
            name: "one".into(),
            goal: Goal::Stay(Stage { huts: vec![1], nights: 1 }),
            group,
            channels: vec!["me".into()],
            quiet_start: false,
            closings: false,
            cooldown: TimeDelta::hours(1),
        };
        let id = stored::insert(&mut db, &watch, None, at("10:01")).unwrap();
        let moment = |time: &str| Moment { now: at(time), today: july(1) };
        assert_eq!(match_watch(&mut db, id, moment("10:02"), Trigger::Always).unwrap().opened, 0);
        // The check is stored, and the run dies before it matches.
        update_availability(&mut db, &check(1, "10:30", &[(10, 3)]), at("10:30")).unwrap();
        let matched = match_watch(&mut db, id, moment("11:00"), Trigger::Changes).unwrap();
        assert_eq!((matched.opened, matched.is_queued), (1, true));
        let matched = match_watch(&mut db, id, moment("11:01"), Trigger::Changes).unwrap();
        assert_eq!(matched.opened, 0);
        // The same night, which had been full for half an hour.
        let full_since = lines(&mut db, "SELECT visit AS line FROM outbox")[0].clone();
        assert!(full_since.contains("\"full_since\":\"2026-06-30T10:00:00Z\""), "{full_since}");
    }

    fn a_withdrawn_or_closed_night_opens_nothing(database) {
        let mut db = database.with_huts(1);
        let group = Group::new((july(1), july(31)), parse_weekdays("").unwrap(), 2).unwrap();
        let watch = Watch {
            name: "one".into(),
            goal: Goal::Stay(Stage { huts: vec![1], nights: 1 }),
            group,
            channels: vec!["me".into()],
            quiet_start: false,
            closings: true,
            cooldown: TimeDelta::zero(),
        };
        let id = stored::insert(&mut db, &watch, None, at("09:00")).unwrap();
        let mut opened = |time: &str, days: &[(u32, i16)]| {
            update_availability(&mut db, &check(1, time, days), at(time)).unwrap();
            let moment = Moment { now: at(time), today: july(1) };
            let matched = match_watch(&mut db, id, moment, Trigger::Changes).unwrap();
            (matched.opened, matched.closed)
        };
        assert_eq!(opened("10:00", &[(10, 5), (11, 0)]), (1, 0));
        assert_eq!(opened("10:30", &[(11, 0)]), (0, 1), "withdrawn");
        assert_eq!(opened("11:00", &[(10, 5), (11, 0)]), (1, 0), "listed again");
        assert_eq!(opened("11:30", &[(10, 1), (11, 1)]), (0, 1), "too few");
    }
}
