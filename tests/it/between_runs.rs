//! What `update-availability --every` does between two runs. Tests run in the order of the alphabet: this one waits for
//! half a minute, and would be among the last under `watches`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use axum::http::StatusCode;
use chrono::{Days, Utc};

use crate::on_both_databases;
use crate::support::database::lines;
use crate::support::program::{hut_availability, run};
use crate::support::receiver::Receiver;
use crate::support::running::{Running, wait_until};
use crate::support::scripted_site::{ScriptedSite, nights};
use crate::watches::sending::ChannelsFile;

on_both_databases! {
    /// The channel answers once the first try has failed. The next one is due half a minute later, long before the next
    /// run.
    fn a_message_that_waits_is_sent_between_two_runs(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        let tries = Arc::new(AtomicU16::new(0));
        let count = Arc::clone(&tries);
        let receiver = Receiver::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            0 => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::OK,
        });
        let channels = ChannelsFile::new(&[("me", &receiver.url)]);
        site.list(&nights(Utc::now().date_naive(), 31));
        let mut update = site.update_command(database, &["--channels", &channels.arg()]);
        assert_eq!(run(&mut update).status, 0);
        let [from, to] = [0, 20].map(|days| Utc::now().date_naive() + Days::new(days));
        let add = format!("watches add soon --hut hut-1 --from {from} --to {to} --notify me --channels {}", channels.arg());
        let args: Vec<&str> = add.split_whitespace().collect();
        let mut add = hut_availability();
        assert_eq!(run(add.args(args).args(["--database-url", &database.url])).status, 0);

        let mut command = site.update_command(database, &["--channels", &channels.arg(), "--every", "6h"]);
        let running = Running::start(&mut command);
        wait_until("the second try", || receiver.requests().len() >= 2);
        let mut db = database.open();
        let state = "SELECT state || ' ' || attempts AS line FROM delivery";
        wait_until("it is stored", || lines(&mut db, state) == ["sent 2"]);
        running.signal("TERM");
        let ended = running.end();
        assert_eq!(ended.status, 143, "{ended:?}");
        assert_eq!(ended.stdout.lines().count(), 1, "one run: {ended:?}");
    }
}
