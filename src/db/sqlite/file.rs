//! The file of a SQLite database: what a path names, and whether it still names the file that was opened.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Device and inode: they stay the same when a file is renamed, and differ if another one has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// The file that a path names, or that its symbolic link leads to. None if there is none.
    ///
    /// # Errors
    /// The path names something that is not a regular file, or cannot be looked up.
    pub fn of(path: &Path) -> anyhow::Result<Option<Self>> {
        let file = match path.metadata() {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("the file cannot be looked up"),
        };
        if !file.is_file() {
            bail!("the path names {}, not a file: give the path of a file", describe(&file));
        }
        Ok(Some(Self { device: file.dev(), inode: file.ino() }))
    }
}

/// What a path names, in words.
fn describe(file: &Metadata) -> &'static str {
    let kind = file.file_type();
    if kind.is_dir() {
        "a directory"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else if kind.is_fifo() {
        "a named pipe"
    } else {
        "a socket"
    }
}

/// The file that a connection holds. An open file stays the same if its name is removed, or given to another
/// file: then what is written is lost, or lies beside what others read.
///
/// The default stands for any file, and for databases without one: PostgreSQL, and those in memory.
#[derive(Clone, Debug, Default)]
pub struct HeldFile(Option<(PathBuf, Identity)>);

/// The path names another file than the one that was opened.
#[derive(Debug, thiserror::Error)]
pub enum FileMoved {
    #[error(
        "the database file {0:?} was removed while this program used it, and what the program wrote is lost with \
         it: start the program again"
    )]
    Removed(PathBuf),
    #[error(
        "the database file {0:?} was replaced by another file while this program used it, and what the program \
         wrote is not in the new one: end all programs that use it, remove the -wal file of the old one if it is \
         still there, and start again"
    )]
    Replaced(PathBuf),
}

impl HeldFile {
    /// The file at a path, as a connection has opened it.
    #[must_use]
    pub fn new(path: &Path, identity: Identity) -> Self {
        Self(Some((path.to_owned(), identity)))
    }

    /// Whether this is no particular file.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a file is this one.
    #[must_use]
    pub fn may_be(&self, file: Identity) -> bool {
        self.0.as_ref().is_none_or(|(_, held)| *held == file)
    }

    /// Checks that the path still names this file.
    ///
    /// # Errors
    /// It does not: [`FileMoved`].
    pub fn ensure_in_place(&self) -> anyhow::Result<()> {
        let Some((path, held)) = &self.0 else { return Ok(()) };
        match Identity::of(path) {
            Ok(Some(named)) if named == *held => Ok(()),
            Ok(None) => Err(FileMoved::Removed(path.clone()).into()),
            // A directory, or a directory on the way that cannot be read any more.
            Ok(Some(_)) | Err(_) => Err(FileMoved::Replaced(path.clone()).into()),
        }
    }
}

/// The file that a path leads to. SQLite follows symbolic links too: the `-wal` file lies beside the real file.
pub fn resolved(path: &Path) -> anyhow::Result<PathBuf> {
    path.canonicalize().with_context(|| format!("{:?} cannot be looked up", path.display()))
}

/// The `-wal` file of a database: what is stored, and not yet in the file itself.
#[must_use]
pub fn wal_of(path: &str) -> PathBuf {
    format!("{path}-wal").into()
}

/// The file in which another connection, or one that crashed, has left changes: without them the file itself is
/// not the whole database.
#[must_use]
pub fn unfinished(path: &str) -> Option<PathBuf> {
    let beside = [wal_of(path), format!("{path}-journal").into()];
    beside.into_iter().find(|file| file.metadata().is_ok_and(|file| file.len() > 0))
}

/// SQLite's URI of a file. Characters with a meaning in URIs are escaped.
#[must_use]
pub fn file_uri(path: &str, parameters: &str) -> String {
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?{parameters}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn error(held: &HeldFile) -> String {
        held.ensure_in_place().unwrap_err().to_string()
    }

    #[test]
    fn a_file_that_was_removed_or_replaced_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let (path, other) = (directory.path().join("huts.db"), directory.path().join("other.db"));
        let link = directory.path().join("link.db");
        fs::write(&path, "").unwrap();
        fs::write(&other, "").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let hold = |path: &Path| HeldFile::new(path, Identity::of(path).unwrap().unwrap());
        let (held, by_link) = (hold(&path), hold(&link));
        held.ensure_in_place().unwrap();
        fs::write(&path, "more").unwrap();
        held.ensure_in_place().unwrap();

        let elsewhere = directory.path().join("moved.db");
        fs::rename(&path, &elsewhere).unwrap();
        assert!(error(&held).contains("huts.db\" was removed"), "{}", error(&held));
        assert!(error(&by_link).contains("link.db\" was removed"), "the link leads nowhere");
        fs::rename(&other, &path).unwrap();
        assert!(error(&held).contains("huts.db\" was replaced"), "{}", error(&held));
        assert!(error(&by_link).contains("link.db\" was replaced"));
        fs::rename(&elsewhere, &path).unwrap();
        held.ensure_in_place().unwrap();
        HeldFile::default().ensure_in_place().unwrap();
    }

    #[test]
    fn a_path_that_names_no_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let error = |path: &Path| Identity::of(path).unwrap_err().to_string();
        assert!(error(directory.path()).contains("names a directory, not a file"));
        assert!(error(Path::new("/dev/null")).contains("names a device, not a file"));
        assert_eq!(Identity::of(&directory.path().join("none")).unwrap(), None);
    }
}
