//! Huts of two sites that are the same hut.

use super::{demo_site, discover_at, outcome, stored};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, history, lines, number};
use crate::support::model::assert_invariants;
use crate::support::program::huts;
use crate::support::site::TestSite;

on_both_databases! {
    fn duplicates_are_proposed_and_merged_only_by_an_operator(database) {
        let site = demo_site();
        discover_at(&site, database, &[]);
        site.update(database, "2026-07-01T10:00:00Z", &["--days", "7"]);
        let mut db = database.open();
        let (count, entries) = (number(&mut db, "SELECT count(*) AS number FROM hut"), history(&mut db).len());
        assert_eq!(count, 48, "no hut is merged automatically");
        let twins = discover_at(&site, database, &[]).json()["twins"].clone();
        let twin = twins.as_array().unwrap().iter().find(|twin| twin["hut"] == "watzmannhaus").unwrap();
        let id = twin["source_hut_id"].as_str().unwrap();
        assert_eq!((&twin["twin"], &twin["organization"], &twin["distance_m"]), (&"watzmannhaus-2".into(), &"huetten-holiday".into(), &0.0.into()));

        let linked = huts(database, &["link", "watzmannhaus", "huetten-holiday", id]);
        assert_eq!(linked.status, 0, "{linked:?}");
        assert!(linked.stdout.contains("watzmannhaus-2: had this ID before; it keeps its history"), "{linked:?}");
        assert_eq!((number(&mut db, "SELECT count(*) AS number FROM hut"), history(&mut db).len()), (48, entries));
        let again = discover_at(&site, database, &[]);
        assert_eq!((outcome(&again, "huetten-holiday", "unchanged"), again.json()["twins"].as_array().unwrap().len()), (24, 23));

        // The bookings are followed at the site that the operator sets, with one request.
        assert_eq!(huts(database, &["set", "watzmannhaus", "booking_ref=huetten-holiday"]).status, 0);
        let ran = site.update(database, "2026-07-02T10:00:00Z", &["--all", "--days", "7"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &47.into()), "{ran:?}");
        let followed = "SELECT DISTINCT source_organization || ' ' || source_hut_id AS line FROM hut_availability
            JOIN hut ON id = hut_id WHERE slug = 'watzmannhaus' AND availability_date >= '2026-07-02'";
        assert_eq!(lines(&mut db, followed), [format!("huetten-holiday {id}")]);
        assert_invariants(&mut db);
        // The link can be undone.
        assert_eq!(huts(database, &["link", "watzmannhaus-2", "huetten-holiday", id]).status, 0);
        assert_eq!(huts(database, &["set", "watzmannhaus-2", "booking_ref=huetten-holiday", "is_active=true"]).status, 0);
        let ran = site.update(database, "2026-07-03T10:00:00Z", &["--all", "--days", "7"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &47.into()), "{ran:?}");
    }
}

/// Two dozen huts that are at two sites.
fn discovered(database: &TestDatabase) -> TestSite {
    let site = demo_site();
    discover_at(&site, database, &[]);
    site
}

on_both_databases! {
    fn all_proposed_duplicates_are_linked_at_once(database) {
        let _site = discovered(database);
        let before = stored(database);
        let preview = huts(database, &["link", "--proposed", "--dry-run"]);
        assert_eq!(preview.status, 0, "{preview:?}");
        assert!(preview.stdout.starts_with("24 likely duplicates:\n"), "{preview:?}");
        assert!(preview.stdout.contains("  watzmannhaus and watzmannhaus-2 (huetten-holiday "), "{preview:?}");
        // Nobody can be asked here.
        let refused = huts(database, &["link", "--proposed"]);
        assert_eq!(refused.status, 2, "{refused:?}");
        assert!(refused.stderr.contains("nothing was linked: add --yes"), "{refused:?}");
        assert_eq!(stored(database), before);

        let linked = huts(database, &["link", "--proposed", "--yes"]);
        assert_eq!(linked.status, 0, "{linked:?}");
        assert!(linked.stdout.contains("watzmannhaus: has the ID ") && linked.stdout.ends_with("24 pairs linked\n"), "{linked:?}");
        let again = huts(database, &["link", "--proposed", "--yes"]);
        assert_eq!((again.status, again.stdout.as_str()), (0, "no likely duplicates\n"));
        let mut db = database.open();
        let active = "SELECT count(*) AS number FROM hut WHERE is_active";
        assert_eq!(number(&mut db, active), 24, "the twins keep their data, but are not polled");
        assert_invariants(&mut db);
    }

    /// Three entries for one hut: the first pair changes the second one.
    fn a_pair_that_an_earlier_link_has_changed_is_not_linked_and_says_why(database) {
        let csv = "slug,name,organization,source_hut_id,latitude,longitude\n\
            a,Watzmannhaus,hrs,1,47.5,12.9\nb,Watzmannhaus,huetten-holiday,2,47.5,12.9\nc,Watzmannhaus,ffcam,BK_STRUCTURE:3,47.5,12.9\n";
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        std::fs::write(&file, csv).unwrap();
        assert_eq!(huts(database, &["import", file.path().to_str().unwrap()]).status, 0);
        let linked = huts(database, &["link", "--proposed", "--yes"]);
        assert_eq!(linked.status, 1, "{linked:?}");
        assert!(linked.stdout.contains("2 pairs linked\n1 pair not linked:\n  b and c: no longer proposed"), "{linked:?}");
        let shown = huts(database, &["show", "a"]);
        for id in ["huetten-holiday 2", "ffcam BK_STRUCTURE:3"] {
            assert!(shown.stdout.contains(id), "{shown:?}");
        }
    }
}
