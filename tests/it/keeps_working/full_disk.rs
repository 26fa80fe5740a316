//! A full disk with a SQLite database.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::database::{TestDatabase, lines};
use crate::support::model::assert_invariants;
use crate::support::same::assert_same;
use crate::support::say;
use crate::support::site::TestSite;

const AS_OF: &str = "2026-07-01T10:00:00Z";
const HUTS: usize = 12;

/// A file system of 4 MiB in memory.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// Returns none if this process may not mount a file system.
    fn mount() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(directory.path());
        match mount.output() {
            Ok(output) if output.status.success() => Some(Self(directory)),
            _ => {
                say("skipped: the test of a full disk must mount a tmpfs, which needs root");
                None
            }
        }
    }

    /// Fills the disk except for `bytes` bytes.
    fn fill_except(&self, bytes: usize) {
        let path = self.0.path().join("filler");
        // This writes as much as fits, and fails.
        let _ = fs::write(&path, vec![1; 5 << 20]);
        let length = fs::metadata(&path).unwrap().len();
        let length = length.saturating_sub(bytes as u64);
        fs::File::options().write(true).open(&path).unwrap().set_len(length).unwrap();
    }

    fn free_space(&self) {
        fs::remove_file(self.0.path().join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

fn database_on(disk: &Path) -> TestDatabase {
    let database = TestDatabase::at(format!("sqlite://{}", disk.join("huts.db").display()));
    drop(database.with_huts(HUTS));
    database
}

/// The disk is full from the start, or becomes full during the run.
#[test]
fn a_full_disk_loses_nothing() {
    let undisturbed = TestDatabase::sqlite();
    drop(undisturbed.with_huts(HUTS));
    let site = TestSite::with_huts(HUTS as u32);
    assert_eq!(site.update(&undisturbed, AS_OF, &["--all"]).status, 0);
    for free_bytes in [0, 200 << 10, 500 << 10] {
        let Some(disk) = SmallDisk::mount() else { return };
        let database = database_on(disk.0.path());
        disk.fill_except(free_bytes);
        let ran = site.update(&database, AS_OF, &["--all", "--lease", "10"]);
        assert!(ran.status == 1 || ran.status == 2, "{free_bytes}: {ran:?}");
        let output = format!("{}{}", ran.stdout, ran.stderr);
        let is_reported = |words: &&str| output.contains(words);
        // If the files beside the database do not fit either, SQLite cannot even open the database.
        assert!(
            ["database or disk is full", "disk I/O error"].iter().any(is_reported),
            "{free_bytes}: {ran:?}"
        );
        assert!(output.contains("huts.db") || output.contains("is full"), "{free_bytes}: {ran:?}");
        disk.free_space();
        let mut db = database.open();
        assert_eq!(
            lines(&mut db, "SELECT integrity_check AS line FROM pragma_integrity_check"),
            ["ok"]
        );
        assert_invariants(&mut db);
        drop(db);
        let next = site.update(&database, AS_OF, &["--all", "--lease", "10"]);
        assert_eq!(next.status, 0, "{free_bytes}: {next:?}");
        assert_same(&database, &undisturbed, &format!("{free_bytes} free bytes"));
    }
}
