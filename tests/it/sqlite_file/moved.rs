//! A database file that is removed or replaced while a program writes to it, and two programs that make one.

use std::fs;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, Opened, open_file};
use hut_availability::db::resilient::ResilientDb;
use hut_availability::runtime::timing::Meter;
use tokio::sync::watch;

use super::{command, other_program};
use crate::support::database::{TestDatabase, number};
use crate::support::program::{RunOutput, discover, hut_availability, run};
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

const AS_OF: &str = "2026-07-01T10:00:00Z";

/// How the name of a file is taken from it.
type Move = fn(&Path, &Path);

/// Both ways, with a word of the message. The second path is a backup.
const MOVES: [(&str, Move); 2] = [
    ("was removed", |file, _| fs::remove_file(file).unwrap()),
    ("was replaced", |file, backup| fs::rename(backup, file).unwrap()),
];

/// A database with two huts that have nights long past, and a backup of it beside it.
fn with_backup() -> (TestDatabase, PathBuf) {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(12));
    let site = TestSite::with_huts(12);
    assert_eq!(site.update(&database, "2024-07-01T10:00:00Z", &["--hut-slug", "hut-1"]).status, 0);
    let backup = database.directory().unwrap().join("backup.db");
    fs::copy(database.sqlite_file().unwrap(), &backup).unwrap();
    database.allow_violations("the test replaces the file");
    (database, backup)
}

fn assert_reported(ran: &RunOutput, message: &str, what: &str) {
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{what}: {ran:?}");
    assert!(ran.stderr.contains(message) && ran.stderr.contains("test.db"), "{what}: {ran:?}");
}

/// The file is as the operator left it: gone, or the backup.
fn assert_untouched(database: &TestDatabase, backup: Option<&[u8]>) {
    let file = database.sqlite_file().unwrap();
    assert_eq!(fs::read(file).ok().as_deref(), backup);
}

#[test]
fn a_run_whose_file_is_moved_ends_with_an_error() {
    for (message, take) in MOVES {
        let (database, backup) = with_backup();
        let file = database.sqlite_file().unwrap();
        let bytes = fs::read(&backup).unwrap();
        let site = TestSite::with_huts(12);
        let before = site.fake_site.requests();
        let mut command = site.update_command(&database.url);
        let args = ["--all", "--as-of", AS_OF, "--request-interval", "0.05"];
        let running = Running::start(command.args(args));
        wait_until("requests", || site.fake_site.requests() >= before + 3);
        take(file, &backup);
        let ran = running.end();
        assert_reported(&ran, message, "update");
        assert_untouched(&database, (message == "was replaced").then_some(&bytes));
    }
}

#[test]
fn a_run_through_a_link_that_then_leads_elsewhere_ends_with_an_error() {
    let (database, backup) = with_backup();
    let link = database.directory().unwrap().join("link-to-test.db");
    std::os::unix::fs::symlink(database.sqlite_file().unwrap(), &link).unwrap();
    let site = TestSite::with_huts(12);
    let before = site.fake_site.requests();
    let mut command = site.update_command(link.to_str().unwrap());
    let args = ["--all", "--as-of", AS_OF, "--request-interval", "0.05"];
    let running = Running::start(command.args(args));
    wait_until("requests", || site.fake_site.requests() >= before + 3);
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&backup, &link).unwrap();
    assert_reported(&running.end(), "was replaced", "update");
}

#[test]
fn a_discovery_whose_file_is_moved_ends_with_an_error() {
    for (message, take) in MOVES {
        let (database, backup) = with_backup();
        let file = database.sqlite_file().unwrap();
        let bytes = fs::read(&backup).unwrap();
        let site = TestSite::with_huts(12);
        let before = site.fake_site.requests();
        let mut command = discover(&site.fake_site.url(), &database);
        let args = ["--max-id", "40", "--request-interval", "0.05", "--organization", "hrs"];
        let running = Running::start(command.args(args));
        wait_until("requests", || site.fake_site.requests() >= before + 3);
        take(file, &backup);
        assert_reported(&running.end(), message, "discover");
        assert_untouched(&database, (message == "was replaced").then_some(&bytes));
    }
}

/// After a failure, a run connects again: to the same file, or not at all.
#[test]
fn no_new_connection_goes_to_another_file() {
    for (message, take) in MOVES {
        let (database, backup) = with_backup();
        let bytes = fs::read(&backup).unwrap();
        let Opened { db, file } = open_file(&database.url(), Access::ReadWrite).unwrap();
        let (_sender, stop) = watch::channel(None);
        let url = Some(database.url());
        let db =
            ResilientDb::new(db, url, Access::ReadWrite, stop, &Meter::default()).holding(file);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let fail_once = |_: &mut Db, number| match number {
            0 => {
                let why = Box::new("broken".to_owned());
                Err(DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, why))
            }
            _ => Ok(()),
        };
        runtime.block_on(db.run(fail_once)).unwrap();
        take(database.sqlite_file().unwrap(), &backup);
        let error = runtime.block_on(db.run(fail_once)).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
        assert_untouched(&database, (message == "was replaced").then_some(&bytes));
    }
}

/// Whether a program has kept a file open for some time, as one that waits for its lock.
fn waits_with(running: &Running, file: &Path) -> bool {
    let is_open = || {
        let open = fs::read_dir(format!("/proc/{}/fd", running.id())).unwrap();
        open.flatten().any(|fd| fs::read_link(fd.path()).is_ok_and(|open| open == file))
    };
    (0..60).all(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        is_open()
    })
}

#[test]
fn every_command_that_writes_notices_that_its_file_was_moved() {
    let csv = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    fs::write(csv.path(), "slug,name,organization,source_hut_id\nnew,New,hrs,99\n").unwrap();
    let original = TestDatabase::sqlite();
    for words in [
        &["huts", "import", csv.path().to_str().unwrap()][..],
        &["huts", "set", "hut-1", "elevation=1234"],
        &["huts", "unset", "hut-1", "elevation"],
        &["huts", "deactivate", "hut-1"],
        &["huts", "link", "hut-1", "hrs", "77", "--replace"],
        &["prune", "--keep-days", "366", "--as-of", AS_OF],
        &["repair"],
        &["copy"],
    ] {
        for (message, take) in MOVES {
            let (database, backup) = with_backup();
            let file = database.sqlite_file().unwrap();
            let bytes = fs::read(&backup).unwrap();
            let mut locked = other_program(file);
            let mut command = if words == ["copy"] {
                // The target is an earlier state of the original.
                let copy = original.sqlite_file().unwrap().to_str().unwrap();
                for end in ["", "-wal", "-shm"] {
                    let _ = fs::remove_file(format!("{copy}{end}"));
                }
                // Also of what is in the `-wal` file.
                locked.batch_execute(&format!("VACUUM INTO '{copy}'")).unwrap();
                drop(original.with_huts(13));
                let mut command = hut_availability();
                command.args(["copy", "--from", &original.url, "--to", &database.url]);
                command
            } else {
                command(words, &database.url)
            };
            locked.batch_execute("BEGIN IMMEDIATE").unwrap();
            let mut running = Running::start(&mut command);
            wait_until("the program to wait for the lock", || {
                assert!(!running.has_ended(), "{words:?}: {}", running.stderr());
                waits_with(&running, file)
            });
            take(file, &backup);
            locked.batch_execute("COMMIT").unwrap();
            assert_reported(&running.end(), message, &format!("{words:?}"));
            assert_untouched(&database, (message == "was replaced").then_some(&bytes));
        }
    }
    original.allow_violations("it is a copy of other files");
}

/// One program makes the tables, and the others wait for it.
#[test]
fn programs_that_start_at_once_on_an_empty_file_wait_for_each_other() {
    for round in 0..5 {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("test.db");
        fs::write(&file, "").unwrap();
        let url = format!("sqlite://{}", file.display());
        let csv = |n: usize| {
            let csv = directory.path().join(format!("{n}.csv"));
            let text =
                format!("slug,name,organization,source_hut_id\nhut-{n},Hut {n},hrs,{}\n", n + 1);
            fs::write(&csv, text).unwrap();
            csv
        };
        let start = |n| {
            let csv = csv(n);
            let words = ["huts", "import", csv.to_str().unwrap()];
            Running::start(&mut command(&words, &url))
        };
        let running: Vec<Running> = (0..6).map(start).collect();
        for ran in running.into_iter().map(Running::end) {
            assert_eq!(ran.status, 0, "round {round}: {ran:?}");
        }
        let database = TestDatabase::sqlite_in(directory, "test.db");
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut"), 6);
    }
}

#[test]
fn a_path_that_names_no_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    for (path, what) in [(directory.path(), "a directory"), (Path::new("/dev/null"), "a device")] {
        for words in [&["status"][..], &["verify"], &["huts", "deactivate", "hut-1"], &["migrate"]]
        {
            let ran = run(&mut command(words, path.to_str().unwrap()));
            assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{words:?}: {ran:?}");
            let message = format!("the path names {what}, not a file");
            assert!(ran.stderr.contains(&message), "{words:?}: {ran:?}");
        }
    }
}
