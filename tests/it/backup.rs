//! docs/backup.md: the test runs the page's commands exactly as written, while a run writes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::copy::{NEXT_DAY, assert_same, copy, filled};
use crate::support::database::TestDatabase;
use crate::support::model::assert_invariants;
use crate::support::postgres;
use crate::support::program::{RunOutput, run_in};

const PAGE: &str = include_str!("../../docs/backup.md");

/// The commands of the page. The key is the second word of the line that opens the code block.
fn commands() -> BTreeMap<&'static str, &'static str> {
    let blocks = PAGE.split("```sh ").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    blocks.map(|block| block.split_once('\n').unwrap()).collect()
}

/// Runs a command of the page in a directory. The PATH begins with the programs under test.
fn page(name: &str, directory: &Path, urls: &[(&str, &str)]) -> RunOutput {
    let programs = Path::new(env!("CARGO_BIN_EXE_hut-availability")).parent().unwrap().to_owned();
    let system_path = std::env::var_os("PATH").unwrap();
    let path =
        [programs, postgres::programs()].into_iter().chain(std::env::split_paths(&system_path));
    let mut shell = Command::new("sh");
    // The SQLite file of the test has another name.
    shell.args(["-eu", "-c", &commands()[name].replace("huts.db", "test.db")]);
    shell.env_remove("DATABASE_URL_FILE").env("PATH", std::env::join_paths(path).unwrap());
    let ran = run_in(directory, shell.envs(urls.iter().copied()));
    assert_eq!(ran.status, 0, "{name}: {ran:?}");
    ran
}

/// Calls `body` while a run writes to the database.
fn while_a_run_writes(database: &TestDatabase, body: impl FnOnce()) {
    let site = filled(database);
    std::thread::scope(|scope| {
        let run = scope.spawn(|| site.update(database, NEXT_DAY, &["--all", "--retries=0"]));
        body();
        assert_eq!(run.join().unwrap().status, 1, "the site does not know one hut");
    });
}

/// Asserts that the restored database holds what the original held at one moment.
fn assert_restored(original: &TestDatabase, restored: &TestDatabase) {
    assert_invariants(&mut restored.open());
    let ran = copy(original, restored);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_same(original, restored);
}

#[test]
fn every_command_of_the_page_is_tested() {
    let names: Vec<_> = commands().into_keys().collect();
    assert_eq!(
        names,
        [
            "backup-postgres",
            "backup-postgres-sqlite",
            "backup-sqlite",
            "backup-sqlite-vacuum",
            "move",
            "restore-postgres",
            "restore-sqlite",
            "try",
        ]
    );
}

fn sqlite_is_restored(backup: &str) {
    let database = TestDatabase::sqlite();
    let directory = database.directory().unwrap();
    while_a_run_writes(&database, || drop(page(backup, directory, &[])));
    let original = TestDatabase::sqlite();
    assert_eq!(copy(&database, &original).status, 0);
    page("restore-sqlite", directory, &[]);
    assert_restored(&original, &database);
}

#[test]
fn sqlite_is_restored_from_a_copy() {
    sqlite_is_restored("backup-sqlite");
}

#[test]
fn sqlite_is_restored_from_a_vacuumed_backup() {
    sqlite_is_restored("backup-sqlite-vacuum");
}

#[test]
fn postgres_is_restored_from_a_dump() {
    let (database, restored) = (TestDatabase::postgres(), TestDatabase::empty_postgres());
    let directory = tempfile::tempdir().unwrap();
    let urls = [("DATABASE_URL", &*database.url), ("RESTORED_URL", &*restored.url)];
    while_a_run_writes(&database, || drop(page("backup-postgres", directory.path(), &urls)));
    page("restore-postgres", directory.path(), &urls);
    let tried = page("try", directory.path(), &urls);
    assert!(tried.stdout.contains("last"), "{tried:?}");
    assert_restored(&database, &restored);
}

#[test]
fn postgres_is_backed_up_to_a_sqlite_file() {
    let database = TestDatabase::postgres();
    let directory = tempfile::tempdir().unwrap();
    let urls = [("DATABASE_URL", &*database.url)];
    while_a_run_writes(&database, || {
        drop(page("backup-postgres-sqlite", directory.path(), &urls));
    });
    let backup = TestDatabase::sqlite_in(directory, "huts-backup.db");
    assert_restored(&database, &backup);
}

/// Runs the command first while a run writes to SQLite, then once more.
#[test]
fn a_sqlite_database_moves_to_postgres() {
    let (database, to) = (TestDatabase::sqlite(), TestDatabase::empty_postgres());
    let directory = database.directory().unwrap();
    let urls = [("DATABASE_URL", &*to.url)];
    while_a_run_writes(&database, || drop(page("move", directory, &urls)));
    page("move", directory, &urls);
    assert_same(&database, &to);
}
