//! Stays and tours: the commands find what a model finds night by night, and say why they find nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use hut_availability::db::connection::Db;
use hut_availability::db::reading::for_map::for_map;
use hut_availability::db::reading::for_stays::{StaySearch, find_stays, huts, rooms};
use hut_availability::db::write::update_availability;
use hut_availability::domain::availability::Check;
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::domain::stay::{Group, parse_weekdays};
use hut_availability::query::audience::Audience;
use hut_availability::query::night::Night;
use hut_availability::query::stay_filter::StayFilter;
use serde_json::Value;

use crate::on_both_databases;
use crate::reading::plans::{self, with_many_rows};
use crate::support::checks::{at, check, july};
use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::random::RandomSource;
use crate::support::service::Service;
use crate::support::statements::{plan, statements_of};

const HUTS: i32 = 6;

/// One of the states that a night may have, most often one with room.
fn random_state(random: &mut RandomSource) -> State {
    let free = (random.next() * 8.0) as i16;
    let (free, total, reservation_status) = match (random.next() * 10.0) as u32 {
        0 => (Some(0), Some(0), ReservationStatus::NotPossible),
        1 => (Some(free), Some(20), ReservationStatus::NotOnline),
        2 => (None, Some(20), ReservationStatus::Possible),
        3 => (None, None, ReservationStatus::Unknown),
        _ if free == 0 => (Some(0), Some(20), ReservationStatus::NotPossible),
        _ => (Some(free), None, ReservationStatus::Possible),
    };
    State { free, total, hut_type: HutType::Hut, reservation_status }
}

/// Checks of each hut, in which nights change, are withdrawn, and are closed.
fn with_random_nights(database: &TestDatabase, random: &mut RandomSource) -> Db {
    let mut db = database.with_huts(HUTS as usize);
    for hut_id in 1..=HUTS {
        for round in 0..3 {
            let mut days = BTreeMap::new();
            for day in 1..=31 {
                if random.next() < 0.9 {
                    days.insert(july(day), random_state(random));
                }
            }
            let now: DateTime<Utc> = at("10:00") + TimeDelta::minutes(30 * round);
            let check = Check { days, at: now, ..check(hut_id, "10:00", &[]) };
            update_availability(&mut db, &check, now).unwrap();
        }
    }
    db
}

fn command(database: &TestDatabase, args: &str) -> RunOutput {
    let args = args.split_whitespace();
    let at = ["--database-url", &database.url, "--as-of", "2026-06-30T12:00:00Z"];
    run(hut_availability().args(args).args(at))
}

/// The nights of all huts, by slug and date.
fn nights(db: &mut Db) -> BTreeMap<(String, NaiveDate), Night> {
    let huts = for_map(db, &(july(1)..=july(31)), None).unwrap();
    let nights = huts.into_iter().flat_map(|hut| {
        let slug = hut.hut.slug;
        hut.days.into_iter().map(move |(date, night)| ((slug.clone(), date), night))
    });
    nights.collect()
}

fn has_room(
    nights: &BTreeMap<(String, NaiveDate), Night>,
    slug: &str,
    date: NaiveDate,
    places: u16,
) -> bool {
    nights.get(&(slug.to_owned(), date)).is_some_and(|night| night.has_room_for(places))
}

fn texts(values: &Value, keys: &[&str]) -> Vec<String> {
    let text = |value: &Value| {
        keys.iter().map(|key| value[key].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    values.as_array().unwrap().iter().map(text).collect()
}

on_both_databases! {
    fn stays_are_those_whose_nights_all_have_room(database) {
        let mut random = RandomSource::new();
        let nights = nights(&mut with_random_nights(database, &mut random));
        for (stay, places, weekday) in [(1, 1, ""), (2, 2, ""), (3, 3, ""), (2, 1, "fri,sat"), (1, 7, "mon")] {
            let weekdays = parse_weekdays(weekday).unwrap();
            let ran = command(database, &format!(
                "stays --nights {stay} --places {places} --from 2026-07-01 --to 2026-07-31 --output json {}",
                if weekday.is_empty() { String::new() } else { format!("--weekday {weekday}") }
            ));
            assert_eq!(ran.status, 0, "{ran:?}");
            let mut expected = Vec::new();
            for arrival in july(1).iter_days().take(31) {
                for hut in 1..=HUTS {
                    let slug = format!("hut-{hut}");
                    let all = (0..stay).all(|night| has_room(&nights, &slug, arrival + Days::new(night), places));
                    if all && weekdays.contains(chrono::Datelike::weekday(&arrival)) {
                        expected.push(format!("{arrival} {} {slug}", arrival + Days::new(stay)));
                    }
                }
            }
            let list = ran.json();
            assert_eq!(texts(&list["stays"], &["arrival", "departure", "slug"]), expected);
            assert_eq!(list["found"], expected.len());
            for stay in list["stays"].as_array().unwrap() {
                let free = stay["free_by_night"].as_array().unwrap().iter().map(|free| free.as_i64().unwrap());
                assert_eq!(stay["free"].as_i64(), free.min(), "{stay}");
            }
        }
    }

    fn tours_are_those_whose_stages_all_have_room(database) {
        let mut random = RandomSource::new();
        let nights = nights(&mut with_random_nights(database, &mut random));
        let ran = command(database, "tours --stage hut-1,hut-2 --stage hut-3:2 --stage hut-4,hut-5,hut-6 --places 2 \
            --from 2026-07-01 --to 2026-07-28 --output json");
        assert_eq!(ran.status, 0, "{ran:?}");
        let stages: [(&[&str], u64); 3] =
            [(&["hut-1", "hut-2"], 1), (&["hut-3"], 2), (&["hut-4", "hut-5", "hut-6"], 1)];
        let mut expected = Vec::new();
        for start in july(1).iter_days().take(28) {
            let mut arrival = start;
            let stages = stages.map(|(huts, count)| {
                let free = huts.iter().copied().filter(|hut| {
                    (0..count).all(|night| has_room(&nights, hut, arrival + Days::new(night), 2))
                });
                let free: Vec<&str> = free.collect();
                arrival = arrival + Days::new(count);
                free
            });
            if stages.iter().all(|huts| !huts.is_empty()) {
                expected.push((start.to_string(), stages.map(|huts| huts.join(","))));
            }
        }
        let list = ran.json();
        let found: Vec<_> = list["tours"].as_array().unwrap().iter().map(|tour| {
            let stages = tour["stages"].as_array().unwrap().iter();
            let stages: Vec<String> = stages.map(|stage| texts(&stage["stays"], &["slug"]).join(",")).collect();
            (tour["start"].as_str().unwrap().to_owned(), <[String; 3]>::try_from(stages).unwrap())
        }).collect();
        assert_eq!(found, expected);
    }

    fn each_format_lists_the_stays(database) {
        let mut db = database.with_huts(2);
        for hut_id in [1, 2] {
            let check = check(hut_id, "10:00", &[(3, 5), (4, 6), (5, 0)]);
            update_availability(&mut db, &check, check.at).unwrap();
        }
        let args = "stays --nights 2 --places 4 --from 2026-07-01 --to 2026-07-10";
        let table = command(database, args).stdout;
        assert!(table.contains("hut-1") && table.contains("2 stays"), "{table}");
        let limited = command(database, &format!("{args} --limit 1")).stdout;
        assert!(limited.contains("1 of 2 stays; --limit shows more"), "{limited}");
        let csv = command(database, &format!("{args} --output csv")).stdout;
        let begin = "arrival,departure,slug,name,country,elevation,latitude,longitude,distance_km,free,last_checked,link,is_public\n\
            2026-07-03,2026-07-05,hut-1,Hut 1,,,,,,5,2026-06-30T10:00:00Z,https://www.hut-reservation.org/reservation/book-hut/1/wizard,true\n";
        assert!(csv.starts_with(begin) && csv.lines().count() == 3, "{csv}");
        let tours = "tours --stage hut-1 --stage hut-2,hut-1 --from 2026-07-01 --to 2026-07-10";
        let table = command(database, tours).stdout;
        assert!(table.contains("STAGE 2") && table.contains("hut-2 (6), hut-1 (6)"), "{table}");
        let csv = command(database, &format!("{tours} --output csv")).stdout;
        assert!(csv.starts_with("start,stage,arrival,") && csv.lines().count() == 4, "{csv}");
    }

    fn half_given_searches_get_a_helpful_error(database) {
        let mut db = database.with_huts(3);
        let check = check(1, "10:00", &[(3, 5), (5, 5)]);
        update_availability(&mut db, &check, check.at).unwrap();
        let closed = State { free: Some(0), total: Some(0), hut_type: HutType::Hut, reservation_status: ReservationStatus::NotPossible };
        let days = (1..=31).map(|day| (july(day), closed)).collect();
        let closed = Check { hut_id: 2, source_hut_id: "2".into(), days, ..check };
        update_availability(&mut db, &closed, closed.at).unwrap();
        for (args, error) in [
            ("stays --from 2026-07-10 --to 2026-07-01", "the last arrival 2026-07-01 is before the first one 2026-07-10"),
            ("stays --from 2026-07-32", "\"2026-07-32\""),
            ("stays --nights 0", "a whole number from 1 to 30"),
            ("stays --weekday fri,xyz", "\"xyz\""),
            ("stays --hut hut-11", "did you mean hut-1"),
            ("stays --near hut-1", "the place of the hut \"hut-1\" is not known"),
            ("stays --near 47.1", "no hut with the slug \"47.1\""),
            ("stays --elevation 10", "\"10\""),
            ("stays --km 10", "--near"),
            ("tours --from 2026-07-01", "--stage"),
            ("tours --stage hut-1:x", "\"hut-1:x\""),
            ("tours --stage hut-1 --stage hutt-2", "did you mean hut-2"),
        ] {
            let ran = command(database, args);
            assert_eq!(ran.status, 2, "{args}: {ran:?}");
            assert!(ran.stderr.contains(error), "{args}: {ran:?}");
        }
        for (args, reason) in [
            ("stays --places 6 --from 2026-07-01", "no hut of these has room for 6 people"),
            ("tours --stage hut-1 --stage hut-2 --from 2026-07-01", "stage 2 (hut-2) is closed on all nights"),
            ("tours --stage hut-1 --stage hut-1 --from 2026-07-01", "each stage has room on some night, but not"),
            ("tours --stage hut-1 --places 9 --from 2026-07-01", "stage 1 (hut-1) has too few free places"),
            ("tours --stage hut-1 --from 2027-07-01", "stage 1 (hut-1) has no stored night"),
        ] {
            let ran = command(database, args);
            assert_eq!(ran.status, 0, "{args}: {ran:?}");
            assert!(ran.stderr.contains(reason), "{args}: {ran:?}");
        }
    }

    fn the_service_gives_what_the_commands_give(database) {
        let mut random = RandomSource::new();
        drop(with_random_nights(database, &mut random));
        let service = Service::start(&database.url);
        let dates = "from=2026-07-01&to=2026-07-31";
        for (args, query) in [
            ("stays --nights 2 --places 2 --hut hut-1,hut-3", "stays?nights=2&places=2&hut=hut-1&hut=hut-3"),
            ("stays --weekday fri,sat", "stays?weekday=fri,sat"),
            ("tours --stage hut-1,hut-2 --stage hut-3:2", "tours?stage=hut-1,hut-2&stage=hut-3:2"),
        ] {
            let ran = command(database, &format!("{args} --from 2026-07-01 --to 2026-07-31 --output json"));
            let answer = service.get(&format!("/v1/{query}&{dates}"));
            assert_eq!((answer.status, answer.json()), (200, ran.json()), "{query}");
            let found = answer.json()["found"].as_u64().unwrap().min(200) as usize;
            let name = query.split('?').next().unwrap();
            let csv_name = format!("attachment; filename=\"{name}.csv\"");
            let [csv, ics, atom] = [
                (".csv", "text/csv; charset=utf-8", Some(csv_name.as_str())),
                (".ics", "text/calendar; charset=utf-8", None),
                (".atom", "application/atom+xml", None),
            ]
            .map(|(end, content_type, disposition)| {
                let path = format!("/v1/{}&{dates}", query.replacen('?', &format!("{end}?"), 1));
                let answer = service.get(&path);
                assert_eq!(answer.status, 200, "{path}: {answer:?}");
                assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
                assert_eq!(answer.header("content-disposition"), disposition, "{path}");
                assert_eq!(answer.header("cache-control"), Some("public, max-age=300"), "{path}");
                answer.text().to_owned()
            });
            assert!(csv.lines().count() > found, "a line of names and one of each: {csv}");
            assert_eq!(ics.matches("\r\nBEGIN:VEVENT\r\n").count(), found, "{query}: {ics}");
            assert!(ics.lines().all(|line| line.len() <= 75), "{ics}");
            let feed: atom_syndication::Feed = atom.parse().unwrap();
            assert_eq!(feed.entries.len(), found, "{query}: {atom}");
            let ids: std::collections::BTreeSet<&str> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
            assert_eq!(ids.len(), found, "each entry has an ID of its own");
        }
        for (query, parameter, error) in [
            ("stays?from=2026-07-10&to=2026-07-01", "to", "is before the first one"),
            ("stays?places=0", "places", "\"0\""),
            ("stays?nights=31", "nights", "\"31\""),
            ("stays?weekday=x", "weekday", "\"x\""),
            ("stays?hut=hut-11", "hut", "did you mean hut-1"),
            ("stays?near=1,x", "near", "\"1,x\""),
            ("stays?km=x", "km", "\"x\""),
            ("stays?elevation=5", "elevation", "\"5\""),
            ("stays?limit=10001", "limit", "\"10001\""),
            ("tours", "stage", "expected 1 to 30 stages, got 0"),
            ("tours?stage=a%20b", "stage", "\"a b\""),
            ("tours?stage=hut-9", "stage", "no hut with the slug \"hut-9\""),
        ] {
            let answer = service.get(&format!("/v1/{query}"));
            let problem = answer.json();
            assert_eq!((answer.status, problem["parameter"].as_str()), (400, Some(parameter)), "{problem}");
            assert!(problem["detail"].as_str().unwrap().contains(error), "{problem}");
        }
    }

    fn a_search_is_two_statements_that_use_indexes(database) {
        let mut db = with_many_rows(database);
        let group = Group::new((july(1), july(14)), parse_weekdays("").unwrap(), 2).unwrap();
        let search = StaySearch { group, nights: 2, filter: StayFilter::default(), limit: 10 };
        let statements = statements_of(&mut db, |db| {
            // The dates end on 19 July.
            assert_eq!(find_stays(db, &search, Audience::Operators).unwrap().found, plans::HUTS * 14);
        });
        assert_eq!(statements.len(), 2, "{statements:?}");
        let ids: Vec<i32> = huts(&mut db, Audience::Operators).unwrap().iter().map(|hut| hut.hut.id).collect();
        let one = statements_of(&mut db, |db| {
            assert_eq!(rooms(db, &ids[..1], &(july(1)..=july(9)), 1).unwrap().len(), 1);
        });
        for statement in [&statements[1], &one[0]] {
            let plan = plan(&mut db, statement);
            let (index, scan) = match db {
                Db::Postgres(_) => ("availability_", "Seq Scan on availability"),
                Db::Sqlite(_) => ("SEARCH availability USING PRIMARY KEY (hut_id=? AND availability_date>?", "SCAN availability"),
            };
            assert!(plan.contains(index) && !plan.contains(scan), "{statement}\n{plan}");
        }
    }
}
