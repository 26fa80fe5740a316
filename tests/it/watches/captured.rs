//! The captured days, without `HUT_FAULTS=full` the first 8 of 52, with twenty watches: the alerts are those that are
//! computed straight from the file.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use hut_availability::simulate::site::Site;
use hut_availability::simulate::snapshots::{Snapshots, read};

use super::sending::{ChannelsFile, command};
use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::lines;
use crate::support::model::assert_invariants;
use crate::support::program::{hut_availability, run};
use crate::support::random::{count, report_measurement};
use crate::support::receiver::Receiver;
use crate::support::site::TestSite;

const HUTS: &str = "\
slug,name,organization,source_hut_id,hut_type_open,hut_type_closed,capacity_open,capacity_closed
hut-675,Franz Senn Hütte,hrs,675,hut,selfhut,131,20
hut-275,Neue Regensburger Hütte,hrs,275,hut,,104,0
";

struct Watched {
    name: String,
    huts: &'static [&'static str],
    nights: u64,
    places: i16,
    weekends: bool,
}

fn watches(days: &BTreeSet<NaiveDate>) -> (Vec<Watched>, NaiveDate, NaiveDate) {
    let mut watches = Vec::new();
    let huts: [&[&str]; 3] = [&["675"], &["275"], &["675", "275"]];
    for number in 0..20_usize {
        watches.push(Watched {
            name: format!("watch-{number}"),
            huts: huts[number % 3],
            nights: 1 + (number as u64) % 4,
            places: [1, 2, 4, 8, 12][number % 5],
            weekends: number % 2 == 1,
        });
    }
    let first = *days.first().unwrap();
    (watches, first, *days.last().unwrap() + Days::new(60))
}

on_both_databases! {
    fn the_alerts_of_the_captured_days_are_those_of_the_file(database) {
        let Some(data) = captured_data() else { return };
        let path = data.join("hut-reservation-snapshots.csv.gz");
        let site = TestSite::start(Site::Snapshots(Snapshots::load(&path).unwrap()));
        // What the file says: the free places of each captured day, hut and night.
        let mut listings: BTreeMap<NaiveDate, BTreeMap<String, BTreeMap<NaiveDate, i16>>> = BTreeMap::new();
        for snapshot in read(&path).unwrap() {
            let nights = listings.entry(snapshot.fetched_on).or_default().entry(snapshot.hut_id).or_default();
            let free = if snapshot.hut_status == "CLOSED" { 0 } else { snapshot.free_beds.unwrap_or(0) };
            nights.insert(snapshot.date, free);
        }
        assert_eq!(listings.len(), 52);
        let days: BTreeSet<NaiveDate> = listings.keys().copied().take(count(8, 52) as usize).collect();
        listings.retain(|day, _| days.contains(day));
        let csv = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&csv, HUTS).unwrap();
        let file = csv.path().to_str().unwrap();
        assert_eq!(run(hut_availability().args(["huts", "import", file, "--database-url", &database.url])).status, 0);

        let receiver = Receiver::new();
        let channels = ChannelsFile::new(&[("me", &receiver.url)]);
        let (watches, from, to) = watches(&days);
        for watch in &watches {
            let huts: Vec<String> = watch.huts.iter().map(|hut| format!("hut-{hut}")).collect();
            let weekday = if watch.weekends { "--weekday fri,sat" } else { "" };
            let add = format!(
                "watches add {} --hut {} --from {from} --to {to} --nights {} --places {} {weekday} --closings --notify me \
                 --channels {}", watch.name, huts.join(","), watch.nights, watch.places, channels.arg()
            );
            let added = command(database, &format!("{from}T06:00:00Z"), &add);
            assert_eq!(added.status, 0, "{added:?}");
        }
        for day in &days {
            site.update(database, &format!("{day}T12:00:00Z"), &["--all", "--channels", &channels.arg()]);
        }

        let mut expected = BTreeSet::new();
        let mut messages = 0;
        for watch in &watches {
            let mut current: BTreeMap<&str, BTreeMap<NaiveDate, i16>> = BTreeMap::new();
            let mut was_open: BTreeSet<(NaiveDate, &str)> = BTreeSet::new();
            for (day, listing) in &listings {
                let mut of_day = 0;
                // A run matches when each hut is stored, so that the two huts of a watch may be two messages.
                for hut in watch.huts {
                    let Some(nights) = listing.get(*hut) else { continue };
                    current.insert(hut, nights.clone());
                    let is_open = |arrival: NaiveDate| {
                        (0..watch.nights).all(|night| {
                            let free = current[hut].get(&(arrival + Days::new(night)));
                            free.is_some_and(|free| *free >= watch.places)
                        })
                    };
                    let arrivals = from.iter_days().take_while(|arrival| *arrival <= to);
                    let arrivals = arrivals.filter(|arrival| {
                        let is_weekend = matches!(arrival.weekday(), Weekday::Fri | Weekday::Sat);
                        *arrival >= *day && (is_weekend || !watch.weekends)
                    });
                    let before = expected.len();
                    for arrival in arrivals {
                        let event = match (was_open.contains(&(arrival, *hut)), is_open(arrival)) {
                            (false, true) => "opened",
                            (true, false) => "closed",
                            _ => continue,
                        };
                        if event == "opened" {
                            was_open.insert((arrival, hut));
                        } else {
                            was_open.remove(&(arrival, *hut));
                        }
                        expected.insert(format!("{} {day} {arrival} hut-{hut} {event}", watch.name));
                    }
                    of_day += usize::from(expected.len() > before);
                }
                messages += of_day;
            }
        }
        let day = match database.is_sqlite() {
            true => "substr(found_at, 1, 10)",
            false => "to_char(found_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        };
        for event in ["opened", "closed"] {
            assert!(expected.iter().any(|line| line.ends_with(event)), "no arrival was {event}");
        }
        let mut db = database.open();
        let found = lines(&mut db, &format!(
            "SELECT watch.name || ' ' || {day} || ' ' || outbox.arrival || ' ' || hut.slug || ' ' || outbox.event AS line \
             FROM outbox JOIN watch ON watch.id = outbox.watch_id JOIN hut ON hut.id = outbox.hut_id"
        ));
        assert_eq!(found.len(), expected.len(), "nothing twice");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
        assert_invariants(&mut db);

        let received = receiver.requests();
        let ids: BTreeSet<String> =
            received.iter().map(|request| request.json()["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), received.len(), "no message was sent twice");
        let of_outbox = lines(&mut db, "SELECT DISTINCT message_id AS line FROM outbox");
        assert_eq!(ids, of_outbox.into_iter().collect());
        // Huts that were stored before a match are in one message.
        assert!(received.len() <= messages && !received.is_empty());
        report_measurement(&format!(
            "{} openings and closings in {} messages, all sent once", expected.len(), received.len()
        ));
    }
}
