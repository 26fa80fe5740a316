//! The changes that a discovery makes in the register.

use diesel::connection::SimpleConnection;

use super::{HRS, TWO_SITES, demo_site, discover_at, outcome, simulated, stored};
use crate::on_both_databases;
use crate::support::database::{lines, number};
use crate::support::odd_site::odd_site;
use crate::support::program::{discover, huts, run};

on_both_databases! {
    fn an_empty_database_gets_every_hut_of_both_sites(database) {
        let site = demo_site();
        let first = discover_at(&site, database, &[]);
        assert_eq!(first.status, 0, "{first:?}");
        assert_eq!((outcome(&first, "hrs", "added"), outcome(&first, "huetten-holiday", "added")), (24, 24));
        // One request for each ID, and two for pages of 15 huts.
        assert_eq!(site.fake_site.requests(), 40 + 2);
        let watzmann = "SELECT name || ' ' || country || ' ' || elevation || ' ' || capacity_open || ' '
            || capacity_closed || ' ' || hut_type_open || ' ' || booking_ref AS line FROM hut
            WHERE slug = 'watzmannhaus'";
        let mut db = database.open();
        assert_eq!(lines(&mut db, watzmann), ["Watzmannhaus DE 1930 102 0 hut hrs"]);
        let placed = "SELECT count(*) AS number FROM hut WHERE latitude BETWEEN 43 AND 53 AND is_active";
        assert_eq!(number(&mut db, placed), 48);
        assert_eq!(first.json()["twins"].as_array().unwrap().len(), 24, "each hut is at both sites");

        let before = stored(database);
        let again = discover_at(&site, database, &[]);
        assert_eq!((outcome(&again, "hrs", "unchanged"), outcome(&again, "huetten-holiday", "unchanged")), (24, 24));
        assert_eq!(stored(database), before);
        // The huts that were found can be updated immediately.
        let ran = site.update(database, "2026-07-01T10:00:00Z", &["--days", "14"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &48.into()), "{ran:?}");
        let links = "SELECT count(DISTINCT link) AS number FROM hut_availability";
        assert_eq!(number(&mut db, links), 48);
    }

    fn fields_set_by_an_operator_are_kept(database) {
        let site = demo_site();
        discover_at(&site, database, &HRS);
        let set = huts(database, &["set", "watzmannhaus", "name=Watzmann", "elevation=1928", "slug=watzmann"]);
        assert_eq!(set.status, 0, "{set:?}");
        assert_eq!(huts(database, &["deactivate", "berliner-huette"]).status, 0);
        let renamed = simulated(|hut| hut.name += " neu");
        let ran = discover_at(&renamed, database, &HRS);
        assert_eq!(outcome(&ran, "hrs", "updated"), 23, "all but the one with a pinned name: {ran:?}");
        let mut db = database.open();
        let watzmann = "SELECT slug || ' ' || name || ' ' || elevation AS line FROM hut WHERE name LIKE 'Watz%'";
        assert_eq!(lines(&mut db, watzmann), ["watzmann Watzmann 1928"]);
        let berliner = "SELECT name AS line FROM hut WHERE NOT is_active";
        assert_eq!(lines(&mut db, berliner), ["Berliner Hütte neu"]);
        // After `unset` the fields follow the site again.
        huts(database, &["unset", "watzmann", "name", "elevation"]);
        assert_eq!(outcome(&discover_at(&renamed, database, &HRS), "hrs", "updated"), 1);
        let watzmann = "SELECT name || ' ' || elevation AS line FROM hut WHERE slug = 'watzmann'";
        assert_eq!(lines(&mut db, watzmann), ["Watzmannhaus neu 1930"]);
    }

    fn a_dry_run_reports_the_changes_and_writes_nothing(database) {
        let site = demo_site();
        let preview = discover_at(&site, database, &["--dry-run"]);
        assert_eq!((preview.status, outcome(&preview, "hrs", "added")), (0, 24), "{preview:?}");
        let mut db = database.open();
        for table in ["hut", "hut_source", "discovery", "hut_field_set_by_hand"] {
            assert_eq!(number(&mut db, &format!("SELECT count(*) AS number FROM {table}")), 0, "{table}");
        }
        // The discovery then does what the dry run reported.
        let done = discover_at(&site, database, &[]);
        assert_eq!((&preview.json()["huts"], &preview.json()["twins"]), (&done.json()["huts"], &done.json()["twins"]));
        let before = stored(database);
        let gone = simulated(|hut| if hut.id == "5" { hut.id.clear() });
        let preview = discover_at(&gone, database, &["--dry-run"]);
        assert_eq!((outcome(&preview, "hrs", "deactivated"), outcome(&preview, "huetten-holiday", "deactivated")), (1, 1));
        assert_eq!(stored(database), before);
    }

    fn a_dry_run_runs_no_migration(database) {
        if !database.is_sqlite() {
            return;
        }
        database.allow_violations("the test leaves the database at an older version");
        let mut db = database.open();
        SimpleConnection::batch_execute(&mut db, "DELETE FROM __diesel_schema_migrations WHERE version = '20261122000004'").unwrap();
        let ran = discover_at(&demo_site(), database, &["--dry-run"]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("lacks 1 of the migrations"), "{ran:?}");
    }

    fn huts_are_stored_without_their_invalid_fields(database) {
        let site = odd_site();
        let args = ["--max-id", "6", "--request-interval", "0", "--output", "json"];
        let ran = run(discover(&site.url, database).args(args).args(TWO_SITES));
        assert_eq!(ran.status, 1, "it is unknown which huts are gone: {ran:?}");
        assert_eq!((outcome(&ran, "hrs", "added"), outcome(&ran, "huetten-holiday", "added")), (4, 3), "{ran:?}");
        assert_eq!(ran.json()["sites"][0]["test_entries"], 1);
        let unknown = &ran.json()["sites"][1]["gone_unknown"];
        assert_eq!(unknown, "a page or one of its entries could not be read");
        let mut db = database.open();
        let rows = lines(&mut db, "SELECT slug || '|' || name || '|' || coalesce(elevation, -1) || '|' || (latitude IS NULL)
            || '|' || coalesce(capacity_open, -1) AS line FROM hut ORDER BY id");
        let rows: Vec<String> = rows.iter().map(|row| row.replace("|1|", "|true|").replace("|0|", "|false|")).collect();
        assert_eq!(rows, [
            "hrs-1|hrs 1|-1|true|-1",
            "obere-huette-alp|Obere Hütte & Alp|-1|true|-1",
            "huette|Hütte|1726|false|70",
            "hrs-4|hrs 4|-1|true|-1",
            "huette-2|Hütte|-1|false|-1",
            "x|x|-1|true|-1",
            "huetten-holiday-3|huetten-holiday 3|-1|true|-1",
        ]);
        assert!(!ran.stdout.contains(['\u{1b}', '\u{0}']) && !ran.stderr.contains(['\u{1b}', '\u{0}']));
        let unreadable = &ran.json()["sites"][0]["unreadable"];
        assert_eq!(unreadable["coordinates"], 3, "{unreadable}");
    }

    fn a_known_id_above_the_limit_is_looked_up_too(database) {
        drop(database.with_huts(39));
        let site = demo_site();
        let ran = discover_at(&site, database, &["--organization", "hrs", "--max-id", "10"]);
        assert_eq!((outcome(&ran, "hrs", "updated"), outcome(&ran, "hrs", "deactivated")), (24, 15), "{ran:?}");
        assert_eq!(site.fake_site.requests(), 39);
    }
}
