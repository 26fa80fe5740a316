//! Copies that are refused, and leave the target unchanged.

use diesel::connection::SimpleConnection;

use super::{NEXT_DAY, copy, filled, rows};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::postgres::SharedServerDatabase;
use crate::support::program::{RunOutput, hut_availability, run};

fn copy_urls(from: &str, to: &str) -> RunOutput {
    run(hut_availability().args(["copy", "--from", from, "--to", to]))
}

fn assert_refused(ran: &RunOutput, why: &str) {
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains(why), "{why:?}: {ran:?}");
}

on_both_databases! {
    fn a_copy_onto_other_huts_is_refused(database) {
        let from = TestDatabase::sqlite();
        let site = filled(&from);
        drop(database.with_huts_of("huetten-holiday", "other", 3));
        let before = rows(database);
        assert_refused(&copy(&from, database), "other data already, such as hut 1");
        assert_eq!(rows(database), before);
        // The other direction is refused as well, although most huts are missing in the target.
        let from_rows = rows(&from);
        assert_refused(&copy(database, &from), "other data already");
        assert_eq!(rows(&from), from_rows);
        drop(site);
    }

    /// As if original and copy were swapped by mistake: the copy has newer data.
    fn a_copy_onto_newer_data_is_refused(database) {
        let from = TestDatabase::sqlite();
        let site = filled(&from);
        assert_eq!(copy(&from, database).status, 0);
        assert_eq!(site.update(database, NEXT_DAY, &["--hut-slug", "hut-3"]).status, 0);
        let before = rows(database);
        assert_refused(&copy(&from, database), "other data already");
        assert_eq!(rows(database), before);
    }

    /// The same huts, checked from another database at other times.
    fn a_copy_onto_another_history_is_refused(database) {
        let from = TestDatabase::sqlite();
        let site = filled(&from);
        drop(database.with_huts(3));
        assert_eq!(site.update(database, "2026-06-30T10:00:00Z", &["--all"]).status, 0);
        let before = rows(database);
        assert_refused(&copy(&from, database), "other data already");
        assert_eq!(rows(database), before);
    }

    fn a_database_is_not_copied_to_itself(database) {
        drop(database.with_huts(1));
        let other_name = match database.directory() {
            Some(directory) => {
                let link = directory.join("link.db");
                std::os::unix::fs::symlink(directory.join("test.db"), &link).unwrap();
                link.display().to_string()
            }
            None => format!("{}?application_name=other", database.url),
        };
        assert_refused(&copy_urls(&database.url, &other_name), "are the same database");
        assert_refused(&copy_urls(&other_name, &database.url), "are the same database");
    }

    /// A check of a run that is not in the run log.
    fn a_copy_onto_a_newer_check_is_refused(database) {
        let from = TestDatabase::sqlite();
        let site = filled(&from);
        assert_eq!(copy(&from, database).status, 0);
        assert_eq!(site.update(database, NEXT_DAY, &["--hut-slug", "hut-3"]).status, 0);
        // The run log would reveal it as well.
        database.open().batch_execute("DELETE FROM update_run").unwrap();
        assert_refused(&copy(&from, database), "hut_check 3");
    }
}

#[test]
fn a_copy_does_not_migrate_postgres_and_a_failed_copy_creates_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).display().to_string();
    let from = TestDatabase::sqlite();
    let ran = copy_urls(&from.url, &SharedServerDatabase::empty().url);
    assert_refused(&ran, "run `hut-availability migrate`");
    let ran = copy_urls(&file("none.db"), &file("new.db"));
    assert_refused(&ran, "cannot open the database");
    assert_eq!(directory.path().read_dir().unwrap().count(), 0, "a file was created");
    let ran = copy_urls("postgres://me:hunter2@127.0.0.1:9/huts", &file("new.db"));
    assert_refused(&ran, "postgres://127.0.0.1:9/huts");
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
}
