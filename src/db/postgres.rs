//! Connects to PostgreSQL.

use anyhow::bail;
use diesel::ConnectionError;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::tls::{HAS_TLS, check_encryption};
use crate::domain::database_url::is_unambiguous;

/// Connects. libpq's error is passed on, unless it may quote a part of the password.
pub fn establish(url: &str) -> anyhow::Result<PgConnection> {
    check_encryption(HAS_TLS, url, |name| std::env::var(name).ok())?;
    match PgConnection::establish(url) {
        Err(ConnectionError::BadConnection(_)) if !is_unambiguous(url) => bail!(
            "cannot connect, or the URL is ambiguous: in the user, the password and each parameter, \
             write @ as %40, / as %2F, ? as %3F, # as %23, % as %25, & as %26 and = as %3D"
        ),
        connected => Ok(connected?),
    }
}

/// Connection parameters, unless the URL sets them. Connecting to one host takes at most 5 seconds. A server
/// that disappears is noticed after 10 seconds if data was sent to it, and after 25 seconds if the program
/// only waits for an answer.
const POSTGRES_DEFAULTS: &str = "connect_timeout=5&tcp_user_timeout=10000&keepalives_idle=10\
    &keepalives_interval=5&keepalives_count=3&fallback_application_name=";

/// Adds our defaults to a PostgreSQL URL, before its own parameters: libpq uses the last one of a repeated
/// parameter. The server shows `application` as the name of the connection.
#[must_use]
pub fn with_defaults(url: &str, application: &str) -> String {
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
    fn a_url_is_unambiguous_if_it_can_be_split_in_one_way_only() {
        for plain in [
            "postgres://host/huts",
            "postgres:///huts?host=/run/postgresql",
            "postgresql://me:p%40ss%2Fw%3f@host:5433/huts?sslmode=require&connect_timeout=2",
            "postgres://me:a!$&'()*+,;=b@a:1,b:2,[::1]:3,[::1]/huts_1-x",
            "postgres://",
        ] {
            assert!(is_unambiguous(plain), "{plain}");
        }
        for ambiguous in [
            "postgres://me:p@ss@host/huts",
            "postgres://me:p/ss@host/huts",
            "postgres://me:p?ss@host/huts",
            "postgres://me:p#ss@host/huts",
            "postgres://me:100%sure@host/huts",
            "postgres://me:50%@host/huts",
            "postgres://me:hunter2/huts",
            "postgres://host/huts?password=a&b",
            "postgres://host/huts?password=a=b",
            "postgres://host/huts?password=%zz",
            "postgres://host/huts?password=a@b",
            "postgres://me:pä@host/huts",
            "host=db password=hunter2",
        ] {
            assert!(!is_unambiguous(ambiguous), "{ambiguous}");
        }
    }

    #[test]
    fn parameters_of_the_url_override_the_defaults() {
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
