//! Files of other programs are neither read nor changed.

use std::fs;

use diesel::connection::SimpleConnection;

use super::{READING, command, contents, other_program, run_words};
use crate::support::database::{TestDatabase, number};
use crate::support::program::{hut_availability, run};
use crate::support::service::serve_command;

/// The words of commands that write.
const WRITING: [&[&str]; 5] = [
    &["migrate"],
    &["huts", "deactivate", "hut-1"],
    &["prune", "--keep-days", "400"],
    &["repair"],
    &["update", "--demo"],
];

#[test]
fn a_file_of_another_program_is_refused_and_not_changed() {
    let diesel = "CREATE TABLE __diesel_schema_migrations (version TEXT PRIMARY KEY); \
        INSERT INTO __diesel_schema_migrations VALUES ('20200101000001'); CREATE TABLE users (name TEXT)";
    for (sql, named) in [
        ("CREATE TABLE notes (line TEXT); INSERT INTO notes VALUES ('x')", "another program"),
        ("PRAGMA journal_mode = WAL; CREATE TABLE notes (line TEXT)", "another program"),
        ("PRAGMA application_id = 252006673; CREATE TABLE hut (id INTEGER)", "252006673"),
        ("PRAGMA application_id = 7", "(its application_id is 7)"),
        ("CREATE VIEW hut AS SELECT 1", "another program"),
        (diesel, "another program"),
        ("", "is not a SQLite file"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("other.db");
        if sql.is_empty() {
            let text =
                "no database, but a text that is longer than the header of SQLite's files is";
            fs::write(&file, text.repeat(3)).unwrap();
        } else {
            other_program(&file).batch_execute(sql).unwrap();
        }
        let before = contents(directory.path());
        let path = file.to_str().unwrap();
        let assert_refused = |ran: crate::support::program::RunOutput, what: &str| {
            assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{sql}: {what}: {ran:?}");
            assert!(
                ran.stderr.contains(named) && ran.stderr.contains("other.db"),
                "{what}: {ran:?}"
            );
            assert!(contents(directory.path()) == before, "{sql}: {what}");
        };
        for words in WRITING.iter().chain(&READING) {
            assert_refused(run_words(words, path), &format!("{words:?}"));
        }
        assert_refused(run(&mut serve_command(path)), "serve");
        let ours = TestDatabase::sqlite();
        for [from, to] in [[path, &*ours.url], [&*ours.url, path]] {
            assert_refused(
                run(hut_availability().args(["copy", "--from", from, "--to", to])),
                "copy",
            );
        }
    }
}

#[test]
fn files_of_this_program_are_marked_also_those_of_versions_before() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let id = || {
        number(&mut database.open(), "SELECT application_id AS number FROM pragma_application_id")
    };
    assert_eq!(id(), i64::from(u32::from_be_bytes(*b"Huts")));
    let unmark = || {
        let mut db = database.open();
        db.batch_execute("PRAGMA application_id = 0").unwrap();
    };
    for words in [&["migrate"][..], &["huts", "set", "hut-1", "elevation=1"]] {
        unmark();
        let read = run(&mut command(&["huts", "list"], &database.url));
        assert!(read.status == 0 && read.stdout.contains("hut-1"), "{read:?}");
        assert_eq!(run(&mut command(words, &database.url)).status, 0, "{words:?}");
        let mut file = other_program(database.sqlite_file().unwrap());
        let marked: i32 = diesel::RunQueryDsl::get_result(
            diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>(
                "(SELECT application_id FROM pragma_application_id)",
            )),
            &mut file,
        )
        .unwrap();
        assert_eq!(marked.to_be_bytes(), *b"Huts", "{words:?}");
    }
}

/// A file without tables belongs to nobody yet.
#[test]
fn an_empty_file_is_taken() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("empty.db");
    for sql in ["", "VACUUM", "PRAGMA journal_mode = WAL", "CREATE TABLE x (y); DROP TABLE x"] {
        let _ = fs::remove_file(&file);
        fs::write(&file, "").unwrap();
        if !sql.is_empty() {
            other_program(&file).batch_execute(sql).unwrap();
        }
        let ran = run_words(&["migrate"], file.to_str().unwrap());
        assert!(ran.status == 0 && ran.stdout.contains("migrations run"), "{sql}: {ran:?}");
    }
}
