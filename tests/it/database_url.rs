//! The sources of the database URL: flags, environment variables and files.

use std::path::Path;
use std::process::Command;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::program::{hut_availability, run, update_availability};

/// A file with a secret, as Kubernetes mounts it.
fn secret(content: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, content).unwrap();
    file
}

fn plan(file: &Path) -> Command {
    let mut command = update_availability();
    command.arg("--dry-run=plan").env("DATABASE_URL_FILE", file);
    command
}

on_both_databases! {
    fn both_programs_read_the_url_from_a_file(database) {
        drop(database.with_huts(1));
        let file = secret(&format!("{}\n", database.url));
        let ran = run(&mut plan(file.path()));
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.stdout.contains("hut-1 (new)"), "{ran:?}");
        let mut list = hut_availability();
        let ran = run(list.args(["huts", "list", "--output=csv"]).env("DATABASE_URL_FILE", file.path()));
        assert!(ran.stdout.contains("hut-1"), "{ran:?}");
    }
}

#[test]
fn two_variables_are_refused_and_a_flag_overrides_both() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let file = secret("postgres://me:hunter2@127.0.0.1:9/huts");
    let ran = run(plan(file.path()).env("DATABASE_URL", &database.url));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("DATABASE_URL and DATABASE_URL_FILE are both given"), "{ran:?}");
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    let ran = run(plan(file.path()).args(["--database-url", &database.url]));
    assert_eq!(ran.status, 0, "{ran:?}");
    let flag = ["--database-url-file", secret(&database.url).into_temp_path().to_str().unwrap()]
        .map(ToOwned::to_owned);
    let ran = run(plan(file.path()).args(flag));
    assert_eq!(ran.status, 2, "the file is deleted: {ran:?}");
    assert!(ran.stderr.contains("cannot be read: No such file"), "{ran:?}");
}

/// The flag can stand before or after the subcommand.
#[test]
fn every_command_takes_the_url_file_as_a_flag() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let file = secret(&database.url);
    let flag = ["--database-url-file", file.path().to_str().unwrap()];
    let after = run(hut_availability().args(["huts", "list"]).args(flag));
    let before = run(hut_availability().args(flag).args(["huts", "list"]));
    assert!(after.stdout.contains("hut-1"), "{after:?}");
    assert_eq!(after.stdout, before.stdout);
}
