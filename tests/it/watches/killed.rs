//! Three pods that are killed at random between a check and the last receipt: each opening is once in the outbox, and at
//! least once at the receiver, with the same ID for repetitions.

use std::collections::{BTreeMap, BTreeSet};
use std::thread::sleep;
use std::time::Instant;

use super::sending::{ChannelsFile, command};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, execute, lines, number};
use crate::support::model::assert_invariants;
use crate::support::random::{RandomSource, count, report_measurement};
use crate::support::receiver::Receiver;
use crate::support::running::Running;
use crate::support::site::TestSite;

const HUTS: u32 = 6;

fn as_of(step: u32) -> String {
    let first: chrono::NaiveDate = "2026-05-01".parse().unwrap();
    format!("{}T10:00:00Z", first + chrono::Days::new(u64::from(step)))
}

fn pod(database: &TestDatabase, site: &TestSite, channels: &ChannelsFile, step: u32) -> Running {
    let mut command = site.update_command(&database.url);
    command.args([
        "--all",
        "--days",
        "60",
        "--lease",
        "1",
        "--request-interval",
        "0.002",
        "--as-of",
        &as_of(step),
    ]);
    Running::start(command.args(["--channels", &channels.arg()]))
}

on_both_databases! {
    fn openings_are_sent_although_pods_are_killed(database) {
        let mut random = RandomSource::new();
        drop(database.with_huts(HUTS as usize));
        let site = TestSite::with_huts(HUTS);
        let receiver = Receiver::new();
        let channels = ChannelsFile::new(&[("me", &receiver.url)]);
        let begin = Instant::now();
        site.set_now(as_of(0).parse().unwrap());
        assert_eq!(pod(database, &site, &channels, 0).end().status, 0);
        let mut longest = begin.elapsed();
        let huts: Vec<String> = (1..=HUTS).map(|hut| format!("hut-{hut}")).collect();
        for (name, nights) in [("one", 1), ("two", 2)] {
            let add = format!(
                "watches add {name} --hut {} --from 2026-05-01 --to 2026-12-31 --nights {nights} --places 2 --notify me \
                 --cooldown 0s --closings --channels {}", huts.join(","), channels.arg()
            );
            let added = command(database, &as_of(0), &add);
            assert_eq!(added.status, 0, "{added:?}");
        }
        let kills = count(3, 200);
        let (mut killed, mut step) = (0, 0);
        while killed < kills {
            step += 1;
            site.set_now(as_of(step).parse().unwrap());
            let mut pods = [(); 3].map(|()| pod(database, &site, &channels, step));
            sleep(random.within(longest));
            for pod in &mut pods {
                killed += u32::from(pod.kill());
            }
            if killed == 0 {
                longest = longest.mul_f64(0.7);
            }
            assert_invariants(&mut database.open());
            assert!(step < 3 * kills + 40, "too many runs end before they can be killed");
        }
        // What the killed ones had in hand is taken by others once their time is over.
        let mut db = database.open();
        execute(&mut db, "UPDATE delivery SET held_until = NULL, holder = NULL, next_attempt_at = created_at WHERE state = 'pending'");
        let ended = pod(database, &site, &channels, step + 1).end();
        assert_eq!(ended.status, 0, "{ended:?}");
        let sent = command(database, &as_of(step + 1), &format!("notify --channels {}", channels.arg()));
        assert_eq!(sent.status, 0, "{sent:?}");

        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM delivery WHERE state <> 'sent' AND coalesce(last_error, '') <> 'all of its arrivals are past'"), 0);
        let in_database: BTreeSet<String> =
            lines(&mut db, "SELECT DISTINCT message_id AS line FROM delivery").into_iter().collect();
        // The days pass in seconds here, so that arrivals may be past before the time of a killed sender is over.
        let sent: BTreeSet<String> = lines(&mut db, "SELECT message_id AS line FROM delivery WHERE state = 'sent'")
            .into_iter()
            .collect();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for request in receiver.requests() {
            *times.entry(request.json()["id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let at_receiver: BTreeSet<String> = times.keys().cloned().collect();
        assert!(sent.is_subset(&at_receiver), "each message");
        assert!(at_receiver.is_subset(&in_database), "and none that is not in the database");
        let repeated = times.values().filter(|times| **times > 1).count();
        assert!(number(&mut db, "SELECT count(*) AS number FROM outbox WHERE state = 'queued'") > 0);
        // What is open is what has room, and each of these arrivals has been said.
        let unsaid = "SELECT count(*) AS number FROM watch_arrival WHERE is_open AND NOT EXISTS \
            (SELECT 1 FROM outbox WHERE outbox.watch_id = watch_arrival.watch_id AND outbox.arrival = watch_arrival.arrival \
            AND outbox.hut_id = watch_arrival.hut_id AND outbox.opening = watch_arrival.opening AND state = 'queued')";
        assert_eq!(number(&mut db, unsaid), 0);
        report_measurement(&format!(
            "{killed} pods were killed in {step} steps; {} messages, {repeated} of them sent more than once", times.len()
        ));
    }
}
