//! Runs send what opens to real receivers, again and again until it has arrived.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::checks::july;
use crate::support::database::{TestDatabase, lines, number};
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::receiver::Receiver;
use crate::support::scripted_site::{ScriptedSite, nights};

/// A file of channels, each a webhook.
pub struct ChannelsFile(tempfile::TempDir);

impl ChannelsFile {
    pub fn new(channels: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tables: String = channels
            .iter()
            .map(|(name, url)| {
                format!("[channels.{name}]\nkind = \"webhook\"\nurl = \"{url}/hook\"\n")
            })
            .collect();
        std::fs::write(directory.path().join("channels.toml"), tables).unwrap();
        Self(directory)
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("channels.toml")
    }

    pub fn arg(&self) -> String {
        self.path().display().to_string()
    }
}

/// Runs `hut-availability` at an instant.
pub fn command(database: &TestDatabase, as_of: &str, args: &str) -> RunOutput {
    let at = ["--database-url", &database.url, "--as-of", as_of];
    run(hut_availability().args(args.split_whitespace()).args(at))
}

/// The site's nights, with these free places from July 1 on.
fn free(site: &ScriptedSite, free: &[i64]) {
    let mut days = nights(july(1), free.len() as u64);
    for (day, free) in days.iter_mut().zip(free) {
        day["freeBeds"] = json!(free);
        if *free == 0 {
            day["percentage"] = json!("FULL");
        }
    }
    site.list(&days);
}

/// The IDs, types and arrivals of the messages that a receiver has.
fn received(receiver: &Receiver) -> Vec<(String, String, Vec<Value>)> {
    let message = |body: Value| {
        let text = |key: &str| body[key].as_str().unwrap().to_owned();
        let opened = body["data"]["opened"].as_array().unwrap();
        (text("id"), text("type"), opened.iter().map(|visit| visit["arrival"].clone()).collect())
    };
    receiver.requests().iter().map(|request| message(request.json())).collect()
}

const AT: [&str; 6] = [
    "2026-06-30T10:00:00Z",
    "2026-06-30T10:30:00Z",
    "2026-06-30T11:00:00Z",
    "2026-06-30T12:00:00Z",
    "2026-06-30T13:00:00Z",
    "2026-06-30T14:00:00Z",
];

const ADD: &str = "watches add two --hut hut-1 --from 2026-07-01 --to 2026-07-31 --nights 2 --places 4 --notify me";

on_both_databases! {
    fn a_run_sends_what_opens_and_nothing_else(database) {
        drop(database.with_huts(1));
        let (site, receiver) = (ScriptedSite::start(), Receiver::new());
        let channels = ChannelsFile::new(&[("me", &receiver.url)]);
        let update = |at: usize| site.update(database, AT[at], &["--channels", &channels.arg()]);
        free(&site, &[0, 5, 0, 9]);
        assert_eq!(update(0).status, 0);
        let added = command(database, AT[0], &format!("{ADD} --channels {}", channels.arg()));
        assert_eq!(added.status, 0, "{added:?}");
        assert!(added.stderr.contains("nothing is open now"), "{added:?}");

        free(&site, &[0, 5, 4, 9]);
        let ran = update(1);
        assert_eq!(ran.json()["watches"]["opened"], 2, "{ran:?}");
        let sent = received(&receiver);
        assert_eq!(sent.len(), 1, "openings of one match are one message: {sent:?}");
        assert_eq!(sent[0].1, "availability.news");
        assert_eq!(sent[0].2, ["2026-07-02", "2026-07-03"]);
        let body = receiver.request().json();
        let visit = &body["data"]["opened"][0];
        assert_eq!(visit["stages"][0][0]["free"], json!([5, 4]));
        assert_eq!(visit["full_since"], "2026-06-30T10:00:00Z", "since the first check");

        // Nothing new, odd answers, and closings that nobody asked for.
        assert_eq!(update(2).status, 0);
        site.say("<html>nonsense</html>");
        assert_ne!(update(3).status, 0);
        free(&site, &[0, 5, 3, 9]);
        assert_eq!(update(4).status, 0);
        assert_eq!(receiver.requests().len(), 1);
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM outbox"), 2);
    }

    fn a_failing_channel_holds_up_no_other_and_its_message_is_sent_again_with_the_same_id(database) {
        drop(database.with_huts(1));
        let (site, good) = (ScriptedSite::start(), Receiver::new());
        let status = Arc::new(AtomicU16::new(500));
        let answer = Arc::clone(&status);
        let bad = Receiver::start(move |_| StatusCode::from_u16(answer.load(Ordering::SeqCst)).unwrap());
        let channels = ChannelsFile::new(&[("good", &good.url), ("bad", &bad.url)]);
        let update = |at: usize| site.update(database, AT[at], &["--channels", &channels.arg()]);
        free(&site, &[5]);
        assert_eq!(update(0).status, 0);
        let add = ADD.replace("--nights 2", "--nights 1").replace("me", "bad,good");
        assert_eq!(command(database, AT[0], &format!("{add} --channels {}", channels.arg())).status, 0);
        let ran = update(1);
        assert_eq!(ran.status, 0, "the run itself has succeeded: {ran:?}");
        assert_eq!(ran.json()["watches"]["sent"]["bad"]["delayed"], 1, "{ran:?}");
        assert!(ran.stderr.contains("500"), "{ran:?}");
        assert_eq!((good.requests().len(), bad.requests().len()), (1, 1));
        let shown = command(database, AT[1], "status");
        assert!(shown.stdout.contains("two to bad: pending after 1 attempt"), "{shown:?}");

        // Its time has not come yet.
        let notify = |at: usize| command(database, AT[at], &format!("notify --channels {}", channels.arg()));
        assert_eq!(notify(2).status, 0);
        assert_eq!(bad.requests().len(), 1);
        let mut db = database.open();
        // As if half a minute had passed.
        make_due(&mut db);
        status.store(200, Ordering::SeqCst);
        let sent = notify(2);
        assert_eq!((sent.status, sent.stdout.as_str()), (0, "bad: 1 sent\n"), "{sent:?}");
        let ids: Vec<_> = received(&bad).into_iter().map(|(id, ..)| id).collect();
        assert_eq!(ids[0], ids[1]);
        assert_eq!(received(&good)[0].0, ids[0], "one message to two channels");
        assert_eq!(received(&bad)[0].1, "availability.summary");
    }

    fn a_message_that_nobody_takes_has_failed_after_a_day(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        let gone = Receiver::start(|_| StatusCode::NOT_FOUND);
        let channels = ChannelsFile::new(&[("me", &gone.url)]);
        free(&site, &[5]);
        assert_eq!(site.update(database, AT[0], &[]).status, 0);
        let add = ADD.replace("--nights 2", "--nights 1");
        assert_eq!(command(database, AT[0], &format!("{add} --channels {}", channels.arg())).status, 0);
        let notify = || command(database, AT[1], &format!("notify --channels {}", channels.arg()));
        assert_eq!(notify().status, 1);
        let mut db = database.open();
        make_due(&mut db);
        let old = match database.is_sqlite() {
            true => "UPDATE delivery SET created_at = '2026-01-01T00:00:00.000000Z'",
            false => "UPDATE delivery SET created_at = '2026-01-01T00:00:00Z'",
        };
        crate::support::database::execute(&mut db, old);
        let given_up = notify();
        assert_eq!(given_up.status, 1);
        assert!(given_up.stderr.contains("gave up") && given_up.stderr.contains("404"), "{given_up:?}");
        let states = "SELECT state || ' ' || attempts AS line FROM delivery";
        assert_eq!(lines(&mut db, states), ["failed 2"]);
        let shown = command(database, AT[1], "status --output json");
        assert_eq!(shown.json()["watches"]["unsent"][0]["state"], "failed", "{shown:?}");
        assert_eq!(notify().stdout, "nothing is due to be sent\n");
    }

    fn a_whole_season_that_opens_is_one_message(database) {
        drop(database.with_huts(1));
        let (site, receiver) = (ScriptedSite::start(), Receiver::new());
        let channels = ChannelsFile::new(&[("me", &receiver.url)]);
        let update = |at: usize| site.update(database, AT[at], &["--channels", &channels.arg()]);
        free(&site, &[0; 150]);
        assert_eq!(update(0).status, 0);
        let add = ADD.replace("2026-07-31", "2026-11-30").replace("--nights 2", "--nights 1");
        assert_eq!(command(database, AT[0], &format!("{add} --channels {}", channels.arg())).status, 0);
        free(&site, &[30; 150]);
        assert_eq!(update(1).status, 0);
        let data = &receiver.request().json()["data"];
        assert_eq!((&data["opened_count"], data["opened"].as_array().unwrap().len()), (&json!(150), 20));
    }

    fn an_arrival_that_flaps_is_sent_once_an_hour(database) {
        drop(database.with_huts(1));
        let (site, receiver) = (ScriptedSite::start(), Receiver::new());
        let channels = ChannelsFile::new(&[("me", &receiver.url)]);
        let update = |at: &str, places: i64| {
            free(&site, &[places]);
            assert_eq!(site.update(database, at, &["--channels", &channels.arg()]).status, 0);
            receiver.requests().len()
        };
        assert_eq!(update("2026-06-30T10:00:00Z", 0), 0);
        let add = ADD.replace("--nights 2", "--nights 1");
        assert_eq!(command(database, AT[0], &format!("{add} --channels {}", channels.arg())).status, 0);
        assert_eq!(update("2026-06-30T10:10:00Z", 4), 1);
        assert_eq!(update("2026-06-30T10:20:00Z", 0), 1);
        assert_eq!(update("2026-06-30T10:30:00Z", 4), 1, "within the cooldown");
        assert_eq!(update("2026-06-30T11:09:00Z", 4), 1);
        assert_eq!(update("2026-06-30T11:10:00Z", 4), 2, "it is still open when the cooldown ends");
        assert_eq!(update("2026-06-30T11:20:00Z", 0), 2);
        assert_eq!(update("2026-06-30T11:30:00Z", 4), 2);
        assert_eq!(update("2026-06-30T11:40:00Z", 0), 2);
        assert_eq!(update("2026-06-30T14:00:00Z", 0), 2, "it has closed meanwhile");
    }
}

/// Lets the time of all pending messages come.
fn make_due(db: &mut hut_availability::db::connection::Db) {
    let past = "UPDATE delivery SET next_attempt_at = created_at";
    crate::support::database::execute(db, past);
}
