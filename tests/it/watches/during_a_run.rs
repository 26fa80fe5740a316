//! What a run knows of watches that others add while it works, and what it still says when it must end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hut_availability::db::open::Access;
use hut_availability::db::resilient::ResilientDb;
use hut_availability::db::watch::stored;
use hut_availability::db::write::update_availability;
use hut_availability::domain::delivery::{Courier, Sent, Undelivered};
use hut_availability::domain::message::Message;
use hut_availability::domain::stay::{Group, Stage, parse_weekdays};
use hut_availability::domain::watch::{DEFAULT_COOLDOWN, Goal, Watch};
use hut_availability::runtime::timing::Meter;
use hut_availability::watch::matching::{Moment, Trigger, match_watch};
use hut_availability::watch::notifier::Notifier;
use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};

use super::sending::command;
use crate::on_both_databases;
use crate::support::checks::{at, check, july};
use crate::support::database::{TestDatabase, execute, lines, number};

const MOMENT: fn() -> Moment = || Moment { now: at("11:00"), today: july(1) };

fn watch_of(hut: i32, name: &str) -> Watch<i32> {
    Watch {
        name: name.into(),
        goal: Goal::Stay(Stage { huts: vec![hut], nights: 1 }),
        group: Group::new((july(1), july(31)), parse_weekdays("").unwrap(), 2).unwrap(),
        channels: vec!["me".into()],
        quiet_start: false,
        closings: false,
        cooldown: DEFAULT_COOLDOWN,
    }
}

fn resilient(database: &TestDatabase) -> ResilientDb {
    let (_, stop) = watch::channel(None);
    let url = Some(database.url());
    ResilientDb::new(database.open(), url, Access::ReadWrite, stop, &Meter::default())
}

/// Sends the first message, says so at the second, and never comes back from it.
struct OneMessage {
    calls: AtomicU16,
    is_stuck: Arc<Notify>,
}

impl Courier for OneMessage {
    fn deliver<'a>(
        &'a self,
        _channel: &'a str,
        _message: &'a Message,
    ) -> BoxFuture<'a, Result<String, Undelivered>> {
        async {
            if self.calls.fetch_add(1, Ordering::SeqCst) > 0 {
                self.is_stuck.notify_one();
                std::future::pending::<()>().await;
            }
            Ok("taken".to_owned())
        }
        .boxed()
    }
}

on_both_databases! {
    fn a_watch_that_is_added_during_a_run_is_followed(database) {
        let mut db = database.with_huts(2);
        for hut in [1, 2] {
            update_availability(&mut db, &check(hut, "10:00", &[(1, 0)]), at("10:00")).unwrap();
        }
        let (_, stop) = watch::channel(None);
        let notified = Runtime::new().unwrap().block_on(async {
            let notifier = Notifier::start(resilient(database), None, Arc::new(MOMENT)).await.unwrap();
            let changes = notifier.changes();
            // Added after the run has read the watches, and matched before the hut is stored.
            let id = stored::insert(&mut db, &watch_of(1, "late"), None, at("10:30")).unwrap();
            match_watch(&mut db, id, MOMENT(), Trigger::Always).unwrap();
            for hut in [1, 2] {
                update_availability(&mut db, &check(hut, "10:40", &[(1, 5)]), at("10:40")).unwrap();
                changes.add(hut);
            }
            drop(changes);
            notifier.finish(stop).await
        });
        assert_eq!(notified.unwrap().opened, 1, "only hut 1 is watched");
        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM outbox"), 1);
    }

    fn a_run_without_a_watch_says_nothing_of_watches(database) {
        let mut db = database.with_huts(1);
        let (_, stop) = watch::channel(None);
        let notified = Runtime::new().unwrap().block_on(async {
            let notifier = Notifier::start(resilient(database), None, Arc::new(MOMENT)).await.unwrap();
            update_availability(&mut db, &check(1, "10:40", &[(1, 5)]), at("10:40")).unwrap();
            notifier.changes().add(1);
            notifier.finish(stop).await
        });
        assert_eq!(notified, None);
    }

    fn what_was_sent_is_counted_if_the_time_is_over(database) {
        let mut db = database.with_huts(2);
        for hut in [1, 2] {
            update_availability(&mut db, &check(hut, "10:00", &[(1, 5)]), at("10:00")).unwrap();
            stored::insert(&mut db, &watch_of(hut, &format!("watch {hut}")), None, at("10:00")).unwrap();
        }
        let is_stuck = Arc::new(Notify::new());
        let courier = Arc::new(OneMessage { calls: AtomicU16::new(0), is_stuck: Arc::clone(&is_stuck) });
        let (_, stop) = watch::channel(None);
        let notified = Runtime::new().unwrap().block_on(async {
            let notifier = Notifier::start(resilient(database), Some(courier), Arc::new(MOMENT)).await.unwrap();
            is_stuck.notified().await;
            notifier.finish_within(Duration::ZERO, stop).await
        });
        let notified = notified.unwrap();
        assert_eq!(notified.opened, 2);
        assert_eq!(notified.sent["me"], Sent { sent: 1, delayed: 0, failed: 0 });
    }

    /// If its match fails, a watch stays paused. Otherwise a run would say its summary.
    fn a_watch_is_resumed_and_matched_at_once_or_not_at_all(database) {
        drop(database.with_huts(1));
        let mut db = database.open();
        update_availability(&mut db, &check(1, "10:00", &[(1, 5)]), at("10:00")).unwrap();
        let id = stored::insert(&mut db, &watch_of(1, "july"), None, at("10:00")).unwrap();
        stored::pause(&mut db, id, at("10:10")).unwrap();
        execute(&mut db, "ALTER TABLE outbox RENAME TO hidden");
        let resume = || command(database, "2026-06-30T11:00:00Z", "watches resume july");
        assert_ne!(resume().status, 0);
        execute(&mut db, "ALTER TABLE hidden RENAME TO outbox");
        let paused = "SELECT CASE WHEN paused_at IS NULL THEN 'active' ELSE 'paused' END AS line FROM watch";
        assert_eq!(lines(&mut db, paused), ["paused"]);
        let resumed = resume();
        assert!(resumed.stderr.contains("1 arrival is open now"), "{resumed:?}");
        assert_eq!(lines(&mut db, paused), ["active"]);
    }
}
