//! Values that one database stores and the other does not: they are refused or cleaned where they come in.

use std::fs;

use diesel::connection::SimpleConnection;
use hut_availability::db::pages::nights::{self, NightFilter, Sort, SortBy};
use hut_availability::db::status;
use hut_availability::query::paging::Cursor;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, lines};
use crate::support::postgres::SharedServerDatabase;
use crate::support::program::{RunOutput, hut_availability, huts, run};
use crate::support::service::Service;
use crate::support::site::TestSite;

fn command(database: &TestDatabase, words: &[&str]) -> RunOutput {
    run(hut_availability().args(words).args(["--database-url", &database.url]))
}

/// Imports text as JSON.
fn import(database: &TestDatabase, json: &str) -> RunOutput {
    let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    fs::write(file.path(), json).unwrap();
    huts(database, &["import", file.path().to_str().unwrap()])
}

on_both_databases! {
    fn a_page_cursor_out_of_range_is_a_bad_request(database) {
        drop(database.with_huts(1));
        assert_eq!(TestSite::with_huts(1).update(database, "2026-07-01T10:00:00Z", &["--all"]).status, 0);
        let service = Service::start(&database.url);
        for cursor in [
            "~-262143-01-01~hut", "~%2B262142-12-31~hut", "~0000-01-01~hut", "~%2B10000-01-01~hut", "~-4713-01-01~hut",
        ] {
            for name in ["after", "before"] {
                let answer = service.get(&format!("/availability?days=all&{name}={cursor}"));
                assert_eq!(answer.status, 400, "{name}={cursor}: {answer:?}");
                let answer = service.get(&format!("/availability?sort=free&{name}=3{cursor}"));
                assert_eq!(answer.status, 400, "{name}=3{cursor}: {answer:?}");
            }
        }
        for cursor in [
            "0000-06-30T10:00:00Z~1~2026-07-01", "%2B10000-01-01T00:00:00Z~1~2026-07-01",
            "2026-06-30T10:00:60Z~1~2026-07-01", "2026-06-30T10:00:00Z~1~-262143-01-01",
        ] {
            for name in ["after", "before"] {
                let answer = service.get(&format!("/history?{name}={cursor}"));
                assert_eq!(answer.status, 400, "{name}={cursor}: {answer:?}");
            }
        }
        for cursor in ["~0001-01-01~hut", "~9999-12-31~hut"] {
            let answer = service.get(&format!("/availability?days=all&after={cursor}"));
            assert_eq!(answer.status, 200, "{cursor}: {answer:?}");
        }
        for path in [
            "/v1/huts/hut-1/availability/9999-12-31?days=365", "/v1/huts/availability/9999-12-31.geojson?days=365",
            "/v1/huts/hut-1/availability/0001-01-01/trend?limit=365", "/huts/hut-1?from=9999-12-31",
            "/huts/hut-1?from=0001-01-01&night=0001-01-01",
        ] {
            let answer = service.get(path);
            assert!(matches!(answer.status, 200 | 404), "{path}: {answer:?}");
        }
    }

    fn an_instant_that_the_databases_do_not_store_alike_is_refused(database) {
        drop(database.with_huts(1));
        let site = TestSite::with_huts(1);
        for as_of in [
            "0000-01-01T00:00:00Z", "0001-01-01T00:30:00+01:00", "2016-12-31T23:59:60Z", "2026-07-01T10:00:60Z",
            "9999-12-31T23:30:00-01:00",
        ] {
            let ran = run(site.update_command(&database.url).args(["--all", "--as-of", as_of, "--allow-future"]));
            assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{as_of}: {ran:?}");
            assert!(ran.stderr.contains(&format!("{as_of:?}")), "{ran:?}");
            for words in [
                &["map", "--as-of", as_of][..], &["hut", "hut-1", "--as-of", as_of], &["status", "--as-of", as_of],
                &["trend", "hut-1", "2026-07-01", "--as-of", as_of],
                &["prune", "--keep-days", "400", "--dry-run", "--as-of", as_of],
            ] {
                let ran = command(database, words);
                assert!(ran.status == 2 && ran.stderr.contains(as_of), "{words:?}: {ran:?}");
            }
        }
        // The last date of the range, and the first one in a time zone behind UTC.
        for args in [
            &["--as-of", "9999-12-31T10:00:00Z"][..],
            &["--as-of", "9999-01-02T10:00:00Z", "--days", "731"],
            &["--as-of", "0001-01-01T02:00:00Z", "--timezone", "America/New_York"],
        ] {
            let ran = run(site.update_command(&database.url).args(["--all", "--allow-future"]).args(args));
            assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{args:?}: {ran:?}");
            assert!(ran.stderr.contains("dates are of the years 1 to 9999"), "{ran:?}");
        }
        assert_eq!(lines(&mut database.open(), "SELECT host AS line FROM update_run"), [""; 0]);
    }

    fn control_characters_of_a_file_are_refused_or_cleaned(database) {
        for link in ["https://a.org/\\u0000", "https://a.org/\\u001b[31m", "https://a.org/\\u0085b", "http://\\u007f"] {
            let hut = format!(r#""slug":"a","name":"A","organization":"hrs","source_hut_id":"1","link":"{link}""#);
            let ran = import(database, &format!("[{{{hut}}}]"));
            assert_eq!(ran.status, 2, "{ran:?}");
            assert!(ran.stderr.contains("no control characters"), "{ran:?}");
            let other = r#""slug":"a","name":"A","organization":"","source_hut_id":"""#;
            let ran = import(database, &format!(r#"[{{{other},"other_sources":"hrs:1={link}"}}]"#));
            assert_eq!(ran.status, 2, "{ran:?}");
            assert!(ran.stderr.contains("bad line"), "{ran:?}");
        }
        for (field, value) in [("slug", "a\\u0000"), ("source_hut_id", "1\\u0000"), ("country", "C\\u0000"), ("hut_type_open", "hut\\u0000")] {
            let mut hut = serde_json::json!({"slug": "a", "name": "A", "organization": "hrs", "source_hut_id": "1"});
            hut[field] = serde_json::from_str(&format!("\"{value}\"")).unwrap();
            let ran = import(database, &format!("[{hut}]"));
            assert_eq!(ran.status, 2, "{field}: {ran:?}");
        }
        let named = r#"[{"slug":"a","name":"A\u0000\u001b B","organization":"hrs","source_hut_id":"1"}]"#;
        assert_eq!(import(database, named).status, 0);
        assert_eq!(huts(database, &["set", "a", "name=C\u{1b}\u{7} D"]).status, 0);
        let names = lines(&mut database.open(), "SELECT name AS line FROM hut");
        assert_eq!(names, ["C D"]);
        let other = if database.is_sqlite() { TestDatabase::postgres() } else { TestDatabase::sqlite() };
        let ran = run(hut_availability().args(["copy", "--from", &database.url, "--to", &other.url]));
        assert_eq!(ran.status, 0, "{ran:?}");
    }

    fn csv_for_people_has_no_formula_and_an_export_is_exact(database) {
        let names = ["=HYPERLINK(1)", "+41 33 Hut", "-Hut", "@SUM(A1)", "Hut"];
        let json: Vec<String> = (1..).zip(names).map(|(id, name)| format!(
            r#"{{"slug":"hut-{id}","name":"{name}","organization":"hrs","source_hut_id":"{id}","latitude":-0.5,"longitude":7}}"#
        )).collect();
        let ran = import(database, &format!("[{}]", json.join(",")));
        assert_eq!(ran.status, 0, "{ran:?}");
        let site = TestSite::with_huts(4);
        assert_eq!(site.update(database, "2026-07-01T10:00:00Z", &["--all"]).status, 1, "the site has no hut 5");
        let day = ["--as-of", "2026-07-01T11:00:00Z", "--output", "csv"];
        for (words, rows) in [
            (&["map", "2026-07-01"][..], 4), (&["hut", "hut-1", "2026-07-01"], 14), (&["trend", "hut-1", "2026-07-02"], 1),
            (&["huts", "list", "--output", "csv"], 5), (&["status"], 1),
        ] {
            let with_day: Vec<&str> = if words[0] == "huts" { words.into() } else { [words, &day[..]].concat() };
            let ran = command(database, &with_day);
            assert_eq!(ran.status, 0, "{words:?}: {ran:?}");
            let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
            let records: Vec<_> = reader.records().map(Result::unwrap).collect();
            assert!(records.len() >= rows, "{words:?}: {ran:?}");
            for cell in records.iter().flatten() {
                assert!(!cell.starts_with(['=', '+', '@']), "{words:?}: {cell}");
                assert!(!cell.starts_with('-') || cell.parse::<f64>().is_ok(), "{words:?}: {cell}");
            }
        }
        let list = huts(database, &["list", "--output", "csv"]).stdout;
        assert!(list.contains("hut-1,'=HYPERLINK(1),hrs,1,,-0.5,7.0,"), "numbers stay numbers: {list}");
        let export = huts(database, &["export"]).stdout;
        assert!(export.contains("hut-1,=HYPERLINK(1),hrs,1,,-0.5,7.0,"), "{export}");
        let again = TestDatabase::sqlite();
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        fs::write(file.path(), &export).unwrap();
        assert_eq!(huts(&again, &["import", file.path().to_str().unwrap()]).status, 0);
        assert_eq!(huts(&again, &["export"]).stdout, export);
    }
}

#[test]
fn a_database_in_another_encoding_is_refused() {
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let options = format!("ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0");
        let url = &SharedServerDatabase::with(&options).url;
        let ran = run(hut_availability().args(["migrate", "--database-url", url]));
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert!(ran.stderr.contains(&format!("it has the encoding {encoding}")), "{ran:?}");
        assert!(ran.stderr.contains("createdb --encoding=UTF8"), "{ran:?}");
        let ran = run(hut_availability().args(["huts", "list", "--database-url", url]));
        assert!(ran.status == 2 && ran.stderr.contains("hut-availability migrate"), "{ran:?}");
    }
}

/// In Czech, `ch` comes after `h`, and hyphens hardly count.
#[test]
fn lists_have_the_same_order_in_every_locale() {
    let czech = TestDatabase::on_shared_server(SharedServerDatabase::with(
        "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'cs-CZ' LOCALE 'C' TEMPLATE template0",
    ));
    let migrated = run(hut_availability().args(["migrate", "--database-url", &czech.url]));
    assert_eq!(migrated.status, 0, "{migrated:?}");
    let locale = "SELECT CAST('chata' > 'hut' AS text) AS line";
    assert_eq!(lines(&mut czech.open(), locale), ["true"], "the server has the locale");
    let sqlite = TestDatabase::sqlite();
    let site = TestSite::with_huts(0);
    for database in [&czech, &sqlite] {
        let slugs = ["hut-9", "hut10", "cesta", "chata", "cuore", "h-a", "hb", "a-z", "aa"];
        let json: Vec<String> = (1..)
            .zip(slugs)
            .map(|(id, slug)| {
                format!(
                    r#"{{"slug":"{slug}","name":"A","organization":"hrs","source_hut_id":"{id}"}}"#
                )
            })
            .collect();
        assert_eq!(import(database, &format!("[{}]", json.join(","))).status, 0);
        assert_eq!(site.update(database, "2026-07-01T10:00:00Z", &["--all"]).status, 2, "all fail");
        let checked = "UPDATE hut_check SET last_success = last_checked, last_success_run = last_checked_run;
            INSERT INTO availability (hut_id, availability_date, source_organization, source_hut_id, free, total,
                hut_type, reservation_status, first_checked)
            SELECT hut_id, '2026-07-01', 'hrs', '1', 3, 40, 'hut', 'possible', last_checked FROM hut_check";
        database.open().batch_execute(checked).unwrap();
        database.allow_violations("nights are inserted without a history, to test their order");
    }
    let failing = |database: &TestDatabase| -> Vec<String> {
        status::failing(&mut database.open()).unwrap().into_iter().map(|hut| hut.slug).collect()
    };
    assert_eq!(failing(&czech), failing(&sqlite));
    // The whole list, in pages of two rows.
    let nights = |database: &TestDatabase, by| -> Vec<String> {
        let (mut db, sort) = (database.open(), Sort { by, ..Sort::default() });
        let (mut cursor, mut slugs) = (Cursor::Start, Vec::new());
        loop {
            let rows = nights::page(&mut db, &NightFilter::default(), sort, &cursor, 1).unwrap();
            let Some(row) = rows.first() else { return slugs };
            slugs.push(row.hut.slug.clone());
            cursor = Cursor::After(row.key(by));
        }
    };
    for by in [SortBy::Hut, SortBy::Date, SortBy::Free] {
        assert_eq!(nights(&czech, by), nights(&sqlite, by), "{by}");
        assert_eq!(nights(&czech, by).len(), 9, "{by}");
    }
    for words in
        [&["huts", "list"][..], &["huts", "export"], &["map", "2026-07-01", "--output", "json"]]
    {
        let printed = |database: &TestDatabase| command(database, words).stdout;
        assert_eq!(printed(&czech), printed(&sqlite), "{words:?}");
    }
}
