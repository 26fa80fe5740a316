//! The forms in which a SQLite file is named.

use std::fs;

use crate::support::program::{hut_availability, run_in, update_availability};

#[test]
fn every_form_names_the_same_file() {
    let directory = tempfile::tempdir().unwrap();
    let real = directory.path().display();
    let csv = directory.path().join("huts.csv");
    fs::write(&csv, "slug,name,organization,source_hut_id\na,A,hrs,1\n").unwrap();
    for form in [
        "h.db".to_owned(),
        "sqlite:h.db".to_owned(),
        "sqlite://h.db".to_owned(),
        "sqlite://h.db?mode=rwc".to_owned(),
        "sqlite:h.db?mode=rwc".to_owned(),
        "file:h.db".to_owned(),
        "file:h.db?mode=rwc".to_owned(),
        "file:%68.db".to_owned(),
        format!("sqlite://{real}/h.db"),
        format!("sqlite:{real}/h.db"),
        format!("file://{real}/h.db"),
        format!("file://localhost{real}/h.db"),
        format!("/{real}/h.db"),
    ] {
        let run = |words: &[&str]| {
            run_in(directory.path(), hut_availability().args(words).args(["--database-url", &form]))
        };
        let ran = run(&["huts", "import", "huts.csv"]);
        assert!(ran.status == 0 && ran.stdout.contains("1 added"), "{form}: {ran:?}");
        let ran = run(&["huts", "list"]);
        assert!(ran.status == 0 && ran.stdout.contains("1 hut\n"), "{form}: {ran:?}");
        let mut names: Vec<_> = fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["h.db", "huts.csv"], "{form}");
        fs::remove_file(directory.path().join("h.db")).unwrap();
    }
}

#[test]
fn other_forms_are_refused_by_name_and_make_no_file() {
    let directory = tempfile::tempdir().unwrap();
    for (form, named) in [
        (":memory:", "a database in memory"),
        ("sqlite::memory:", "a database in memory"),
        ("sqlite://:memory:", "a database in memory"),
        ("file::memory:?cache=shared", "cache=shared"),
        ("file:h.db?mode=memory", "a database in memory"),
        ("sqlite://h.db?mode=ro", "mode=ro"),
        ("file:h.db?immutable=1", "immutable=1"),
        ("sqlite3:h.db", "sqlite3:"),
        ("postgres:huts", "postgres:"),
    ] {
        let demo = ["--demo", "--database-url", form];
        let ran = run_in(directory.path(), update_availability().args(demo));
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{form}: {ran:?}");
        assert!(ran.stderr.contains(named), "{form}: {ran:?}");
        let ran =
            run_in(directory.path(), hut_availability().args(["status", "--database-url", form]));
        assert!(ran.status == 2 && ran.stderr.contains(named), "{form}: {ran:?}");
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
