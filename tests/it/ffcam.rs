//! The third site: one check consists of some requests for two months each, and many totals are not published.

mod answers;
mod register;
mod replay;

use std::collections::BTreeMap;

use hut_availability::db::connection::Db;
use hut_availability::sites::ffcam::site::Ffcam;
use hut_availability::sites::source::BookingSource;

use crate::on_both_databases;
use crate::support::database::{CurrentRow, TestDatabase, current, history};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, hut_availability, run, update_availability};
use crate::support::site::TestSite;

const MID_JULY: &str = "2026-07-15T10:00:00Z";

/// The requests of a check of a year that begins in the middle of a month: 13 months, two in each answer.
const REQUESTS: usize = 7;

/// Adds huts with the slugs `refuge-1`, `refuge-2`, …, whose IDs at the site are `BK_STRUCTURE:1`, …
fn with_refuges(database: &TestDatabase, count: usize) -> Db {
    database.with_huts_of("ffcam", "refuge", count)
}

fn update(site: &TestSite, database: &TestDatabase, as_of: &str) -> RunOutput {
    site.update(database, as_of, &["--all", "--retries=0", "--request-timeout", "30"])
}

on_both_databases! {
    fn a_check_of_a_year_is_one_request_for_two_months(database) {
        let mut db = with_refuges(database, 12);
        let site = TestSite::with_huts(12);
        let first = update(&site, database, MID_JULY);
        assert_eq!((first.status, &first.json()["huts"]["updated"]), (0, &12.into()), "{first:?}");
        assert_eq!(site.fake_site.requests(), 12 * REQUESTS);
        assert_invariants(&mut db);
        let before = (current(&mut db), history(&mut db));
        let link = "https://centrale.ffcam.fr/index.php?structure=BK_STRUCTURE:1";
        assert_eq!((before.0[0].date.to_string(), before.0[0].link.as_deref()), ("2026-07-15".into(), Some(link)));

        let second = update(&site, database, "2026-07-15T10:01:00Z").json();
        assert_eq!((&second["huts"]["updated"], &second["history_entries"]), (&12.into(), &0.into()));
        assert_eq!(second["dates"]["changed"], 0);
        let states = |rows: &[CurrentRow]| rows.iter().map(|row| (row.hut_id, row.date, row.free, row.total)).collect::<Vec<_>>();
        assert_eq!(states(&current(&mut db)), states(&before.0));

        // From the first of a month on, a year has 12 months. Fewer days need fewer requests.
        for (as_of, days, requests) in [("2026-08-01", "365", 6), ("2026-08-02", "30", 1), ("2026-08-03", "90", 2)] {
            let before = site.fake_site.requests();
            let args = ["--hut-slug=refuge-1", "--days", days];
            assert_eq!(site.update(database, &format!("{as_of}T10:00:00Z"), &args).status, 0);
            assert_eq!(site.fake_site.requests() - before, requests, "{days} days from {as_of}");
        }
    }

    /// The fake site publishes the same bookings in the formats of all sites. Here some structures have no totals, and
    /// some show no numbers.
    fn the_format_gives_the_same_states_as_another_site(database) {
        drop(database.with_huts(12));
        let mut db = with_refuges(database, 12);
        let site = TestSite::with_huts(12);
        assert_eq!(update(&site, database, MID_JULY).status, 0);
        let rows = current(&mut db);
        let of = |organization: &str| {
            let of_it = rows.iter().filter(|row| row.source_organization == organization);
            let key = |row: &CurrentRow| (row.source_hut_id.replace("BK_STRUCTURE:", ""), row.date);
            of_it.map(|row| (key(row), row.clone())).collect::<BTreeMap<_, _>>()
        };
        let (refuges, others) = (of("ffcam"), of("hrs"));
        assert_eq!(others.len(), 12 * 365);
        let (mut shown, mut without_number, mut with_capacity) = (0, 0, 0);
        for (key, refuge) in &refuges {
            let other = &others[key];
            assert_eq!(refuge.reservation_status, other.reservation_status, "{key:?}");
            if refuge.free.is_some() {
                assert_eq!(refuge.free, other.free, "{key:?}");
                shown += 1;
            } else {
                assert!(other.free > Some(0), "{key:?}");
                assert_eq!(refuge.occupancy_status, "free_unknown", "{key:?}");
                without_number += 1;
            }
            if refuge.total != other.total {
                // The capacity stands in, or the free places where there are more.
                assert_eq!(refuge.total, refuge.free.max(Some(80)), "{key:?}");
                with_capacity += 1;
            }
        }
        // A night on which the other site is closed is not in the calendar.
        let not_listed = others.iter().filter(|(key, _)| !refuges.contains_key(key));
        assert!(not_listed.clone().all(|(_, other)| other.total == Some(0)));
        assert!(shown > 1000 && without_number > 100 && with_capacity > 500, "{shown} {without_number} {with_capacity}");
        assert!(not_listed.count() > 100);
        assert_invariants(&mut db);
    }
}

#[test]
fn the_real_site_is_not_asked_more_often_than_it_accepts() {
    assert_eq!(Ffcam::request_interval().as_millis(), 500);
    let database = TestDatabase::sqlite();
    drop(with_refuges(&database, 1));
    // A name in the site's domain that nobody has. The request would fail, if one were sent.
    let real = "ffcam=http://no-such-host.centrale.ffcam.fr";
    let ask = |url: &str, args: &[&str]| {
        let mut command = update_availability();
        // No request leaves this machine: nothing listens at the port of the proxy.
        for name in ["HTTP_PROXY", "http_proxy"] {
            command.env(name, "http://127.0.0.1:9");
        }
        command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
        command.args(["--all", "--retries=0", "--no-progress", "--source-url", url]);
        run(command.args(["--database-url", &database.url]).args(args))
    };
    let refused = ask(real, &["--request-interval=0.29"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{refused:?}");
    let words = "error: a request interval of 0.29 s is too short for no-such-host.centrale.ffcam.fr: \
        set --request-interval to 0.3 or more, or add --force-request-interval";
    assert!(refused.stderr.starts_with(words), "{refused:?}");
    for args in [
        &["--request-interval=0.29", "--force-request-interval"][..],
        &["--request-interval=0.3"],
        &[],
    ] {
        let asked = ask(real, args);
        assert!(asked.stdout.contains("connect: the connection to no-such-host"), "{asked:?}");
    }
    // A fake site may be asked as often as one likes.
    let site = TestSite::with_huts(1);
    let asked = ask(&format!("ffcam={}", site.fake_site.url()), &["--request-interval=0"]);
    assert_eq!(asked.status, 0, "{asked:?}");
}

#[test]
fn captured_days_of_the_site_are_recognised_by_their_columns() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let rows = "2025-08-12T18:24:35+02:00,BK_STRUCTURE:100,2025-08-12,19\n\
        2025-08-13T22:30:00Z,BK_STRUCTURE:100,2025-08-14,-1\n";
    std::fs::write(&file, format!("fetched_at,structure,date,free\n{rows}")).unwrap();
    let path = file.path().to_str().unwrap();
    let ran =
        run(hut_availability().args(["simulate", "--snapshots", path, "--day", "2025-08-13"]));
    // The days are those of the Alps.
    let message = "the file has no data for 2025-08-13; its days are from 2025-08-12 to 2025-08-14";
    assert!(ran.status == 2 && ran.stderr.contains(message), "{ran:?}");
}
