//! Every trap of their data on purpose.

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use super::{small, take_over, with};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, history, lines};
use crate::support::model::assert_invariants;
use crate::support::wodore::{POINT, Version, Wodore};

/// Their database with each trap, at nights of their own.
pub fn trapped(version: Version) -> Wodore {
    let mut wodore = small(version, 6);
    let (rows, entries) = ("availability_hutavailability", "availability_hutavailabilityhistory");
    let reference = match version {
        Version::April => "booking_ref_id",
        Version::October => "availability_source_ref_id",
    };
    wodore.sql(&format!(
        "-- A double, with one instant, and an overlap.
         INSERT INTO {entries} (hut_id, availability_date, free, total, occupancy_percent, occupancy_status,
            reservation_status, hut_type_id, first_checked, last_checked)
            SELECT hut_id, availability_date, 9, total, 0, '', 'possible', hut_type_id, first_checked, first_checked
            FROM {entries} WHERE hut_id = 1 AND availability_date = '2026-07-03';
         UPDATE {rows} SET free = 9 WHERE hut_id = 1 AND availability_date = '2026-07-03';
         UPDATE {entries} SET last_checked = last_checked + interval '45 minutes'
            WHERE hut_id = 1 AND availability_date = '2026-07-04';
         -- Equal neighbours.
         INSERT INTO {entries} (hut_id, availability_date, free, total, occupancy_percent, occupancy_status,
            reservation_status, hut_type_id, first_checked, last_checked)
            SELECT hut_id, availability_date, free, total, 0, '', reservation_status, hut_type_id,
                first_checked + interval '10 minutes', last_checked
            FROM {entries} WHERE hut_id = 1 AND availability_date = '2026-07-05';
         -- A row that was deleted, one without a history, and one that differs from its history.
         DELETE FROM {rows} WHERE hut_id = 2 AND availability_date = '2026-07-06';
         DELETE FROM {entries} WHERE hut_id = 2 AND availability_date = '2026-07-07';
         UPDATE {rows} SET free = 33 WHERE hut_id = 2 AND availability_date = '2026-07-09';
         -- Values that cannot be.
         UPDATE {rows} SET free = 50 WHERE hut_id = 3 AND availability_date = '2026-07-11';
         UPDATE {entries} SET free = 50 WHERE hut_id = 3 AND availability_date = '2026-07-11';
         UPDATE {rows} SET hut_type_id = NULL WHERE hut_id = 3 AND availability_date = '2026-07-13';
         UPDATE {entries} SET hut_type_id = NULL WHERE hut_id = 3 AND availability_date = '2026-07-13';
         UPDATE {rows} SET reservation_status = 'maybe' WHERE hut_id = 3 AND availability_date = '2026-07-15';
         UPDATE {rows} SET last_checked = 'infinity' WHERE hut_id = 3 AND availability_date = '2026-07-16';
         INSERT INTO {rows} (hut_id, source_organization_id, source_id, availability_date, free, total,
            occupancy_percent, occupancy_steps, occupancy_status, reservation_status, link, first_checked, last_checked)
            VALUES (3, 2, '103', 'infinity', 1, 2, 0, 0, 'low', 'possible', '', '2026-04-01', '2026-04-01');
         -- The ID of the hut in place of its ID at hrs, and no ID at all.
         UPDATE {rows} SET source_id = '4' WHERE hut_id = 4;
         DELETE FROM huts_hutorganizationassociation WHERE hut_id = 5;
         -- A hut of an organization that cannot be polled.
         UPDATE {rows} SET source_organization_id = 4, source_id = 'p6' WHERE hut_id = 6;
         UPDATE huts_hutorganizationassociation SET organization_id = 4, source_id = NULL WHERE hut_id = 6;
         UPDATE huts_hut SET {reference} = 4, is_active = false, is_public = false WHERE id = 6;
         -- A history without its hut, failures, an association that nobody needs, an unknown type.
         INSERT INTO {entries} (hut_id, availability_date, free, total, occupancy_percent, occupancy_status,
            reservation_status, first_checked, last_checked)
            VALUES (99, '2026-07-01', 1, 2, 50, 'medium', 'possible', '2026-04-01', '2026-04-01'),
                (NULL, '2026-07-01', 1, 2, 50, 'medium', 'possible', '2026-04-01', '2026-04-01');
         UPDATE availability_availabilitystatus SET last_checked = '2026-04-02T10:00:00Z', consecutive_failures = 4
            WHERE hut_id = 1;
         UPDATE availability_availabilitystatus SET last_checked = '2026-04-02T10:00:00Z', has_data = false
            WHERE hut_id = 2;
         INSERT INTO huts_hutorganizationassociation (hut_id, organization_id, source_id, link) VALUES (1, 3, 'n1', '');
         UPDATE huts_hut SET hut_type_closed_id = 4 WHERE id = 1;
         -- Never checked.
         INSERT INTO huts_hut (id, slug, name, country_field, location, hut_type_open_id, is_active, is_public)
            VALUES (3000000000, 'far', 'Far', 'CH', '{POINT}', 2, true, true),
                (7, 'New_Hut', '', '', '{POINT}', 2, true, true);"
    ));
    if version == Version::October {
        wodore.sql(&format!(
            "UPDATE {rows} SET free = NULL, total = NULL, occupancy_percent = NULL, occupancy_status = 'unknown',
                reservation_status = 'unknown' WHERE hut_id = 3 AND availability_date = '2026-07-17';
             UPDATE {entries} SET free = NULL, total = NULL, occupancy_percent = NULL, occupancy_status = 'unknown',
                reservation_status = 'unknown' WHERE hut_id = 3 AND availability_date = '2026-07-17'"
        ));
    }
    wodore
}

/// The remarks as `subject name: number`.
fn not_taken(report: &Value) -> Vec<String> {
    let remarks = report["not_taken"].as_array().unwrap();
    remarks
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap();
            format!("{} {}: {}", text("subject"), text("name"), it["number"])
        })
        .collect()
}

fn every_trap(database: &TestDatabase, version: Version) {
    let wodore = trapped(version);
    let before = with(database, &["status", "--output", "json"]).stdout;
    let dry = take_over(&wodore, database, &["--dry-run"]);
    assert_eq!(dry.status, 0, "{dry:?}");
    let tables = "SELECT count(*) AS line FROM hut UNION ALL SELECT count(*) FROM availability";
    let counts =
        || lines(&mut database.open(), &tables.replace("count(*)", "CAST(count(*) AS text)"));
    assert_eq!(counts(), ["0", "0"], "a dry run writes nothing: {before}");

    let ran = take_over(&wodore, database, &[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let report = ran.json();
    let without = |mut report: Value| {
        for key in ["dry_run", "read_at"] {
            report.as_object_mut().unwrap().remove(key);
        }
        report
    };
    assert_eq!(without(dry.json()), without(report.clone()), "a dry run gives the same report");

    let mut db = database.open();
    assert_invariants(&mut db);
    let verified = with(database, &["verify"]);
    assert_eq!(verified.status, 0, "{verified:?}");
    assert_eq!(history(&mut db).len() as u64, report["entries"]["taken"].as_u64().unwrap());
    let expected_version = if version == Version::April { "april-2026" } else { "october-2026" };
    assert_eq!(report["version"], expected_version);
    // 6 huts with 15 nights that changed twice, less the two that the traps change to overlaps or no history.
    assert_eq!(
        report["repaired"],
        json!({
            "gaps_closed": 6 * 15 * 2 - 2, "overlaps_ended": 2, "doubles_merged": 2, "values_corrected": 37,
            "entries_added": 3, "rows_added": 1
        }),
        "{report}"
    );
    let corrected = json!({
        "free_above_total": 2, "reservation_status": 1, "hut_type": 2, "instant": 1, "source_id": 31,
    });
    assert_eq!(report["values_corrected"], corrected, "{report}");
    let expected = [
        "hut far: 1",
        "hut_type igloo: 1",
        "hut_type unknown: 1",
        "source osm: 1",
        "booking_ref prenota: 1",
        "rows Hut_3: 1",
        "entries hut 99: 1",
        "entries no hut: 1",
    ];
    assert_eq!(not_taken(&report), expected, "{report}");
    let huts = json!({
        "all": 7, "taken": 7, "unchanged": 0, "new": 7, "changed": 0, "gone": 0, "followed": 5, "inactive": 1,
        "not_public": 1
    });
    assert_eq!(report["huts"], huts);
    the_huts_are_theirs(database);
}

/// What the traps do to huts, sources, types and checks.
fn the_huts_are_theirs(database: &TestDatabase) {
    let mut db = database.open();
    let mut text = |columns: &str, rest: &str| {
        let columns: Vec<_> =
            columns.split(' ').map(|it| format!("coalesce(CAST({it} AS text), '-')")).collect();
        lines(&mut db, &format!("SELECT {} AS line FROM {rest}", columns.join(" || ' ' || ")))
    };
    let huts =
        text("id slug country latitude elevation hut_type_closed booking_ref", "hut ORDER BY id");
    assert_eq!(huts[0], "1 Hut_1 AT 46.25 2149 - hrs");
    assert_eq!(huts[5], "6 Hut_6 AT 46.25 2149 - -");
    assert_eq!(huts[6], "7 New_Hut - 46.25 - - -");
    let sources =
        text("hut_id organization source_hut_id", "hut_source ORDER BY hut_id, organization");
    let expected =
        ["1 hrs 101", "2 hrs 102", "3 hrs 103", "4 hrs 104", "5 hrs 105", "6 prenota p6"];
    assert_eq!(sources, expected);
    let ids =
        text("hut_id source_hut_id", "availability GROUP BY hut_id, source_hut_id ORDER BY hut_id");
    assert_eq!(ids[3..], ["4 104", "5 105", "6 p6"]);
    let types = text(
        "slug identifier color sort_order",
        "hut_type WHERE slug IN ('hut', 'unknown') ORDER BY slug",
    );
    assert_eq!(types[0], "hut accommodation.hut #c1440e 3");
    assert!(
        types[1].starts_with("unknown accommodation.unknown #"),
        "grey is no colour: {types:?}"
    );
    let checks = text("hut_id consecutive_failures empty_answers", "hut_check ORDER BY hut_id");
    assert_eq!(checks[..3], ["1 2 0", "2 1 1", "3 0 0"]);
    // A row in the future makes no other night older than the last check.
    assert_eq!(
        text("hut_id", "availability WHERE hut_id = 3 AND last_checked IS NOT NULL"),
        [""; 0]
    );
    // The history of a row that was deleted is kept, and not listed.
    let row =
        text("withdrawn", "availability WHERE hut_id = 2 AND availability_date = '2026-07-06'");
    assert_eq!(row.len(), 1);
}

on_both_databases! {
    fn every_trap_of_april_is_repaired_and_reported(database) {
        every_trap(database, Version::April);
    }

    fn every_trap_of_october_is_repaired_and_reported(database) {
        every_trap(database, Version::October);
    }

    fn a_random_database_of_theirs_keeps_the_rules(database) {
        let mut wodore = small(Version::October, 4);
        // Whatever times and values a night has.
        wodore.connection.batch_execute(
            "SELECT setseed(0.5);
             UPDATE availability_hutavailability SET
                first_checked = first_checked + random() * interval '300 days',
                last_checked = last_checked + (random() - 0.5) * interval '300 days',
                free = nullif((random() * 5)::int, 5), total = nullif((random() * 5)::int, 5),
                reservation_status = (ARRAY['possible', 'not_possible', 'unknown', 'not_online'])[1 + (random() * 3)::int];
             UPDATE availability_hutavailabilityhistory SET
                first_checked = first_checked + random() * interval '300 days',
                last_checked = last_checked + (random() - 0.5) * interval '300 days',
                free = nullif((random() * 5)::int, 5), total = nullif((random() * 5)::int, 5);
             DELETE FROM availability_hutavailability WHERE random() < 0.1;
             DELETE FROM availability_hutavailabilityhistory WHERE random() < 0.3",
        ).unwrap();
        let ran = take_over(&wodore, database, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.json()["repaired"]["overlaps_ended"].as_u64().unwrap() > 0, "{ran:?}");
        assert_invariants(&mut database.open());
    }
}
