//! Writes the metrics file atomically, and readable for other users. It replaces no file but its own.

use std::fs::{File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::text::{BEGINNING, LAST_SUCCESS};

/// node_exporter runs as another user.
const MODE: u32 = 0o644;

/// The most bytes that are read of an old file. A file of ours has some kilobytes.
const MAX_LEN: u64 = 1 << 20;

/// Symbolic links that lead to each other are followed this often.
const MAX_LINKS: u32 = 40;

/// Why the metrics file was not written.
#[derive(Debug, thiserror::Error)]
pub enum MetricsFileError {
    #[error("it is {0}: name a file that does not exist yet, or leave out --metrics-file")]
    NoFile(&'static str),
    #[error(
        "it holds something other than the metrics of a run, and is not replaced: name another file, or remove \
         this one"
    )]
    Foreign,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Replaces the file, or the file that a symbolic link leads to. A reader sees either the old content or all of
/// `text`, even if the program is killed.
///
/// # Errors
/// There is something other than a file of an earlier run, or the file cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), MetricsFileError> {
    let path = replaceable(path)?;
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    };
    // node_exporter ignores the temporary file, because its name does not end in .prom.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(Permissions::from_mode(MODE))?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Reads when a run last succeeded from the file of the previous run. The file of a failed run has that, too.
#[must_use]
pub fn last_success(path: &Path) -> Option<f64> {
    let previous = read(&replaceable(path).ok()?).ok()?;
    let previous = std::str::from_utf8(&previous).ok()?;
    previous.lines().find_map(|line| line.strip_prefix(LAST_SUCCESS)?.trim().parse().ok())
}

/// The file to replace: one that does not exist, is empty, or begins as the metrics of a run do.
fn replaceable(path: &Path) -> Result<PathBuf, MetricsFileError> {
    if is_beside_a_database(path) {
        return Err(MetricsFileError::Foreign);
    }
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(link_target(path)?),
        Err(error) => return Err(error.into()),
    };
    let kind = metadata.file_type();
    // Before it is opened, because opening a named pipe waits for its other end.
    if !kind.is_file() {
        return Err(MetricsFileError::NoFile(if kind.is_dir() {
            "a directory"
        } else if kind.is_char_device() || kind.is_block_device() {
            "a device"
        } else if kind.is_fifo() {
            "a pipe"
        } else {
            "a socket"
        }));
    }
    let path = path.canonicalize()?;
    let old = read(&path)?;
    if old.is_empty() || old.starts_with(BEGINNING.as_bytes()) {
        Ok(path)
    } else {
        Err(MetricsFileError::Foreign)
    }
}

/// Whether SQLite uses this name for a file of its own, which may be empty or missing between two writes.
fn is_beside_a_database(path: &Path) -> bool {
    let name = path.to_string_lossy();
    let database = ["-wal", "-shm", "-journal"].iter().find_map(|end| name.strip_suffix(end));
    database.is_some_and(|database| Path::new(database).is_file())
}

/// The path at the end of symbolic links, where no file is yet.
fn link_target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match path.read_link() {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => break,
        }
    }
    Ok(path)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_LEN).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn ours(value: &str) -> String {
        format!("{BEGINNING}x\n{LAST_SUCCESS} {value}\n")
    }

    #[test]
    fn the_file_is_replaced_and_readable_for_others() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("run.prom");
        fs::write(&path, "").unwrap();
        write(&path, &ours("1")).unwrap();
        write(&path, &ours("1782900003.25")).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        let files = fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(files, 1, "the temporary file is gone");
        assert_eq!(last_success(&path), Some(1_782_900_003.25));
        assert_eq!(last_success(directory.path()), None);
    }

    #[test]
    fn nothing_else_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let refused = |path: &Path| write(path, &ours("1")).unwrap_err().to_string();
        for content in ["SQLite format 3\0", "# my notes\n", "other_metric 1\n", "\n"] {
            fs::write(path("foreign"), content).unwrap();
            symlink(path("foreign"), path("link")).unwrap();
            assert!(refused(&path("foreign")).contains("is not replaced"), "{content:?}");
            assert!(refused(&path("link")).contains("is not replaced"), "{content:?}");
            assert_eq!(fs::read_to_string(path("foreign")).unwrap(), content);
            fs::remove_file(path("link")).unwrap();
        }
        fs::write(path("foreign-wal"), "").unwrap();
        for beside in ["foreign-wal", "foreign-journal"] {
            assert!(refused(&path(beside)).contains("is not replaced"), "{beside}");
        }
        fs::create_dir(path("directory")).unwrap();
        assert!(refused(&path("directory")).starts_with("it is a directory"));
        assert!(refused(Path::new("/dev/null")).starts_with("it is a device"));
        symlink("/dev/null", path("null")).unwrap();
        assert!(refused(&path("null")).starts_with("it is a device"));
        let fifo = std::process::Command::new("mkfifo").arg(path("fifo")).status().unwrap();
        assert!(fifo.success());
        assert!(refused(&path("fifo")).starts_with("it is a pipe"));
        assert_eq!(last_success(&path("fifo")), None);
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        assert!(refused(&path("socket")).starts_with("it is a socket"));
    }

    #[test]
    fn a_link_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::create_dir(path("elsewhere")).unwrap();
        symlink("elsewhere/run.prom", path("link")).unwrap();
        for value in ["1", "2"] {
            write(&path("link"), &ours(value)).unwrap();
            assert!(path("link").is_symlink());
            assert_eq!(fs::read_to_string(path("elsewhere/run.prom")).unwrap(), ours(value));
        }
        assert_eq!(last_success(&path("link")), Some(2.0));
    }

    #[test]
    fn a_failed_write_leaves_no_temporary_file() {
        let directory = tempfile::tempdir().unwrap();
        assert!(write(&directory.path().join("no/run.prom"), &ours("1")).is_err());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
