//! Writes the metrics file atomically, and readable for other users.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::text::LAST_SUCCESS;

/// node_exporter runs as another user.
const MODE: u32 = 0o644;

/// Replaces the file. A reader sees either the old content or all of `text`, even if the program is killed.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    };
    // node_exporter ignores the temporary file, because its name does not end in .prom.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(Permissions::from_mode(MODE))?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Reads when a run last succeeded from the file of the previous run. The file of a failed run has that, too.
#[must_use]
pub fn last_success(path: &Path) -> Option<f64> {
    let previous = std::fs::read_to_string(path).ok()?;
    previous.lines().find_map(|line| line.strip_prefix(LAST_SUCCESS)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_replaced_and_readable_for_others() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("run.prom");
        write(&path, "a 1\n").unwrap();
        write(&path, &format!("b 2\n{LAST_SUCCESS} 1782900003.25\n")).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("b 2\n"));
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        let files = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(files, 1, "the temporary file is gone");
        assert_eq!(last_success(&path), Some(1_782_900_003.25));
        assert_eq!(last_success(directory.path()), None);
    }

    #[test]
    fn a_failed_write_leaves_no_temporary_file() {
        let directory = tempfile::tempdir().unwrap();
        let directory_in_place = directory.path().join("run.prom");
        std::fs::create_dir_all(directory_in_place.join("full")).unwrap();
        assert!(write(&directory_in_place, "a 1\n").is_err());
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        assert!(write(&directory.path().join("no/run.prom"), "a 1\n").is_err());
    }
}
