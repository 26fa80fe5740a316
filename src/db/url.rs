//! Which database: `sqlite://PATH`, a plain path, or `postgres://…`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use reqwest::Url;

use super::postgres::is_plain;

/// The database that is used when none is named.
pub const DEFAULT: &str = "hut-availability.db";

/// A validated database URL. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    /// As libpq takes it, which knows more of them (several hosts) than a general URL parser.
    Postgres(String),
}

/// Why a text names no database.
#[derive(Debug, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    #[error("no database is named: give sqlite://PATH, a path, or postgres://USER@HOST/DATABASE")]
    Empty,
    #[error(
        "unknown kind of database {0:?}: use sqlite://PATH, a path, or postgres://USER@HOST/DATABASE"
    )]
    UnknownScheme(String),
    #[error("this is libpq's way of writing KEY=VALUE: use postgres://USER:PASSWORD@HOST/DATABASE")]
    Keywords,
}

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        match text.split_once("://") {
            Some(("sqlite", "")) => Err(InvalidDatabaseUrl::Empty),
            // Four slashes before an absolute path, as others write it, are as good as three.
            Some(("sqlite", path)) if path.starts_with("//") => {
                Ok(Self::Sqlite(format!("/{}", path.trim_start_matches('/')).into()))
            }
            Some(("sqlite", path)) => Ok(Self::Sqlite(path.into())),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.into())),
            Some((scheme, _)) => Err(InvalidDatabaseUrl::UnknownScheme(format!("{scheme}://"))),
            None if text.is_empty() => Err(InvalidDatabaseUrl::Empty),
            // A path of that name is less likely, and would be shown with the password in it.
            None if text.contains("password=") => Err(InvalidDatabaseUrl::Keywords),
            None => Ok(Self::Sqlite(text.into())),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(text) => match text.parse::<Url>() {
                Ok(url) if is_plain(text) => {
                    let host = url.host_str().unwrap_or_default();
                    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                    write!(f, "postgres://{host}{port}{}", url.path())
                }
                // Nothing of what cannot be taken apart is shown: it may hold a password.
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

/// How libpq connects, unless the URL says otherwise. Connecting to one host takes 5 seconds at most.
/// A server that has gone without a word is noticed after 10 seconds where something was sent to it,
/// after 25 where an answer is waited for.
const POSTGRES_DEFAULTS: &str = "connect_timeout=5&tcp_user_timeout=10000&keepalives_idle=10\
    &keepalives_interval=5&keepalives_count=3&fallback_application_name=";

/// A URL of PostgreSQL with our defaults in front of its own parameters: of those given twice, libpq
/// takes the last. The server shows the connection as one of `application`.
pub(super) fn with_defaults(url: &str, application: &str) -> String {
    let authority = url.find("://").map_or(0, |at| at + 3);
    // A password may hold a question mark.
    let host = match url[authority..].find(['@', '/']) {
        Some(at) if url[authority + at..].starts_with('@') => authority + at,
        _ => authority,
    };
    match url[host..].find('?').map(|at| url.split_at(host + at)) {
        Some((address, parameters)) => {
            format!("{address}?{POSTGRES_DEFAULTS}{application}&{}", &parameters[1..])
        }
        None => format!("{url}?{POSTGRES_DEFAULTS}{application}"),
    }
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
    fn a_shown_url_keeps_its_secrets() {
        let url: DatabaseUrl =
            "postgres://me:hunter2@db:5433/huts?password=hunter2".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db:5433/huts");
        assert_eq!(format!("{url:?}"), "postgres://db:5433/huts");
        let hosts: DatabaseUrl = "postgres://me:hunter2@a:1,b:2/huts".parse().unwrap();
        assert_eq!(hosts.to_string(), "postgres://…");
        let odd: DatabaseUrl = "postgres://me:12?hunter2@db/huts".parse().unwrap();
        assert_eq!(odd.to_string(), "postgres://…", "a general parser takes 12 for a port");
        // Of passwords with a slash and the like, all that comes before it may be taken for a host and a port.
        for password in ["12/hunter2", "12/a?hunter2", "12?hunter2/b", "12#hunter2", "hunter2/12"] {
            let url: DatabaseUrl = format!("postgres://me:{password}@db/huts").parse().unwrap();
            assert_eq!(url.to_string(), "postgres://…", "{password}");
        }
    }

    #[test]
    fn other_databases_are_refused_by_name() {
        let error = "mysql://root:hunter2@db/huts".parse::<DatabaseUrl>().unwrap_err().to_string();
        assert!(error.contains("\"mysql://\"") && !error.contains("hunter2"), "{error}");
        assert!("host=db password=hunter2".parse::<DatabaseUrl>().is_err());
        assert!("".parse::<DatabaseUrl>().is_err());
        assert!("sqlite://".parse::<DatabaseUrl>().is_err());
    }

    #[test]
    fn what_the_url_says_goes_before_the_defaults() {
        let with_defaults = |url| with_defaults(url, "me");
        let plain = with_defaults("postgres://me@db/huts");
        assert_eq!(plain, format!("postgres://me@db/huts?{POSTGRES_DEFAULTS}me"));
        let own = with_defaults("postgres://me:a?b@db:5433/huts?connect_timeout=2&sslmode=require");
        assert_eq!(
            own,
            format!(
                "postgres://me:a?b@db:5433/huts?{POSTGRES_DEFAULTS}me&connect_timeout=2&sslmode=require"
            )
        );
        let socket = with_defaults("postgres:///huts?host=/run/postgresql");
        assert!(socket.ends_with("&host=/run/postgresql"), "{socket}");
        assert_eq!(socket.matches('?').count(), 1, "{socket}");
    }
}
