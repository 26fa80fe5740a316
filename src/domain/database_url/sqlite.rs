//! The forms in which a SQLite file is named. Other programs take forms that this one refuses by name: as a path,
//! each of them would make a file with an odd name.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

/// Why a text does not name a SQLite file.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSqlitePath {
    #[error("the database is empty: give sqlite://PATH, a path, or postgres://USER@HOST/DATABASE")]
    Empty,
    #[error(
        "{0:?} is a database in memory, which other connections do not see and which is lost when the program \
         ends: give the path of a file"
    )]
    InMemory(String),
    #[error(
        "the parameter {0:?} of a SQLite file is not supported: leave it out; a missing file is created by the \
         program that writes first, and programs that read change nothing"
    )]
    Parameter(String),
    #[error("file://{0} names another machine: give the path of a file on this one")]
    Host(String),
    #[error(
        "the path of the database has a control character, or a space at its start or end: {0:?}"
    )]
    NoPath(String),
}

/// Splits `scheme:rest`. The scheme is empty for a plain path, also for one with a colon behind a slash.
pub fn split_scheme(text: &str) -> (&str, &str) {
    let is_scheme = |scheme: &str| {
        // A single letter is a drive in paths of Windows.
        scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-._".contains(c))
    };
    text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)).unwrap_or(("", text))
}

/// The path in `sqlite:PATH` and `sqlite://PATH`. No character is escaped in it.
pub fn url(text: &str) -> Result<PathBuf, InvalidSqlitePath> {
    path(text.strip_prefix("//").unwrap_or(text))
}

/// A plain path.
pub fn path(text: &str) -> Result<PathBuf, InvalidSqlitePath> {
    checked(without_parameters(text))
}

/// The path of SQLite's own URIs: `file:PATH`, `file:///PATH` and `file://localhost/PATH`, with escapes.
pub fn file_uri(text: &str) -> Result<PathBuf, InvalidSqlitePath> {
    let text = match text.strip_prefix("//") {
        Some(rest) => match rest.split_at(rest.find('/').unwrap_or(rest.len())) {
            ("" | "localhost", path) => path,
            (host, _) => return Err(InvalidSqlitePath::Host(host.into())),
        },
        None => text,
    };
    let path = without_parameters(text);
    if let Some((_, fragment)) = path.split_once('#') {
        return Err(InvalidSqlitePath::Parameter(format!("#{fragment}")));
    }
    match percent_decode_str(path).decode_utf8() {
        Ok(decoded) => checked(&decoded),
        Err(_) => Err(InvalidSqlitePath::NoPath(path.into())),
    }
}

/// Takes off the only parameter that says what the program does anyway.
fn without_parameters(text: &str) -> &str {
    match parameters(text) {
        Some((path, parameters)) if parameters.split('&').all(|one| one == "mode=rwc") => path,
        _ => text,
    }
}

/// Splits a path from parameters. A question mark may also be a part of a file's name.
fn parameters(text: &str) -> Option<(&str, &str)> {
    let is_parameter = |parameter: &str| {
        parameter.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        })
    };
    text.rsplit_once('?').filter(|(_, parameters)| parameters.split('&').all(is_parameter))
}

/// The parameter with its value, if it is one of SQLite's own. Another one may be a key or a password.
fn described(parameter: &str) -> String {
    let (name, _) = parameter.split_once('=').unwrap_or((parameter, ""));
    let is_own = ["cache", "immutable", "mode", "modeof", "nolock", "psow", "vfs"].contains(&name);
    if is_own { parameter.into() } else { name.into() }
}

fn checked(path: &str) -> Result<PathBuf, InvalidSqlitePath> {
    if path.is_empty() {
        return Err(InvalidSqlitePath::Empty);
    }
    if let Some((_, parameters)) = parameters(path) {
        // The text of a path must name the same file again.
        return Err(match parameters.split('&').find(|parameter| *parameter != "mode=rwc") {
            Some(memory @ "mode=memory") => InvalidSqlitePath::InMemory(memory.into()),
            other => InvalidSqlitePath::Parameter(described(other.unwrap_or("mode=rwc"))),
        });
    }
    if path.contains(char::is_control) || path.trim() != path {
        return Err(InvalidSqlitePath::NoPath(path.into()));
    }
    if path.eq_ignore_ascii_case(":memory:") {
        return Err(InvalidSqlitePath::InMemory(path.into()));
    }
    // Some programs write four slashes before an absolute path. It means the same as three; and SQLite would
    // take two at the start of a path for a machine's name.
    let slashes = path.len() - path.trim_start_matches('/').len();
    Ok(if slashes > 1 { path[slashes - 1..].into() } else { path.into() })
}

#[cfg(test)]
mod tests {
    use crate::domain::database_url::DatabaseUrl;

    fn parse(text: &str) -> Result<String, String> {
        match text.parse::<DatabaseUrl>() {
            Ok(DatabaseUrl::Sqlite(path)) => Ok(path.to_str().unwrap().to_owned()),
            Ok(DatabaseUrl::Postgres(url)) => panic!("{url}"),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_file_is_named_in_the_forms_of_other_programs() {
        for text in [
            "h.db",
            "sqlite:h.db",
            "sqlite://h.db",
            "SQLite:h.db",
            "file:h.db",
            "file:%68.db",
            "h.db?mode=rwc",
            "sqlite:h.db?mode=rwc",
            "sqlite://h.db?mode=rwc",
            "file:h.db?mode=rwc",
        ] {
            assert_eq!(parse(text), Ok("h.db".into()), "{text}");
        }
        for text in [
            "/tmp/h.db",
            "//tmp/h.db",
            "sqlite:/tmp/h.db",
            "sqlite:///tmp/h.db",
            "sqlite:////tmp/h.db",
            "file:/tmp/h.db",
            "file:///tmp/h.db",
            "file://localhost/tmp/h.db",
            "file:////tmp/h.db?mode=rwc",
        ] {
            assert_eq!(parse(text), Ok("/tmp/h.db".into()), "{text}");
        }
        for odd in ["./a:b.db", "dir/a:b.db", "a?b.db", "50%.db", "C:\\h.db", "a#b", "./:memory:"] {
            assert_eq!(parse(odd), Ok(odd.into()));
        }
        assert_eq!(parse("file:my%20h.db"), Ok("my h.db".into()));
        assert_eq!(parse("sqlite://my%20h.db"), Ok("my%20h.db".into()), "no form of SQLite's own");
    }

    #[test]
    fn a_database_in_memory_is_refused() {
        for text in [
            ":memory:",
            ":MEMORY:",
            "sqlite::memory:",
            "sqlite://:memory:",
            "file::memory:",
            "file::memory:?mode=memory",
            "file:huts?mode=memory&cache=shared",
            "sqlite://huts?mode=memory",
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains("is a database in memory"), "{text}: {error}");
            assert!(error.contains("memory") && error.contains("give the path of a file"));
        }
    }

    #[test]
    fn what_is_not_supported_is_named() {
        for (text, named) in [
            ("sqlite://h.db?mode=ro", "\"mode=ro\""),
            ("sqlite:h.db?mode=rwc&cache=shared", "\"cache=shared\""),
            ("h.db?immutable=1", "\"immutable=1\""),
            ("file:h.db?vfs=unix-none", "\"vfs=unix-none\""),
            ("file:h.db?key=hunter2", "\"key\""),
            ("file:h.db#x", "\"#x\""),
            ("file://nas/h.db", "file://nas"),
            ("file:h.db%3fmode=ro", "\"mode=ro\""),
            ("h.db?mode=rwc?mode=rwc", "\"mode=rwc\""),
            ("file:a%20", "\"a \""),
            ("file:%20", "\" \""),
            ("file:a%00b", "a\\0b"),
            ("file:a%ff", "a%ff"),
            ("sqlite://a\u{0}b", "a\\0b"),
            ("sqlite3:h.db", "\"sqlite3:\""),
            ("jdbc:sqlite:h.db", "\"jdbc:\""),
            ("postgres:huts", "\"postgres:\""),
            ("sqlite+aiosqlite:///h.db", "\"sqlite+aiosqlite://\""),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(named), "{text}: {error}");
        }
        for text in
            ["", "sqlite:", "sqlite://", "file:", "file://", "?mode=rwc", "sqlite:?mode=rwc"]
        {
            assert!(parse(text).unwrap_err().starts_with("the database is empty"), "{text}");
        }
    }

    #[test]
    fn the_text_of_a_file_names_the_same_file() {
        for text in ["sqlite:h.db", "file:a%20b?mode=rwc", "./a:b.db", "/a//b.db", "a?b"] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!(url.to_string().parse::<DatabaseUrl>().unwrap(), url, "{text}");
        }
    }
}
