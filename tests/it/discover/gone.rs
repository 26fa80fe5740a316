//! When a discovery deactivates huts that a site no longer lists, and when it does not.

use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;

use super::{HRS, demo_site, discover_at, outcome, simulated};
use crate::on_both_databases;
use crate::support::database::{history, lines, number};
use crate::support::model::assert_invariants;
use crate::support::odd_site::odd_site;
use crate::support::program::{discover, run};

on_both_databases! {
    fn a_locked_or_unlisted_hut_is_deactivated_and_keeps_its_history(database) {
        let whole = demo_site();
        discover_at(&whole, database, &[]);
        whole.update(database, "2026-07-01T10:00:00Z", &["--days", "7"]);
        let mut db = database.open();
        let entries = history(&mut db).len();

        // Both sites no longer know hut 5. Hut 7 is locked and has a new name.
        let fewer = simulated(|hut| match hut.id.as_str() {
            "5" => hut.id.clear(),
            "7" => {
                hut.unlocked = false;
                hut.name += " (closed)";
            }
            _ => {}
        });
        let ran = discover_at(&fewer, database, &[]);
        assert_eq!((ran.status, outcome(&ran, "hrs", "deactivated")), (0, 2), "{ran:?}");
        assert_eq!(outcome(&ran, "huetten-holiday", "deactivated"), 2);
        let inactive = "SELECT organization || ' ' || source_hut_id || ' ' || (name LIKE '%(closed)') AS line
            FROM hut JOIN hut_source ON hut_id = id WHERE NOT is_active ORDER BY 1";
        let closed = if database.is_sqlite() { ["0", "1", "0", "0"] } else { ["false", "true", "false", "false"] };
        let expected = ["hrs 5", "hrs 7", "huetten-holiday 5", "huetten-holiday 7"];
        let expected: Vec<String> = expected.iter().zip(closed).map(|(id, closed)| format!("{id} {closed}")).collect();
        assert_eq!(lines(&mut db, inactive), expected);
        assert_eq!(history(&mut db).len(), entries);
        let due = fewer.update(database, "2026-07-03T10:00:00Z", &["--days", "7"]);
        assert_eq!((due.status, &due.json()["huts"]["selected"]), (0, &44.into()), "{due:?}");
        assert_invariants(&mut db);

        let back = discover_at(&whole, database, &[]);
        assert_eq!((outcome(&back, "hrs", "activated"), outcome(&back, "huetten-holiday", "activated")), (2, 2));
    }

    /// A site whose API has changed may answer for every hut that it does not exist.
    fn a_site_that_suddenly_knows_no_hut_deactivates_none(database) {
        let site = demo_site();
        discover_at(&site, database, &HRS);
        site.fake_site.set_faults(Faults::always(Fault::UnknownHut));
        let ran = discover_at(&site, database, &HRS);
        assert_eq!((ran.status, outcome(&ran, "hrs", "deactivated")), (2, 0), "{ran:?}");
        let why = &ran.json()["sites"][0]["gone_unknown"];
        assert_eq!(why, "24 huts would be gone and 0 left, which is not plausible");
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE is_active"), 24);
        // As soon as the site knows some huts, its answers about the others are believed.
        let late = simulated(|hut| if hut.id.len() == 1 { hut.id.clear() });
        let ran = discover_at(&late, database, &HRS);
        assert_eq!((ran.status, outcome(&ran, "hrs", "deactivated")), (0, 9), "{ran:?}");
    }

    /// If an entry is deleted while the list is read, the later entries move up, and one of them appears on
    /// no page.
    fn a_hut_missed_between_two_pages_is_not_deactivated(database) {
        let site = odd_site();
        let cabins = ["--organization", "huetten-holiday", "--request-interval", "0", "--output", "json"];
        let run = |kind: &str| run(discover(&site.url.join(kind).unwrap(), database).args(cabins));
        let inactive = || number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE NOT is_active");
        let whole = run("whole/");
        assert_eq!((whole.status, outcome(&whole, "huetten-holiday", "added")), (0, 6), "{whole:?}");
        // The list is read twice: once without hut 3, then with it.
        assert_eq!((run("slips/").status, inactive()), (0, 0));
        // The number of pages grows or shrinks, all pages are the same, one is empty, or most huts are
        // missing.
        for kind in ["grows/", "shrinks/", "same/", "hole/", "few/"] {
            let ran = run(kind);
            assert!(ran.json()["sites"][0]["gone_unknown"].is_string() || ran.status != 0, "{kind} {ran:?}");
            assert_eq!(inactive(), 0, "{kind}");
        }
        let fewer = run("fewer/");
        assert_eq!((fewer.status, outcome(&fewer, "huetten-holiday", "deactivated")), (0, 1), "{fewer:?}");
        assert!(fewer.stdout.contains("\"source_hut_id\":\"6\",\"outcome\":\"deactivated\""), "{fewer:?}");
    }

    /// A list that ends early or is empty does not mean that the huts are gone.
    fn an_incomplete_list_deactivates_no_hut(database) {
        let site = demo_site();
        let cabins = ["--organization", "huetten-holiday"];
        discover_at(&site, database, &cabins);
        site.fake_site.set_faults(Faults { after: site.fake_site.requests() + 1, ..Faults::always(Fault::Html) });
        let broken = discover_at(&site, database, &cabins);
        assert_eq!((broken.status, outcome(&broken, "huetten-holiday", "deactivated")), (1, 0), "{broken:?}");
        assert_eq!(broken.json()["sites"][0]["failures"][0]["step"], 2);
        site.fake_site.set_faults(Faults::always(Fault::Empty));
        let empty = discover_at(&site, database, &cabins);
        assert_eq!((empty.status, outcome(&empty, "huetten-holiday", "deactivated")), (2, 0), "{empty:?}");
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE is_active"), 24);
    }
}
