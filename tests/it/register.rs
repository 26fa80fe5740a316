//! The register of huts: the commands of an operator, with the program, on both databases.

use serde_json::Value;

use crate::huts::import;
use crate::on_both_databases;
use crate::support::checks::{at, check};
use crate::support::database::{TestDatabase, lines, number};
use crate::support::program::{RunOutput, hut_availability, huts, run};

/// A file with a value in every column, and with values that are easily lost: quotes, signs, many digits.
const COMPLETE: &str = "\
slug,name,organization,source_hut_id,country,latitude,longitude,elevation,hut_type_open,hut_type_closed,capacity_open,capacity_closed,is_active,is_public,link,other_sources,set_by_hand
blaueishuette,\"Blaueishütte, \"\"Berchtesgaden\"\"\",huetten-holiday,27,DE,47.58061,12.871099999999998,1680,hut,selfhut,84,10,true,true,https://www.huetten-holiday.com/huts/blaueishuette,hrs:77,elevation is_active
capanna,Capanna,hrs,8,CH,,,,,,,,false,true,,,
ruin,Ruin,,,IT,46.1,-0.5,-3,closed,,0,,true,false,,huetten-holiday:9=https://www.huetten-holiday.com/huts/ruin,
";

fn import_file(database: &TestDatabase, name: &str, content: &[u8]) -> RunOutput {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    huts(database, &["import", path.to_str().unwrap()])
}

fn another_database(database: &TestDatabase) -> TestDatabase {
    if database.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() }
}

on_both_databases! {
    fn an_export_that_is_imported_exports_the_same_bytes(database) {
        let ran = import_file(database, "huts.csv", COMPLETE.as_bytes());
        assert_eq!(ran.stdout, "3 huts: 3 added, 0 updated, 0 unchanged\n", "{ran:?}");
        assert_eq!(huts(database, &["export"]).stdout, COMPLETE);
        let json = huts(database, &["export", "--output", "json"]).stdout;
        for (name, content) in [("huts.csv", COMPLETE), ("huts.json", &json)] {
            let copy = another_database(database);
            assert_eq!(import_file(&copy, name, content.as_bytes()).status, 0);
            assert_eq!(huts(&copy, &["export"]).stdout, COMPLETE, "{name}");
            assert_eq!(huts(&copy, &["export", "--output", "json"]).stdout, json, "{name}");
            let again = import_file(&copy, name, content.as_bytes());
            assert_eq!(again.stdout, "3 huts: 0 added, 0 updated, 3 unchanged\n", "{again:?}");
        }
    }

    fn json_is_imported_and_its_errors_are_reported(database) {
        let ran = import_file(database, "huts.json", br#" [
            {"slug": "a", "name": "A", "organization": "hrs", "source_hut_id": 1, "elevation": 1200, "latitude": 46.5},
            {"slug": "b", "name": "B", "organization": null, "source_hut_id": null, "other_sources": ["hrs:2"]}
        ]"#);
        assert_eq!(ran.stdout, "2 huts: 2 added, 0 updated, 0 unchanged\n", "{ran:?}");
        let listed = huts(database, &["list", "--output", "json", "--name", "b"]).json();
        assert_eq!((&listed[0]["slug"], &listed[0]["organization"], &listed[0]["other_sources"][0]), (&"b".into(), &Value::Null, &"hrs:2".into()));
        let bad = import_file(database, "huts.json", br#"[{"slug": "c", "name": "C"}, {"slug": "D d", "name": "D", "organization": "hrs", "source_hut_id": 4},
            {"slug": "e", "name": "E", "organization": "hrs", "source_hut_id": 5, "beds": 3}, 7]"#);
        assert_eq!(bad.status, 2);
        for message in ["hut 1: the key \"organization\" is missing", "hut 2: the slug \"D d\" must have", "hut 3: unknown column \"beds\"", "hut 4: must be an object, not 7"] {
            assert!(bad.stderr.contains(message), "{message}: {}", bad.stderr);
        }
        let broken = import_file(database, "huts.json", b"[{\"slug\": \"a\",\n\n");
        assert!(broken.stderr.contains("line 3: invalid JSON: EOF"), "{}", broken.stderr);
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut"), 2);
    }

    /// A file as Excel and macOS write it: with a byte order mark, CRLF, and decomposed umlauts.
    fn a_spreadsheet_is_imported_correctly(database) {
        let file = "\u{feff}slug,name,organization,source_hut_id\r\na,\"Hu\u{308}tte, obere\",hrs,1\r\nb,Hütte,hrs,2\r\n";
        assert_eq!(import_file(database, "huts.csv", file.as_bytes()).stdout, "2 huts: 2 added, 0 updated, 0 unchanged\n");
        assert_eq!(lines(&mut database.open(), "SELECT name AS line FROM hut ORDER BY slug"), ["Hütte, obere", "Hütte"]);
        let found = |name: &str| huts(database, &["list", "--output", "json", "--name", name]).json().as_array().unwrap().len();
        assert_eq!((found("hütte"), found("HÜTTE, o"), found("hu\u{308}tte"), found("huette"), found("x")), (2, 1, 2, 2, 0));
    }

    fn fields_of_a_file_can_be_pinned(database) {
        let file = b"slug,name,organization,source_hut_id,elevation,country,is_active\na,A,hrs,1,1200,,true\nb,B,hrs,2,,,false\n";
        import_file(database, "huts.csv", file);
        let pinned = || lines(&mut database.open(), "SELECT slug || ' ' || field AS line FROM hut_field_set_by_hand JOIN hut ON id = hut_id ORDER BY 1");
        assert_eq!(pinned(), ["b is_active"], "an inactive hut stays inactive");
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("huts.csv");
        std::fs::write(&path, file).unwrap();
        assert_eq!(huts(database, &["import", "--by-hand", path.to_str().unwrap()]).status, 0);
        assert_eq!(pinned(), ["a elevation", "a is_active", "a name", "b is_active", "b name"]);
        // Fields that were pinned before stay pinned.
        std::fs::write(&path, "slug,name,organization,source_hut_id\na,A,hrs,1\n").unwrap();
        assert_eq!(huts(database, &["set", "a", "capacity_open=3"]).status, 0);
        assert_eq!(huts(database, &["import", "--by-hand", path.to_str().unwrap()]).status, 0);
        assert_eq!(pinned()[..4], ["a capacity_open", "a elevation", "a is_active", "a name"]);
    }

    fn an_empty_is_public_is_not_changed(database) {
        import_file(database, "huts.csv", COMPLETE.as_bytes());
        let hidden = || lines(&mut database.open(), "SELECT slug AS line FROM hut WHERE NOT is_public ORDER BY slug");
        assert_eq!(hidden(), ["ruin"]);
        let file = "slug,name,organization,source_hut_id,is_public\nruin,Ruin,,,\nnew,New,hrs,9,no\ncapanna,Capanna,hrs,8,\n";
        assert_eq!(import_file(database, "huts.csv", file.as_bytes()).stdout, "3 huts: 1 added, 0 updated, 2 unchanged\n");
        assert_eq!(hidden(), ["new", "ruin"]);
        // No discovery sets it, so that it needs no pin.
        assert_eq!(huts(database, &["set", "ruin", "is_public=true"]).stdout, "ruin: is_public false → true\n");
        assert_eq!(huts(database, &["set", "ruin", "is_public=true"]).stdout, "ruin: is_public is already true\n");
        let pinned = "SELECT count(*) AS number FROM hut_field_set_by_hand WHERE field = 'is_public'";
        assert_eq!((hidden(), number(&mut database.open(), pinned)), (vec!["new".to_owned()], 0));
    }

    fn an_empty_is_active_is_not_changed(database) {
        import_file(database, "huts.csv", COMPLETE.as_bytes());
        let file = "slug,name,organization,source_hut_id,is_active\ncapanna,Capanna,hrs,8,\nnew,New,hrs,9,\n";
        assert_eq!(import_file(database, "huts.csv", file.as_bytes()).stdout, "2 huts: 1 added, 0 updated, 1 unchanged\n");
        let active = "SELECT slug AS line FROM hut WHERE is_active ORDER BY slug";
        assert_eq!(lines(&mut database.open(), active), ["blaueishuette", "new", "ruin"]);
    }

    fn the_list_can_be_filtered(database) {
        import_file(database, "huts.csv", COMPLETE.as_bytes());
        let slugs = |args: &[&str]| {
            let ran = huts(database, &[&["list", "--output", "json"], args].concat());
            assert_eq!(ran.status, 0, "{ran:?}");
            let text = |hut: &Value| hut["slug"].as_str().unwrap().to_owned();
            ran.json().as_array().unwrap().iter().map(text).collect::<Vec<_>>()
        };
        assert_eq!(slugs(&[]), ["blaueishuette", "capanna", "ruin"]);
        assert_eq!(slugs(&["--country", "ch"]), ["capanna"]);
        assert_eq!(slugs(&["--organization", "hrs"]), ["blaueishuette", "capanna"]);
        assert_eq!(slugs(&["--active"]), ["blaueishuette", "ruin"]);
        assert_eq!(slugs(&["--inactive", "--country", "DE"]), [""; 0]);
        assert_eq!(slugs(&["--name", "Blaueis"]), ["blaueishuette"]);
        let csv = huts(database, &["list", "--output", "csv", "--country", "IT"]).stdout;
        assert_eq!(csv.lines().collect::<Vec<_>>(), [COMPLETE.lines().next().unwrap(), COMPLETE.lines().last().unwrap()]);
        let table = huts(database, &["list", "--inactive"]).stdout;
        assert!(table.contains("capanna") && table.ends_with("1 hut\n"), "{table}");
        let bad = huts(database, &["list", "--organization", "dav"]);
        assert!(bad.stderr.contains("--organization dav: unknown organization \"dav\"; expected one of: ffcam, hrs"), "{}", bad.stderr);
    }

    fn a_hut_is_shown_with_all_its_data(database) {
        import_file(database, "huts.csv", COMPLETE.as_bytes());
        let mut db = database.open();
        let checked = check(1, "10:00", &[(1, 5), (2, 6)]);
        let checked = hut_availability::domain::availability::Check { organization: "huetten-holiday".into(), source_hut_id: "27".into(), ..checked };
        hut_availability::db::write::update_availability(&mut db, &checked, at("09:59")).unwrap();
        let hut = huts(database, &["show", "blaueishuette", "--output", "json"]).json();
        assert_eq!((&hut["latitude"], &hut["elevation"]), (&47.58061.into(), &1680.into()), "{hut}");
        assert_eq!(hut["sources"].as_array().unwrap().len(), 2);
        assert_eq!(hut["last_check"]["last_success"], "2026-06-30T10:00:00Z");
        assert_eq!(hut["counts"], serde_json::json!({"dates": 2, "listed": 2, "history_entries": 2}));
        let text = huts(database, &["show", "blaueishuette"]).stdout;
        for line in ["elevation         1680  (pinned)", "source            hrs 77", "dates             2, of which the last check listed 2"] {
            assert!(text.contains(line), "{line}: {text}");
        }
        let missing = huts(database, &["show", "no-such-hut"]);
        assert_eq!(missing.status, 2);
        assert!(missing.stderr.contains("there is no hut with the slug \"no-such-hut\""), "{}", missing.stderr);
    }

    fn fields_are_set_together_or_not_at_all(database) {
        import_file(database, "huts.csv", COMPLETE.as_bytes());
        let before = huts(database, &["export"]).stdout;
        for (args, message) in [
            (["capanna", "elevation=9001"], "elevation \"9001\" must be a whole number from -500 to 9000"),
            (["capanna", "name="], "name is empty"),
            (["capanna", "slug=ruin"], "another hut already has the slug \"ruin\""),
            (["capanna", "slug=rüin"], "must have only letters"),
            (["capanna", "booking_ref=huetten-holiday"], "the hut has an ID at hrs, but not at huetten-holiday"),
            (["capanna", "booking_ref=dav"], "unknown booking_ref \"dav\""),
            (["capanna", "is_active=perhaps"], "must be true or false"),
            (["capanna", "is_public="], "is_public \"\" must be true or false"),
            (["capanna", "beds=3"], "unknown field \"beds\""),
            (["capanna", "elevation"], "expected FIELD=VALUE"),
            (["nobody", "elevation=3"], "there is no hut with the slug \"nobody\""),
        ] {
            let ran = huts(database, &["set", args[0], "country=FR", args[1]]);
            assert_eq!(ran.status, 2, "{ran:?}");
            assert!(ran.stderr.contains(message), "{message}: {}", ran.stderr);
        }
        assert_eq!(huts(database, &["export"]).stdout, before, "a refused command changes nothing");
        let set = huts(database, &["set", "capanna", "elevation=1856", "country=", "name=Capanna Basòdino"]);
        assert_eq!(set.stdout, "capanna: elevation unknown → 1856\ncapanna: country CH → unknown\ncapanna: name Capanna → Capanna Basòdino\n");
        let pinned = "SELECT field AS line FROM hut_field_set_by_hand WHERE hut_id = 2 ORDER BY field";
        assert_eq!(lines(&mut database.open(), pinned), ["country", "elevation", "name"]);
        let unset = huts(database, &["unset", "capanna", "name", "latitude"]);
        assert_eq!(unset.stdout, "capanna: name unpinned; discoveries update it again\ncapanna: latitude was not pinned\n\
            capanna: longitude was not pinned\n");
        assert_eq!(lines(&mut database.open(), pinned), ["country", "elevation"]);
    }

    fn several_huts_are_activated_and_deactivated_together(database) {
        import_file(database, "huts.csv", COMPLETE.as_bytes());
        let active = || number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE is_active");
        assert_eq!(huts(database, &["deactivate", "blaueishuette", "ruin"]).status, 0);
        assert_eq!(active(), 0);
        assert_eq!(huts(database, &["activate", "capanna", "ruin"]).stdout, "capanna: is_active false → true\nruin: is_active false → true\n");
        assert_eq!(active(), 2);
        assert_eq!(huts(database, &["deactivate", "capanna", "nobody"]).status, 2);
        assert_eq!(active(), 2, "one unknown hut means that none is changed");
    }

    fn a_hut_can_have_ids_at_several_organizations(database) {
        import(database, "a,A,hrs,1,,,,,,,,\nb,B,hrs,2,,,,,,,,\n");
        assert!(huts(database, &["link", "a", "hrs", "1"]).stderr.contains("already has the ID \"1\" of hrs"));
        let linked = huts(database, &["link", "a", "huetten-holiday", "27"]);
        assert_eq!(linked.stdout, "a: has the ID 27 at huetten-holiday; its bookings are followed at hrs\n");
        assert_eq!(huts(database, &["set", "a", "booking_ref=huetten-holiday"]).status, 0);
        // `--replace` moves the ID of another hut, and that hut stays in the register.
        let refused = huts(database, &["link", "a", "hrs", "2"]);
        assert!(refused.stderr.contains("has the ID \"1\" of hrs: add --replace to give it \"2\" instead"), "{refused:?}");
        let moved = huts(database, &["link", "a", "hrs", "2", "--replace"]).stdout;
        assert!(moved.contains("a: has the ID 2 at hrs (was 1)") && moved.contains("b: had this ID before"), "{moved}");
        let rows = "SELECT slug || ' ' || organization || ' ' || source_hut_id || ' ' || coalesce(moved_to, 0) AS line
            FROM hut_source JOIN hut ON id = hut_id ORDER BY 1";
        assert_eq!(lines(&mut database.open(), rows), ["a hrs 2 0", "a huetten-holiday 27 0", "b hrs 2 1"]);
        let b = huts(database, &["show", "b", "--output", "json"]).json();
        assert_eq!((&b["is_active"], &b["booking_ref"], &b["sources"][0]["moved_to"]), (&false.into(), &Value::Null, &"a".into()));
        // A hut that lost its ID names the hut that has it now.
        huts(database, &["link", "b", "huetten-holiday", "27"]);
        assert_eq!(huts(database, &["show", "a", "--output", "json"]).json()["sources"][1]["moved_to"], "b");
        huts(database, &["link", "a", "huetten-holiday", "27"]);
        for bad in [["link", "a", "dav", "1"], ["link", "a", "hrs", "x3"], ["link", "nobody", "hrs", "3"]] {
            assert_eq!(huts(database, &bad).status, 2);
        }
        // The previous ID of the hut is free for another hut.
        assert_eq!(import(database, "c,C,hrs,1,,,,,,,,\n").stdout, "1 hut: 1 added, 0 updated, 0 unchanged\n");
        // If the ID is given back, the hut is active again as before.
        let back = huts(database, &["link", "b", "hrs", "2"]).stdout;
        assert!(back.starts_with("b: has the ID 2 at hrs; its bookings are followed at hrs\na: had this ID before"), "{back}");
        assert_eq!(huts(database, &["show", "b", "--output", "json"]).json()["is_active"], true);
        huts(database, &["link", "a", "hrs", "2"]);
        let taken = import(database, "d,D,hrs,2,,,,,,,,\n");
        assert!(taken.stderr.contains("line 2: the hut \"a\" already has the ID \"2\" of hrs"), "{}", taken.stderr);
    }
}

#[test]
fn reading_does_not_change_a_file_of_another_program() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("other.db");
    std::fs::write(&path, "").unwrap();
    let ran = run(hut_availability().args(["huts", "list", "--database-url"]).arg(&path));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("lacks 15 of the migrations"), "{ran:?}");
    assert_eq!(std::fs::read(&path).unwrap(), b"");
}
