//! Reading leaves a database as it is: after a crash, through a symbolic link, where nothing can be written, and
//! while another program has locked it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;

use super::{READING, command, contents, other_program, run_words};
use crate::support::database::TestDatabase;
use crate::support::program::{as_unprivileged_user, hut_availability, run};
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

/// A directory with a database as a crash leaves it: the last hut is only in the `-wal` file. `link.db` leads to
/// it.
fn crashed() -> (tempfile::TempDir, PathBuf) {
    let database = TestDatabase::sqlite();
    let mut db = database.with_huts(2);
    assert_eq!(
        TestSite::with_huts(2).update(&database, "2026-07-01T10:00:00Z", &["--all"]).status,
        0
    );
    let Db::Sqlite(connection) = &mut db else { unreachable!("the database is a file") };
    connection
        .batch_execute("PRAGMA wal_autocheckpoint = 0; UPDATE hut SET name = 'Last' WHERE id = 2")
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let real = directory.path().join("real.db");
    for end in ["", "-wal"] {
        let from = format!("{}{end}", database.sqlite_file().unwrap().display());
        fs::copy(from, format!("{}{end}", real.display())).unwrap();
    }
    assert!(fs::metadata(directory.path().join("real.db-wal")).unwrap().len() > 0);
    fs::create_dir(directory.path().join("links")).unwrap();
    let link = directory.path().join("links/link.db");
    symlink("../real.db", &link).unwrap();
    (directory, link)
}

#[test]
fn reading_after_a_crash_changes_nothing() {
    let (directory, link) = crashed();
    let chain = directory.path().join("links/chain.db");
    symlink("link.db", &chain).unwrap();
    let before = contents(directory.path());
    for path in [&link, &chain, &directory.path().join("real.db")] {
        for words in READING {
            let ran = run_words(words, path.to_str().unwrap());
            assert!(ran.stderr.is_empty() || words[0] == "update", "{words:?}: {ran:?}");
            assert!(contents(directory.path()) == before, "{words:?} of {}", path.display());
        }
        let target = tempfile::tempdir().unwrap();
        let to = target.path().join("copy.db");
        let copy = ["copy", "--from", path.to_str().unwrap(), "--to", to.to_str().unwrap()];
        let ran = run(hut_availability().args(copy));
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(contents(directory.path()) == before, "copy of {}", path.display());
        let list = run_words(&["huts", "list"], to.to_str().unwrap());
        assert!(list.stdout.contains("Last"), "what is in the -wal file is read: {list:?}");
    }
}

fn permit(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

/// The same command of a user who cannot write.
fn unprivileged(words: &[&str], database: &str) -> Command {
    let command = command(words, database);
    let mut unprivileged = as_unprivileged_user(command.get_program());
    unprivileged.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => unprivileged.env(name, value),
            None => unprivileged.env_remove(name),
        };
    }
    unprivileged
}

#[test]
fn a_file_in_a_read_only_directory_can_be_read() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(2));
    let update = TestSite::with_huts(2).update(&database, "2026-07-01T10:00:00Z", &["--all"]);
    assert_eq!(update.status, 0);
    let directory = database.directory().unwrap();
    let before = contents(directory);
    permit(directory, 0o555);
    for words in READING {
        let [mine, theirs] = [command(words, &database.url), unprivileged(words, &database.url)]
            .map(|mut command| {
                let ran = run(&mut command);
                let is_time = |line: &&str| line.starts_with("took ");
                let lines: Vec<_> = ran.stdout.lines().filter(|line| !is_time(line)).collect();
                (ran.status, lines.join("\n"), ran.stderr)
            });
        assert_eq!(theirs, mine, "{words:?}");
        assert!(contents(directory) == before, "{words:?}");
    }
    // A target elsewhere, where this user can write.
    let elsewhere = tempfile::tempdir().unwrap();
    permit(elsewhere.path(), 0o777);
    let to = elsewhere.path().join("copy.db");
    let mut copy = as_unprivileged_user(hut_availability().get_program());
    let ran = run(copy.args(["copy", "--from", &database.url, "--to", to.to_str().unwrap()]));
    assert_eq!(ran.status, 0, "{ran:?}");
    permit(directory, 0o755);
}

#[test]
fn changes_in_a_wal_file_that_cannot_be_read_are_named() {
    let (directory, _) = crashed();
    let real = directory.path().join("real.db");
    permit(directory.path(), 0o555);
    let ran = run(&mut unprivileged(&["status"], real.to_str().unwrap()));
    permit(directory.path(), 0o755);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(
        ran.stderr.contains("real.db-wal\", which SQLite reads only where it may write"),
        "{ran:?}"
    );
}

#[test]
fn a_locked_file_is_waited_for_with_a_message() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let file = database.sqlite_file().unwrap();
    for words in [&["huts", "list"][..], &["huts", "deactivate", "hut-1"]] {
        let mut locked = other_program(file);
        locked
            .batch_execute(
                "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE hut SET id = id",
            )
            .unwrap();
        let running = Running::start(&mut command(words, &database.url));
        wait_until("a message", || {
            running.stderr().contains("another program has locked sqlite://")
        });
        locked.batch_execute("COMMIT").unwrap();
        drop(locked);
        let ran = running.end();
        assert!(ran.status == 0 && ran.stdout.contains("hut-1"), "{words:?}: {ran:?}");
    }
}
