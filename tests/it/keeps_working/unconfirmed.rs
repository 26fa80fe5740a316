//! A COMMIT whose answer is lost: the changes are stored, or they are not.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::database::{TestDatabase, number};
use crate::support::program::{RunOutput, hut_availability, huts, run};
use crate::support::proxy::{Way, proxy, through_proxy};

/// When the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cut {
    /// The server does not get the COMMIT.
    Before,
    /// The server's answer to the COMMIT is lost.
    After,
}

/// The URL of a database behind a proxy that cuts the connection at the first COMMIT.
fn cut_at_commit(database: &TestDatabase, cut: Cut) -> String {
    let is_committing = AtomicBool::new(false);
    let pass = move |way, bytes: &[u8]| match way {
        Way::ToServer => {
            let is_commit = bytes.windows(6).any(|part| part == b"COMMIT");
            is_committing.fetch_or(is_commit, Ordering::SeqCst);
            !(is_commit && cut == Cut::Before)
        }
        // The server answers a COMMIT after it is stored.
        Way::ToClient => !is_committing.load(Ordering::SeqCst),
    };
    through_proxy(&database.url, |server| proxy(server, pass))
}

fn import_at(url: &str, file: &str) -> RunOutput {
    run(hut_availability().args(["huts", "import", file, "--database-url", url]))
}

#[test]
fn an_import_whose_commit_gets_no_answer_says_that_it_is_not_known() {
    let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    std::fs::write(
        file.path(),
        "slug,name,organization,source_hut_id\nnew-1,New 1,hrs,1\nnew-2,New 2,hrs,2\n",
    )
    .unwrap();
    let file = file.path().to_str().unwrap();
    for (cut, stored) in [(Cut::After, 2), (Cut::Before, 0)] {
        let database = TestDatabase::postgres();
        let ran = import_at(&cut_at_commit(&database, cut), file);
        assert_eq!(ran.status, 2, "{cut:?}: {ran:?}");
        assert!(ran.stderr.contains("it is not known whether they are stored"), "{cut:?}: {ran:?}");
        assert!(ran.stderr.contains("import the file once more"), "{cut:?}: {ran:?}");
        assert!(!ran.stderr.contains("nothing was imported"), "{cut:?}: {ran:?}");
        let count = "SELECT count(*) AS number FROM hut";
        assert_eq!(number(&mut database.open(), count), stored, "{cut:?}");

        let again = huts(&database, &["import", file]);
        let expected = format!("2 huts: {} added, 0 updated, {stored} unchanged\n", 2 - stored);
        assert_eq!((again.status, again.stdout), (0, expected), "{cut:?}");
        assert_eq!(number(&mut database.open(), count), 2);
    }
}

/// The same for every other command that changes huts.
#[test]
fn a_command_whose_commit_gets_no_answer_says_that_it_is_not_known() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(1));
    let url = cut_at_commit(&database, Cut::After);
    let ran = run(hut_availability().args(["huts", "deactivate", "hut-1", "--database-url", &url]));
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("it is not known whether they are stored"), "{ran:?}");
    assert!(!ran.stderr.contains("nothing was changed"), "{ran:?}");
    let inactive = "SELECT count(*) AS number FROM hut WHERE NOT is_active";
    assert_eq!(number(&mut database.open(), inactive), 1);
}
