//! The demo.

use std::ffi::OsStr;

use crate::support::database::{TestDatabase, current};
use crate::support::program::{
    hut_availability, run, run_in, update_availability, without_settings,
};

#[test]
fn the_demo_refuses_a_database_with_real_huts() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(2));
    let ran = run(update_availability().args(["--demo", "--database-url", &database.url]));
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("huts that are not the demo's"), "{ran:?}");
    assert_eq!(current(&mut database.open()).len(), 0);
}

/// As after `cargo run`, which builds one program.
#[test]
fn the_demo_says_how_to_build_the_program_that_it_suggests() {
    // On the disk of the programs, for hard links. A copy may still be open for writing in a process that another test
    // has started meanwhile, and does not run then ("text file busy").
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let both = update_availability();
    let stderr = |program: &OsStr| {
        let demo = ["--demo", "--dry-run", "--request-interval", "0"];
        let ran = run_in(directory.path(), without_settings(program).args(demo));
        assert_eq!(ran.status, 0, "{ran:?}");
        ran.stderr
    };
    assert!(!stderr(both.get_program()).contains("cargo build"));
    for (profile, build) in [("release", "cargo build --release  "), ("debug", "cargo build  ")] {
        let alone = directory.path().join(profile).join("update-availability");
        std::fs::create_dir(alone.parent().unwrap()).unwrap();
        std::fs::hard_link(both.get_program(), &alone).unwrap();
        let stderr = stderr(alone.as_os_str());
        assert!(stderr.contains(&format!("{build}  build hut-availability")), "{stderr}");
    }
}

#[test]
fn the_demo_runs_and_finds_changes_when_it_runs_again() {
    let directory = tempfile::tempdir().unwrap();
    let demo = |args: &[&str]| {
        let args = ["--demo", "--request-interval", "0"].iter().chain(args);
        run_in(directory.path(), update_availability().args(args))
    };
    let first = demo(&[]);
    assert_eq!(first.status, 0, "{first:?}");
    assert!(
        first.stdout.starts_with("32 huts selected: 32 updated, 0 failed, 0 skipped\n"),
        "{first:?}"
    );
    assert!(first.stderr.contains("Try next:") && !first.stdout.contains("Try"), "{first:?}");
    // Also out of season there are huts with free places, on a night that the suggestions name.
    let night = first.stderr.split_once("hut-availability map ").unwrap().1[..10].to_owned();
    let map = [
        "map",
        &night,
        "--database-url",
        "hut-availability-demo.db",
        "--min-free",
        "1",
        "--output",
        "json",
    ];
    let map = run_in(directory.path(), hut_availability().args(map)).json();
    let open = map["huts"].as_array().unwrap().len();
    assert!(open >= 10, "{open} of 32 huts have free places on {night}");
    assert!(first.stderr.contains("The most free places on "), "{first:?}");
    assert!(first.stderr.contains("just now") && !first.stderr.contains(", old"), "{first:?}");

    let again = demo(&["--output", "json"]);
    // As much as in a day at real huts, however soon the second run comes.
    let dates = &again.json()["dates"];
    let [changed, unchanged] = ["changed", "unchanged"].map(|key| dates[key].as_f64().unwrap());
    let share = changed / (changed + unchanged);
    assert!((0.01..0.05).contains(&share), "{dates}");
    assert_eq!((again.status, &again.json()["mode"]), (0, &"due".into()), "{again:?}");
    assert!(again.json()["dates"]["changed"].as_u64().unwrap() > 0, "{again:?}");
    let sites = again.json()["sites"].as_array().unwrap().clone();
    let updated = sites.iter().map(|site| (site["organization"].clone(), site["updated"].clone()));
    let expected = [("ffcam", 5), ("hrs", 24), ("huetten-holiday", 3)];
    assert!(updated.eq(expected.map(|(site, huts)| (site.into(), huts.into()))), "{sites:?}");
    assert!(directory.path().join("hut-availability-demo.db").exists());
    assert!(!directory.path().join("hut-availability.db").exists());
    let one = demo(&["--output", "json", "--hut-slug", "watzmannhaus"]).json();
    assert_eq!((&one["mode"], &one["results"][0]["hut"]), (&"hut".into(), &"watzmannhaus".into()));
}
