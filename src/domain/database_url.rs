//! Database URLs: `sqlite://PATH`, a plain path, or `postgres://…`.

mod sqlite;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use reqwest::Url;

use sqlite::InvalidSqlitePath;

/// The SQLite file that is used when no database is given.
pub const DEFAULT: &str = "hut-availability.db";

/// A validated database URL. It is displayed without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    /// The text as given to libpq, which accepts more than a general URL parser (several hosts).
    Postgres(String),
}

/// Why a text is not a database URL.
#[derive(Debug, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    #[error(
        "unknown database scheme {0:?}: use sqlite://PATH, a path (./NAME if a file has a colon in its name), or \
         postgres://USER@HOST/DATABASE"
    )]
    UnknownScheme(String),
    #[error("libpq's KEY=VALUE form is not supported: use postgres://USER:PASSWORD@HOST/DATABASE")]
    Keywords,
    #[error(transparent)]
    Sqlite(#[from] InvalidSqlitePath),
}

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidSqlitePath::Empty.into());
        }
        let (scheme, rest) = sqlite::split_scheme(text);
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => Ok(Self::Sqlite(sqlite::url(rest)?)),
            "file" => Ok(Self::Sqlite(sqlite::file_uri(rest)?)),
            "postgres" | "postgresql" if text.contains("://") => Ok(Self::Postgres(text.into())),
            // A path with this text in it is unlikely, and displaying it would show the password.
            "" if text.contains("password=") => Err(InvalidDatabaseUrl::Keywords),
            "" => Ok(Self::Sqlite(sqlite::path(text)?)),
            _ if rest.starts_with("//") => {
                Err(InvalidDatabaseUrl::UnknownScheme(format!("{scheme}://")))
            }
            _ => Err(InvalidDatabaseUrl::UnknownScheme(format!("{scheme}:"))),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(text) => match text.parse::<Url>() {
                Ok(url) if is_unambiguous(text) => {
                    let host = url.host_str().unwrap_or_default();
                    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                    write!(f, "postgres://{host}{port}{}", url.path())
                }
                // An ambiguous URL is not displayed, because any part of it may be the password.
                _ => f.write_str("postgres://…"),
            },
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a URL can be split in one way only. libpq's errors quote a host, a port, or a parameter. In an
/// ambiguous URL that may be a part of the password.
#[must_use]
pub fn is_unambiguous(url: &str) -> bool {
    let Some((_, url)) = url.split_once("://") else { return false };
    let (address, parameters) = match url.split_once('?') {
        Some((address, parameters)) => (address, Some(parameters)),
        None => (url, None),
    };
    let (authority, database) = address.split_once('/').unwrap_or((address, ""));
    let (user, hosts) = authority.split_once('@').unwrap_or(("", authority));
    let has_only = |text: &str, signs: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || "-._~%".contains(c) || signs.contains(c))
    };
    let is_host = |host: &str| match host.rsplit_once(':') {
        // The colons of an IPv6 address are in brackets.
        Some((_, port)) => host.ends_with(']') || port.bytes().all(|byte| byte.is_ascii_digit()),
        None => true,
    };
    let is_parameter = |parameter: &str| {
        let mut parts = parameter.split('=');
        parts.by_ref().take(2).count() == 2 && parts.next().is_none()
    };
    has_only(user, "!$&'()*+,;=:")
        && has_only(hosts, "[]:,")
        && hosts.split(',').all(is_host)
        && has_only(database, "+")
        && parameters.is_none_or(|parameters| {
            has_only(parameters, "!$&'()*+,;=:/?") && parameters.split('&').all(is_parameter)
        })
        && url.split('%').skip(1).all(is_escape)
}

/// Whether a text begins with two hexadecimal digits.
fn is_escape(text: &str) -> bool {
    text.get(..2).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_sqlite() {
        let sqlite = |text: &str| text.parse::<DatabaseUrl>().unwrap();
        assert_eq!(sqlite("huts.db"), DatabaseUrl::Sqlite("huts.db".into()));
        assert_eq!(sqlite("sqlite://huts.db"), DatabaseUrl::Sqlite("huts.db".into()));
        assert_eq!(sqlite("sqlite:///var/huts.db"), DatabaseUrl::Sqlite("/var/huts.db".into()));
        assert_eq!(sqlite("sqlite:////var/huts.db"), sqlite("sqlite:///var/huts.db"));
    }

    #[test]
    fn a_displayed_url_hides_its_secrets() {
        let url: DatabaseUrl =
            "postgres://me:hunter2@db:5433/huts?password=hunter2".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db:5433/huts");
        assert_eq!(format!("{url:?}"), "postgres://db:5433/huts");
        let hosts: DatabaseUrl = "postgres://me:hunter2@a:1,b:2/huts".parse().unwrap();
        assert_eq!(hosts.to_string(), "postgres://…");
        let odd: DatabaseUrl = "postgres://me:12?hunter2@db/huts".parse().unwrap();
        assert_eq!(odd.to_string(), "postgres://…", "a general parser reads 12 as a port");
        // If a password has a slash or the like, the text before it may be read as a host and a port.
        for password in ["12/hunter2", "12/a?hunter2", "12?hunter2/b", "12#hunter2", "hunter2/12"] {
            let url: DatabaseUrl = format!("postgres://me:{password}@db/huts").parse().unwrap();
            assert_eq!(url.to_string(), "postgres://…", "{password}");
        }
    }

    #[test]
    fn urls_of_other_databases_are_rejected() {
        let error = "mysql://root:hunter2@db/huts".parse::<DatabaseUrl>().unwrap_err().to_string();
        assert!(error.contains("\"mysql://\"") && !error.contains("hunter2"), "{error}");
        assert!("host=db password=hunter2".parse::<DatabaseUrl>().is_err());
        assert!("".parse::<DatabaseUrl>().is_err());
        assert!("sqlite://".parse::<DatabaseUrl>().is_err());
    }
}
