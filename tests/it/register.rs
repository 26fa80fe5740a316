//! The register of huts, as an operator works with it: through the program, on both databases.

use serde_json::Value;

use crate::huts::import;
use crate::on_both_databases;
use crate::support::checks::{at, check};
use crate::support::database::{TestDatabase, lines, number};
use crate::support::program::{Ran, hut_availability, huts, run};

/// A file in which every column has something to lose.
const WHOLE: &str = "\
slug,name,organization,source_hut_id,country,latitude,longitude,elevation,hut_type_open,hut_type_closed,capacity_open,capacity_closed,is_active,link,other_sources,set_by_hand
blaueishuette,\"Blaueishütte, \"\"Berchtesgaden\"\"\",huetten-holiday,27,DE,47.58061,12.871099999999998,1680,hut,selfhut,84,10,true,https://www.huetten-holiday.com/huts/blaueishuette,hrs:77,elevation is_active
capanna,Capanna,hrs,8,CH,,,,,,,,false,,,
ruin,Ruin,,,IT,46.1,-0.5,-3,closed,,0,,true,,huetten-holiday:9=https://www.huetten-holiday.com/huts/ruin,
";

fn import_file(database: &TestDatabase, name: &str, content: &[u8]) -> Ran {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    huts(database, &["import", path.to_str().unwrap()])
}

fn another(database: &TestDatabase) -> TestDatabase {
    if database.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() }
}

on_both_databases! {
    fn what_is_exported_imports_to_the_same_bytes(database) {
        let ran = import_file(database, "huts.csv", WHOLE.as_bytes());
        assert_eq!(ran.stdout, "3 huts: 3 added, 0 updated, 0 unchanged\n", "{ran:?}");
        assert_eq!(huts(database, &["export"]).stdout, WHOLE);
        let json = huts(database, &["export", "--output", "json"]).stdout;
        for (name, content) in [("huts.csv", WHOLE), ("huts.json", &json)] {
            let copy = another(database);
            assert_eq!(import_file(&copy, name, content.as_bytes()).status, 0);
            assert_eq!(huts(&copy, &["export"]).stdout, WHOLE, "{name}");
            assert_eq!(huts(&copy, &["export", "--output", "json"]).stdout, json, "{name}");
            let again = import_file(&copy, name, content.as_bytes());
            assert_eq!(again.stdout, "3 huts: 0 added, 0 updated, 3 unchanged\n", "{again:?}");
        }
    }

    fn json_is_imported_and_its_faults_are_named(database) {
        let ran = import_file(database, "huts.json", br#" [
            {"slug": "a", "name": "A", "organization": "hrs", "source_hut_id": 1, "elevation": 1200, "latitude": 46.5},
            {"slug": "b", "name": "B", "organization": null, "source_hut_id": null, "other_sources": ["hrs:2"]}
        ]"#);
        assert_eq!(ran.stdout, "2 huts: 2 added, 0 updated, 0 unchanged\n", "{ran:?}");
        let listed = huts(database, &["list", "--output", "json", "--name", "b"]).json();
        assert_eq!((&listed[0]["slug"], &listed[0]["organization"], &listed[0]["other_sources"][0]), (&"b".into(), &Value::Null, &"hrs:2".into()));
        let bad = import_file(database, "huts.json", br#"[{"slug": "c", "name": "C"}, {"slug": "D", "name": "D", "organization": "hrs", "source_hut_id": 4},
            {"slug": "e", "name": "E", "organization": "hrs", "source_hut_id": 5, "beds": 3}, 7]"#);
        assert_eq!(bad.status, 2);
        for message in ["hut 1: lacks \"organization\"", "hut 2: the slug \"D\" must have", "hut 3: unknown column \"beds\"", "hut 4: must be an object, not 7"] {
            assert!(bad.stderr.contains(message), "{message}: {}", bad.stderr);
        }
        let broken = import_file(database, "huts.json", b"[{\"slug\": \"a\",\n\n");
        assert!(broken.stderr.contains("line 3: no JSON: EOF"), "{}", broken.stderr);
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut"), 2);
    }

    /// As Excel and macOS write them.
    fn a_spreadsheet_imports_as_a_person_expects(database) {
        let file = "\u{feff}slug,name,organization,source_hut_id\r\na,\"Hu\u{308}tte, obere\",hrs,1\r\nb,Hütte,hrs,2\r\n";
        assert_eq!(import_file(database, "huts.csv", file.as_bytes()).stdout, "2 huts: 2 added, 0 updated, 0 unchanged\n");
        assert_eq!(lines(&mut database.open(), "SELECT name AS line FROM hut ORDER BY slug"), ["Hütte, obere", "Hütte"]);
        let found = |name: &str| huts(database, &["list", "--output", "json", "--name", name]).json().as_array().unwrap().len();
        assert_eq!((found("hütte"), found("HÜTTE, o"), found("hu\u{308}tte"), found("huette"), found("x")), (2, 1, 2, 2, 0));
    }

    fn what_a_file_says_by_hand_is_left_by_discoveries(database) {
        let file = b"slug,name,organization,source_hut_id,elevation,country,is_active\na,A,hrs,1,1200,,true\nb,B,hrs,2,,,false\n";
        import_file(database, "huts.csv", file);
        let by_hand = || lines(&mut database.open(), "SELECT slug || ' ' || field AS line FROM hut_field_set_by_hand JOIN hut ON id = hut_id ORDER BY 1");
        assert_eq!(by_hand(), ["b is_active"], "it is not to be followed again");
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("huts.csv");
        std::fs::write(&path, file).unwrap();
        assert_eq!(huts(database, &["import", "--by-hand", path.to_str().unwrap()]).status, 0);
        assert_eq!(by_hand(), ["a elevation", "a is_active", "a name", "b is_active", "b name"]);
        // What was set so before stays so.
        std::fs::write(&path, "slug,name,organization,source_hut_id\na,A,hrs,1\n").unwrap();
        assert_eq!(huts(database, &["set", "a", "capacity_open=3"]).status, 0);
        assert_eq!(huts(database, &["import", "--by-hand", path.to_str().unwrap()]).status, 0);
        assert_eq!(by_hand()[..4], ["a capacity_open", "a elevation", "a is_active", "a name"]);
    }

    fn an_empty_is_active_leaves_it_as_it_is(database) {
        import_file(database, "huts.csv", WHOLE.as_bytes());
        let file = "slug,name,organization,source_hut_id,is_active\ncapanna,Capanna,hrs,8,\nnew,New,hrs,9,\n";
        assert_eq!(import_file(database, "huts.csv", file.as_bytes()).stdout, "2 huts: 1 added, 0 updated, 1 unchanged\n");
        let active = "SELECT slug AS line FROM hut WHERE is_active ORDER BY slug";
        assert_eq!(lines(&mut database.open(), active), ["blaueishuette", "new", "ruin"]);
    }

    fn the_list_is_filtered(database) {
        import_file(database, "huts.csv", WHOLE.as_bytes());
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
        assert_eq!(csv.lines().collect::<Vec<_>>(), [WHOLE.lines().next().unwrap(), WHOLE.lines().last().unwrap()]);
        let table = huts(database, &["list", "--inactive"]).stdout;
        assert!(table.contains("capanna") && table.ends_with("1 hut\n"), "{table}");
        let bad = huts(database, &["list", "--organization", "dav"]);
        assert!(bad.stderr.contains("'dav'") && bad.stderr.contains("hrs"), "{}", bad.stderr);
    }

    fn a_hut_is_shown_with_all_that_is_known_of_it(database) {
        import_file(database, "huts.csv", WHOLE.as_bytes());
        let mut db = database.open();
        let checked = check(1, "10:00", &[(1, 5), (2, 6)]);
        let checked = hut_availability::domain::availability::Check { organization: "huetten-holiday".into(), source_hut_id: "27".into(), ..checked };
        hut_availability::db::write::update_availability(&mut db, &checked, at("09:59")).unwrap();
        let shown = huts(database, &["show", "blaueishuette", "--output", "json"]).json();
        assert_eq!((&shown["latitude"], &shown["elevation"]), (&47.58061.into(), &1680.into()), "{shown}");
        assert_eq!(shown["sources"].as_array().unwrap().len(), 2);
        assert_eq!(shown["last_check"]["last_success"], "2026-06-30T10:00:00Z");
        assert_eq!(shown["counts"], serde_json::json!({"dates": 2, "listed": 2, "history_entries": 2}));
        let text = huts(database, &["show", "blaueishuette"]).stdout;
        for line in ["elevation         1680  (set by hand)", "source            hrs 77", "dates             2, 2 of them listed by the last check"] {
            assert!(text.contains(line), "{line}: {text}");
        }
        let missing = huts(database, &["show", "no-such-hut"]);
        assert_eq!(missing.status, 2);
        assert!(missing.stderr.contains("there is no hut with the slug \"no-such-hut\""), "{}", missing.stderr);
    }

    fn fields_are_set_all_or_none_and_what_is_wrong_is_quoted(database) {
        import_file(database, "huts.csv", WHOLE.as_bytes());
        let before = huts(database, &["export"]).stdout;
        for (args, message) in [
            (["capanna", "elevation=9001"], "elevation \"9001\" must be a number from -500 to 9000"),
            (["capanna", "name="], "name is empty"),
            (["capanna", "slug=ruin"], "there is a hut with the slug \"ruin\" already"),
            (["capanna", "slug=Ruin"], "must have only lower-case letters"),
            (["capanna", "booking_ref=huetten-holiday"], "the hut is known to hrs, not to huetten-holiday"),
            (["capanna", "booking_ref=dav"], "unknown booking_ref \"dav\""),
            (["capanna", "is_active=perhaps"], "must be true or false"),
            (["capanna", "beds=3"], "unknown field \"beds\""),
            (["capanna", "elevation"], "must be FIELD=VALUE"),
            (["nobody", "elevation=3"], "there is no hut with the slug \"nobody\""),
        ] {
            let ran = huts(database, &["set", args[0], "country=FR", args[1]]);
            assert_eq!(ran.status, 2, "{ran:?}");
            assert!(ran.stderr.contains(message), "{message}: {}", ran.stderr);
        }
        assert_eq!(huts(database, &["export"]).stdout, before, "nothing of it is stored");
        let set = huts(database, &["set", "capanna", "elevation=1856", "country=", "name=Capanna Basòdino"]);
        assert_eq!(set.stdout, "capanna: elevation unknown → 1856\ncapanna: country CH → unknown\ncapanna: name Capanna → Capanna Basòdino\n");
        let by_hand = "SELECT field AS line FROM hut_field_set_by_hand WHERE hut_id = 2 ORDER BY field";
        assert_eq!(lines(&mut database.open(), by_hand), ["country", "elevation", "name"]);
        let unset = huts(database, &["unset", "capanna", "name", "latitude"]);
        assert_eq!(unset.stdout, "capanna: name left to discoveries again\ncapanna: latitude was not set by hand\n\
            capanna: longitude was not set by hand\n");
        assert_eq!(lines(&mut database.open(), by_hand), ["country", "elevation"]);
    }

    fn huts_are_activated_and_deactivated_several_at_once(database) {
        import_file(database, "huts.csv", WHOLE.as_bytes());
        let active = || number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE is_active");
        assert_eq!(huts(database, &["deactivate", "blaueishuette", "ruin"]).status, 0);
        assert_eq!(active(), 0);
        assert_eq!(huts(database, &["activate", "capanna", "ruin"]).stdout, "capanna: is_active false → true\nruin: is_active false → true\n");
        assert_eq!(active(), 2);
        assert_eq!(huts(database, &["deactivate", "capanna", "nobody"]).status, 2);
        assert_eq!(active(), 2, "all or none");
    }

    fn a_hut_may_have_sources_at_several_organizations(database) {
        import(database, "a,A,hrs,1,,,,,,,,\nb,B,hrs,2,,,,,,,,\n");
        assert!(huts(database, &["link", "a", "hrs", "1"]).stderr.contains("has the ID \"1\" of hrs already"));
        let linked = huts(database, &["link", "a", "huetten-holiday", "27"]);
        assert_eq!(linked.stdout, "a: is 27 at huetten-holiday; its bookings are followed at hrs\n");
        assert_eq!(huts(database, &["set", "a", "booking_ref=huetten-holiday"]).status, 0);
        // Another hut's ID moves, and what that hut was stays.
        let refused = huts(database, &["link", "a", "hrs", "2"]);
        assert!(refused.stderr.contains("has the ID \"1\" of hrs: --replace gives it \"2\" instead"), "{refused:?}");
        let moved = huts(database, &["link", "a", "hrs", "2", "--replace"]).stdout;
        assert!(moved.contains("a: is 2 at hrs (was 1)") && moved.contains("b: had it before"), "{moved}");
        let rows = "SELECT slug || ' ' || organization || ' ' || source_hut_id || ' ' || coalesce(moved_to, 0) AS line
            FROM hut_source JOIN hut ON id = hut_id ORDER BY 1";
        assert_eq!(lines(&mut database.open(), rows), ["a hrs 2 0", "a huetten-holiday 27 0", "b hrs 2 1"]);
        let b = huts(database, &["show", "b", "--output", "json"]).json();
        assert_eq!((&b["is_active"], &b["booking_ref"], &b["sources"][0]["moved_to"]), (&false.into(), &Value::Null, &"a".into()));
        // Whoever had it once knows whose it is now.
        huts(database, &["link", "b", "huetten-holiday", "27"]);
        assert_eq!(huts(database, &["show", "a", "--output", "json"]).json()["sources"][1]["moved_to"], "b");
        huts(database, &["link", "a", "huetten-holiday", "27"]);
        for bad in [["link", "a", "dav", "1"], ["link", "a", "hrs", "x3"], ["link", "nobody", "hrs", "3"]] {
            assert_eq!(huts(database, &bad).status, 2);
        }
        // The ID that was given up is free for another hut.
        assert_eq!(import(database, "c,C,hrs,1,,,,,,,,\n").stdout, "1 hut: 1 added, 0 updated, 0 unchanged\n");
        // And an ID that is given back makes the hut what it was.
        let back = huts(database, &["link", "b", "hrs", "2"]).stdout;
        assert!(back.starts_with("b: is 2 at hrs; its bookings are followed at hrs\na: had it before"), "{back}");
        assert_eq!(huts(database, &["show", "b", "--output", "json"]).json()["is_active"], true);
        huts(database, &["link", "a", "hrs", "2"]);
        let taken = import(database, "d,D,hrs,2,,,,,,,,\n");
        assert!(taken.stderr.contains("line 2: the hut \"a\" has the ID \"2\" of hrs already"), "{}", taken.stderr);
    }
}

#[test]
fn reading_leaves_a_file_of_somebody_else_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("other.db");
    std::fs::write(&path, "").unwrap();
    let ran = run(hut_availability().args(["huts", "list", "--database-url"]).arg(&path));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("lacks 8 of the migrations"), "{ran:?}");
    assert_eq!(std::fs::read(&path).unwrap(), b"");
}

#[test]
fn reading_makes_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("no.db");
    for command in ["list", "export"] {
        let ran = run(hut_availability().args(["huts", command, "--database-url"]).arg(&path));
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.stderr.contains("does not exist yet"), "{ran:?}");
    }
    assert!(!path.exists());
}
