//! The verbs of `watches`, and the runs that ask for watched huts.

use std::fs;

use super::sending::{ChannelsFile, command};
use serde_json::Value;

use crate::on_both_databases;
use crate::support::checks::july;
use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, run, update_availability};
use crate::support::receiver::Receiver;
use crate::support::running::{Running, wait_until};
use crate::support::scripted_site::{ScriptedSite, nights};
use crate::support::site::TestSite;

const AT: &str = "2026-06-30T10:00:00Z";

/// Three huts with twelve free places on each night of July.
fn with_nights(database: &TestDatabase) -> ScriptedSite {
    drop(database.with_huts(3));
    let site = ScriptedSite::start();
    site.list(&nights(july(1), 31));
    assert_eq!(site.update(database, AT, &[]).status, 0);
    site
}

fn ok(ran: &RunOutput) {
    assert_eq!(ran.status, 0, "{ran:?}");
}

on_both_databases! {
    fn a_watch_is_added_listed_shown_paused_resumed_and_removed(database) {
        let _site = with_nights(database);
        let receiver = Receiver::new();
        let channels = ChannelsFile::new(&[("me", &receiver.url)]);
        let watches = |args: &str| command(database, AT, &format!("watches {args}"));
        let add = |args: &str| watches(&format!("add {args} --channels {}", channels.arg()));
        let added = add("july --hut hut-1,hut-2 --from 1.7.2026 --to 2026-07-10 --places 4 --notify me");
        ok(&added);
        assert!(added.stderr.contains("20 arrivals are open now"), "{added:?}");
        ok(&add("tour --stage hut-1 --stage hut-2,hut-3:2 --from 1.7.2026 --to 5.7.2026 --notify me --quiet-start"));

        let list = watches("list");
        assert!(list.stdout.contains("1 night in hut-1 or hut-2") && list.stdout.contains("hut-1 → hut-2,hut-3:2"), "{list:?}");
        let json = watches("list --output json").json();
        assert_eq!(json["watches"][0]["open"].as_array().unwrap().len(), 20);
        assert_eq!((&json["watches"][1]["stage"][1], &json["watches"][1]["state"]), (&"hut-2,hut-3:2".into(), &"active".into()));
        let tested = command(database, AT, &format!("watches test july --channels {}", channels.arg()));
        assert!(tested.stdout.contains("me: sent; the receiver answered: 200 OK: taken"), "{tested:?}");
        assert_eq!(receiver.request().json()["type"], "availability.test");

        ok(&watches("pause july"));
        assert_eq!(watches("show july --output json").json()["state"], "paused");
        let resumed = watches("resume july");
        assert!(resumed.stderr.contains("20 arrivals are open now"), "{resumed:?}");
        ok(&watches("remove tour"));
        assert_eq!(watches("list --output json").json()["watches"].as_array().unwrap().len(), 1);
        // The tour was quiet, and the summary of the other one was made twice: when it was made, and when it was resumed.
        let sent = command(database, AT, &format!("notify --channels {}", channels.arg()));
        assert_eq!(sent.stdout, "me: 2 sent\n", "{sent:?}");
    }

    fn wrong_values_are_quoted_and_nothing_is_stored(database) {
        let _site = with_nights(database);
        let channels = ChannelsFile::new(&[("me", "http://127.0.0.1:1")]);
        let error = |args: &str| {
            let ran = command(database, AT, &format!("watches {args} --channels {}", channels.arg()));
            assert_ne!(ran.status, 0, "{ran:?}");
            ran.stderr
        };
        let add = |change: (&str, &str)| {
            let args = "add july --hut hut-1 --from 2026-07-01 --to 2026-07-10 --notify me".replace(change.0, change.1);
            error(&args)
        };
        assert!(add(("hut-1", "hut-9")).contains("no hut with the slug \"hut-9\": did you mean hut-1"));
        assert!(add(("--notify me", "--notify mee")).contains("no channel \"mee\": did you mean me?"));
        assert!(add(("2026-07-10", "2026-06-10")).contains("2026-06-10 is before the first one 2026-07-01"));
        assert!(add(("--from 2026-07-01 --to 2026-07-10", "--from 2026-05-01 --to 2026-05-02")).contains("2026-05-02 is past"));
        assert!(add(("--notify me", "--notify me --cooldown soon")).contains("\"soon\""));
        assert!(add(("--hut hut-1", "--stage hut-1 --nights 2")).contains("cannot be used with"));
        assert!(add(("--to 2026-07-10", "--to tomorow")).contains("\"tomorow\""));
        let missing = command(database, AT, "watches add july --hut hut-1 --from 2026-07-01 --to 2026-07-10 --notify me");
        assert!(missing.stderr.contains("there is no file of channels"), "{missing:?}");
        assert!(command(database, AT, "watches pause nothing").stderr.contains("there is no watch \"nothing\""));
        let none = command(database, AT, "watches list");
        assert!(none.stderr.contains("no watches yet"), "{none:?}");
    }

    fn a_file_of_watches_is_what_the_database_says(database) {
        let _site = with_nights(database);
        let channels = ChannelsFile::new(&[("me", "http://127.0.0.1:1")]);
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("watches.toml");
        let write = |names: &[&str], places: u16| {
            let table = |name: &&str| format!(
                "[watches.{name}]\nhut = \"hut-1\"\nfrom = 2026-07-01\nto = 2026-07-03\nplaces = {places}\nnotify = \"me\"\n"
            );
            fs::write(&file, names.iter().map(table).collect::<String>()).unwrap();
        };
        let apply = |flags: &str| {
            let args = format!("watches apply {} --channels {} {flags}", file.display(), channels.arg());
            command(database, AT, &args)
        };
        let by_hand = "watches add mine --hut hut-2 --from 2026-07-01 --to 2026-07-10 --notify me";
        ok(&command(database, AT, &format!("{by_hand} --channels {}", channels.arg())));
        write(&["a", "b"], 4);
        assert_eq!(apply("--dry-run").stdout, "add a\nadd b\n");
        let applied = apply("");
        assert_eq!(applied.stdout, "add a\nadd b\n", "{applied:?}");
        assert_eq!(apply("").stdout, "nothing to change\n");
        write(&["b", "c"], 5);
        assert_eq!(apply("").stdout, "change b\nadd c\nremove a\n");
        let names = |ran: &RunOutput| -> Vec<String> {
            let watches = ran.json()["watches"].clone();
            watches.as_array().unwrap().iter().map(|watch| watch["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&command(database, AT, "watches list --output json")), ["b", "c", "mine"]);
        write(&["mine"], 5);
        let refused = apply("");
        assert!(refused.status == 2 && refused.stderr.contains("watches.mine: there is a watch \"mine\" already"), "{refused:?}");
        fs::write(&file, "[watches.a]\nhut = 3").unwrap();
        assert!(apply("").stderr.contains("watches.toml"), "names the file");
        assert_eq!(names(&command(database, AT, "watches list --output json")), ["b", "c", "mine"]);
    }

    fn watched_huts_are_due_after_half_an_hour_and_come_first(database) {
        let site = with_nights(database);
        let channels = ChannelsFile::new(&[("me", "http://127.0.0.1:1")]);
        let add = "watches add two --hut hut-2 --from 2026-07-01 --to 2026-07-10 --notify me --quiet-start";
        ok(&command(database, AT, &format!("{add} --channels {}", channels.arg())));
        let due = |at: &str, args: &[&str]| {
            let mut plan = update_availability();
            plan.args(["--dry-run=plan", "--output", "json", "--as-of", at, "--database-url", &database.url]).args(args);
            let json = run(&mut plan).json();
            let results = json["results"].as_array().unwrap().clone();
            results.iter().map(|hut| format!("{} {}", hut["hut"].as_str().unwrap(), hut["reason"].as_str().unwrap())).collect::<Vec<_>>()
        };
        // Twelve of forty free: the tier is medium, or high for none.
        assert_eq!(due("2026-06-30T10:27:00Z", &[]), [""; 0]);
        assert_eq!(due("2026-06-30T10:28:00Z", &[]), ["hut-2 watched"]);
        assert_eq!(due("2026-06-30T10:28:00Z", &["--watched-priority-minutes", "60"]), [""; 0]);
        assert_eq!(due("2026-06-30T13:00:00Z", &[])[0], "hut-2 watched");
        assert_eq!(due("2026-06-30T13:00:00Z", &[]).len(), 3);
        assert_eq!(due("2026-06-30T13:00:00Z", &["--watched"]), ["hut-2 watched"]);
        drop(site);
    }

    fn every_repeats_the_run_until_a_signal(database) {
        drop(database.with_huts(2));
        let site = TestSite::with_huts(2);
        let mut command = site.update_command(&database.url);
        command.args(["--every", "1s", "--high-priority-minutes", "0", "--medium-priority-minutes", "0"]);
        command.args(["--low-priority-minutes", "0", "--inactive-priority-minutes", "0"]);
        let running = Running::start(&mut command);
        wait_until("three runs", || site.fake_site.requests() >= 6);
        running.signal("TERM");
        let ended = running.end();
        assert_eq!(ended.status, 143, "{ended:?}");
        let runs: Vec<Value> =
            ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(runs.len() >= 3, "{ended:?}");
        // The signal may have come during the last one.
        for run in &runs[..runs.len() - 1] {
            assert_eq!(run["huts"]["updated"], 2, "{ended:?}");
        }
    }
}
