//! A later takeover catches up, until the takeover is finished. Until then the huts are not polled.

use diesel::connection::SimpleConnection;
use serde_json::json;

use super::{at, july, small, state, take_over, with};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, history, lines, number};
use crate::support::program::{run, update_availability};
use crate::support::service::{Service, serve_command};
use crate::support::site::TestSite;
use crate::support::wodore::{HRS, Version};

/// The slugs of the huts, and whether they are active.
fn huts(database: &TestDatabase) -> Vec<String> {
    let sql = "SELECT slug || CASE WHEN is_active THEN '' ELSE ' inactive' END AS line FROM hut ORDER BY id";
    lines(&mut database.open(), sql)
}

on_both_databases! {
    fn a_later_takeover_catches_up(database) {
        let mut wodore = small(Version::April, 4);
        assert_eq!(take_over(&wodore, database, &[]).status, 0);
        let again = take_over(&wodore, database, &[]).json();
        assert_eq!((&again["huts"]["taken"], &again["huts"]["unchanged"]), (&json!(0), &json!(4)));
        assert_eq!(again["repaired"]["gaps_closed"], 4 * 15 * 2, "the report is of the whole takeover");

        // Two huts exchange their slugs, one is gone, one is new, one was deactivated, one was checked.
        wodore.sql(
            "UPDATE huts_hut SET slug = 'tmp' WHERE id = 1; UPDATE huts_hut SET slug = 'Hut_1' WHERE id = 2;
             UPDATE huts_hut SET slug = 'Hut_2', is_active = false WHERE id = 1;
             DELETE FROM availability_hutavailability WHERE hut_id = 3;
             DELETE FROM availability_hutavailabilityhistory WHERE hut_id = 3;
             DELETE FROM availability_availabilitystatus WHERE hut_id = 3;
             DELETE FROM huts_hutorganizationassociation WHERE hut_id = 3; DELETE FROM huts_hut WHERE id = 3;
             UPDATE availability_hutavailability SET last_checked = '2026-04-03T10:00:00Z' WHERE hut_id = 4"
        );
        wodore.hut(9, "Hut_9", HRS, "109", (40, 0));
        let pinned = with(database, &["huts", "set", "Hut_4", "name=Mine"]);
        assert_eq!(pinned.status, 0, "{pinned:?}");
        let ran = take_over(&wodore, database, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let report = ran.json();
        assert_eq!(huts(database), ["Hut_2 inactive", "Hut_1", "Hut_3 inactive", "Hut_4", "Hut_9"]);
        let counts = json!({
            "all": 4, "taken": 2, "unchanged": 2, "new": 1, "changed": 2, "gone": 1, "followed": 4, "inactive": 1,
            "not_public": 0
        });
        assert_eq!(report["huts"], counts, "{report}");
        assert_eq!(report["gone"], json!(["Hut_3"]));
        let mut db = database.open();
        assert_eq!(lines(&mut db, "SELECT name AS line FROM hut WHERE id = 4"), ["Mine"]);
        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM availability WHERE hut_id = 3"), 31);
    }

    fn the_huts_are_not_polled_until_the_takeover_is_finished(database) {
        let wodore = small(Version::April, 2);
        assert_eq!(take_over(&wodore, database, &[]).status, 0);
        let site = TestSite::with_huts(200);
        let before = history(&mut database.open());
        for args in [&[][..], &["--all"]] {
            let ran = site.update(database, "2026-04-02T10:00:00Z", args);
            assert_eq!((ran.status, &ran.json()["huts"]["selected"]), (0, &json!(0)), "{ran:?}");
            assert!(ran.stderr.contains("takeover --finish"), "{ran:?}");
        }
        for selection in [["--hut-slug", "Hut_1"], ["--hut-id", "1"]] {
            let ran = site.update(database, "2026-04-02T10:00:00Z", &selection);
            assert!(ran.status == 2 && ran.stderr.contains("takeover --finish"), "{ran:?}");
        }
        assert!(history(&mut database.open()) == before);
        for args in [&["status"][..], &["huts", "show", "Hut_1"]] {
            let ran = with(database, args);
            assert!(ran.status == 0 && ran.stdout.contains("takeover --finish"), "{ran:?}");
        }
        let list = with(database, &["huts", "list"]);
        assert!(list.stderr.contains("2 huts being taken over"), "{list:?}");
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "slug,name,organization,source_hut_id\nnew,New,hrs,9\n").unwrap();
        let imported = with(database, &["huts", "import", file.path().to_str().unwrap()]);
        assert!(imported.status == 2 && imported.stderr.contains("no hut can be added now"), "{imported:?}");

        let finished = with(database, &["takeover", "--finish"]);
        assert!(finished.status == 0 && finished.stdout.contains("takeover of 2 huts is finished"), "{finished:?}");
        let ran = site.update(database, "2026-04-20T10:00:00Z", &["--days", "120"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &json!(2)), "{ran:?}");
        assert!(history(&mut database.open()).len() > before.len());
        let late = take_over(&wodore, database, &[]);
        assert!(late.status == 2 && late.stderr.contains("polls itself"), "{late:?}");
        let again = with(database, &["takeover", "--finish"]);
        assert!(again.status == 0 && again.stdout.contains("nothing to finish"), "{again:?}");
    }

    fn slugs_with_capitals_and_underscores_work(database) {
        let wodore = small(Version::October, 1);
        assert_eq!(take_over(&wodore, database, &[]).status, 0);
        assert_eq!(with(database, &["takeover", "--finish"]).status, 0);
        let site = TestSite::with_huts(200);
        let ran = site.update(database, "2026-04-02T10:00:00Z", &["--hut-slug", "Hut_1"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let channels = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&channels, "[channels.me]\nkind = \"ntfy\"\nurl = \"https://ntfy.example.org/huts\"\n").unwrap();
        let channels = channels.path().to_str().unwrap();
        for args in [
            &["hut", "Hut_1", "2026-07-01"][..],
            &["trend", "Hut_1", "2026-07-01"],
            &["stays", "--hut", "Hut_1", "--from", "2026-07-01", "--to", "2026-07-31"],
            &["tours", "--stage", "Hut_1:2", "--from", "2026-07-01", "--to", "2026-07-31"],
            &["stays", "--near", "HUT_1", "--from", "2026-07-01", "--to", "2026-07-31"],
            &[
                "watches", "add", "july", "--hut", "Hut_1", "--from", "2026-07-01", "--to", "2026-07-31", "--notify", "me",
                "--channels", channels, "--as-of", "2026-04-20T10:00:00Z"
            ],
            &["huts", "set", "Hut_1", "slug=Hut_One"],
            &["huts", "show", "Hut_One"],
        ] {
            let ran = with(database, args);
            assert_eq!(ran.status, 0, "{args:?}: {ran:?}");
        }
        let service = Service::spawn(&mut serve_command(&database.url));
        for path in [
            "/v1/huts/Hut_One/availability/2026-07-01",
            "/v1/huts/Hut_One/availability/2026-07-01/trend?limit=120",
            "/v1/stays?hut=Hut_One&from=2026-07-01&to=2026-07-31",
            "/v1/tours?stage=Hut_One:2&from=2026-07-01&to=2026-07-31",
            "/huts/Hut_One",
        ] {
            let answer = service.get(path);
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
        }
        let map = service.get("/v1/huts/availability/2026-07-01.geojson?slugs=Hut_One").json();
        assert_eq!(map["features"].as_array().unwrap().len(), 1, "{map}");
        let exported = with(database, &["huts", "export"]);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, &exported.stdout).unwrap();
        let imported = with(database, &["huts", "import", file.path().to_str().unwrap()]);
        assert_eq!(imported.stdout, "1 hut: 0 added, 0 updated, 1 unchanged\n", "{imported:?}");
    }

    fn a_finish_waits_for_all_nights(database) {
        let mut wodore = small(Version::April, 2);
        assert_eq!(take_over(&wodore, database, &[]).status, 0);
        // As after a kill between two huts.
        database.open().batch_execute("UPDATE hut SET takeover_record = NULL WHERE id = 2").unwrap();
        let early = with(database, &["takeover", "--finish"]);
        assert!(early.status == 2 && early.stderr.contains("1 of 2 huts are not taken yet"), "{early:?}");
        wodore.check(2, at(1000), [(july(1), state(3))]);
        let ran = take_over(&wodore, database, &[]);
        assert_eq!((ran.status, &ran.json()["huts"]["taken"]), (0, &json!(1)), "{ran:?}");
        assert_eq!(with(database, &["takeover", "--finish"]).status, 0);
    }
}

#[test]
fn a_run_with_nothing_to_poll_says_why() {
    let database = TestDatabase::sqlite();
    let wodore = small(Version::April, 1);
    assert_eq!(take_over(&wodore, &database, &[]).status, 0);
    let ran = run(update_availability().args(["--database-url", &database.url]));
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("1 hut being taken over"), "{ran:?}");
}
