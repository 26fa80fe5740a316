//! What watches cost: a check costs no statement and no row more, and a match costs the same few, however many dates
//! there are.

use hut_availability::db::watch::stored;
use hut_availability::db::write::update_availability;
use hut_availability::domain::stay::{Group, Stage, parse_weekdays};
use hut_availability::domain::watch::{DEFAULT_COOLDOWN, Goal, Watch};
use hut_availability::watch::matching::{Moment, Trigger, match_watch};

use crate::on_both_databases;
use crate::support::checks::{at, check, july, statements_of_check};
use crate::support::database::number;
use crate::support::random::report_measurement;
use crate::support::statements::statements_of;

on_both_databases! {
    fn a_check_of_a_watched_hut_costs_nothing_more_and_a_match_few_statements(database) {
        let mut db = database.with_huts(2);
        let days = |free: i16| (1..=31).map(|day| (day, free)).collect::<Vec<_>>();
        for hut in [1, 2] {
            update_availability(&mut db, &check(hut, "10:00", &days(0)), at("10:00")).unwrap();
        }
        let watch = Watch {
            name: "july".into(),
            goal: Goal::Stay(Stage { huts: vec![1], nights: 2 }),
            group: Group::new((july(1), july(31)), parse_weekdays("").unwrap(), 2).unwrap(),
            channels: vec!["me".into()],
            quiet_start: false,
            closings: false,
            cooldown: DEFAULT_COOLDOWN,
        };
        let id = stored::insert(&mut db, &watch, None, at("10:00")).unwrap();
        let moment = Moment { now: at("11:00"), today: july(1) };
        match_watch(&mut db, id, moment, Trigger::Always).unwrap();

        let mut store = |hut: i32, time: &str, free: i16| {
            let check = check(hut, time, &days(free));
            statements_of_check(&mut db, &check).len()
        };
        let (steady, steady_watched) = (store(2, "10:30", 0), store(1, "10:30", 0));
        let (changed, changed_watched) = (store(2, "11:00", 5), store(1, "11:00", 5));
        assert_eq!((steady, steady_watched), (1, 1));
        assert_eq!(changed, changed_watched);
        let mut matching = |trigger| {
            statements_of(&mut db, |db| {
                match_watch(db, id, moment, trigger).unwrap();
            })
            .len()
        };
        let (found, nothing, all) =
            (matching(Trigger::Changes), matching(Trigger::Changes), matching(Trigger::Always));
        report_measurement(&format!(
            "statements: steady check {steady}, changed check {changed}; a match that finds something {found}, of \
             unchanged huts {nothing}, of all {all}"
        ));
        assert!(found <= 16, "{found}, also with thirty openings");
        assert!(nothing <= 5, "{nothing}");
        assert!(all <= 8, "{all}");
    }

    /// Thirty arrivals of a watch that is resumed have rows already.
    fn the_arrivals_of_a_resumed_watch_are_written_in_few_statements(database) {
        let mut db = database.with_huts(2);
        let store = |db: &mut _, time: &str, free: i16| {
            let days: Vec<_> = (1..=31).map(|day| (day, free)).collect();
            for hut in [1, 2] {
                update_availability(db, &check(hut, time, &days), at(time)).unwrap();
            }
        };
        store(&mut db, "10:00", 5);
        let watch = Watch {
            name: "july".into(),
            goal: Goal::Stay(Stage { huts: vec![1, 2], nights: 1 }),
            group: Group::new((july(1), july(31)), parse_weekdays("").unwrap(), 2).unwrap(),
            channels: vec!["me".into()],
            quiet_start: false,
            closings: false,
            cooldown: DEFAULT_COOLDOWN,
        };
        let id = stored::insert(&mut db, &watch, None, at("10:00")).unwrap();
        let matching = |db: &mut _, time: &str| {
            let moment = Moment { now: at(time), today: july(1) };
            statements_of(db, |db| {
                match_watch(db, id, moment, Trigger::Always).unwrap();
            })
            .len()
        };
        matching(&mut db, "10:10");
        let rows = "SELECT count(*) AS number FROM watch_arrival WHERE is_open AND opening = ";
        assert_eq!(number(&mut db, &format!("{rows} 1")), 62);
        store(&mut db, "10:20", 0);
        let closing = matching(&mut db, "10:30");
        assert_eq!(number(&mut db, &format!("{rows} 1")), 0);
        stored::pause(&mut db, id, at("10:40")).unwrap();
        store(&mut db, "10:50", 7);
        stored::resume(&mut db, id).unwrap();
        let opening = matching(&mut db, "12:00");
        assert_eq!(number(&mut db, &format!("{rows} 2")), 62);
        report_measurement(&format!(
            "statements: a match that closes 62 arrivals of 2 huts {closing}, one that opens them again {opening}"
        ));
        assert!(closing <= 16 && opening <= 16, "{closing} {opening}");
    }
}
