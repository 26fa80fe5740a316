//! The metrics file: whole at any time, and readable by others.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::text::LAST_SUCCESS;

/// node_exporter is another user.
const MODE: u32 = 0o644;

/// Writes the file anew. A reader sees what was there before or all of `text`, whatever happens.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    };
    // Its name begins with a dot and ends otherwise than .prom, so that it is not read for one more file.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(Permissions::from_mode(MODE))?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// When a run last succeeded, by the file of the run before: the file of one that failed says so, too.
#[must_use]
pub fn last_success(path: &Path) -> Option<f64> {
    let before = std::fs::read_to_string(path).ok()?;
    before.lines().find_map(|line| line.strip_prefix(LAST_SUCCESS)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_anew_and_others_may_read_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("run.prom");
        write(&path, "a 1\n").unwrap();
        write(&path, &format!("b 2\n{LAST_SUCCESS} 1782900003.25\n")).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("b 2\n"));
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        let files = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(files, 1, "nothing is left beside it");
        assert_eq!(last_success(&path), Some(1_782_900_003.25));
        assert_eq!(last_success(directory.path()), None);
    }

    #[test]
    fn a_file_that_cannot_be_written_stays_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let taken = directory.path().join("run.prom");
        std::fs::create_dir_all(taken.join("full")).unwrap();
        assert!(write(&taken, "a 1\n").is_err());
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        assert!(write(&directory.path().join("no/run.prom"), "a 1\n").is_err());
    }
}
