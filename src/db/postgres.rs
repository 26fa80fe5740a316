//! Connecting to PostgreSQL.

use anyhow::bail;
use diesel::ConnectionError;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::tls::{HAS_TLS, check_encryption};
use crate::domain::database_url::is_plain;

/// Connects. What libpq says is passed on, unless it may quote a part of the password.
pub fn establish(url: &str) -> anyhow::Result<PgConnection> {
    check_encryption(HAS_TLS, url, |name| std::env::var(name).ok())?;
    match PgConnection::establish(url) {
        Err(ConnectionError::BadConnection(_)) if !is_plain(url) => bail!(
            "it cannot be reached by its URL, or the URL is read otherwise than it is meant: in the user, \
             the password and each parameter, @ is to be written as %40, / as %2F, ? as %3F, # as %23, \
             % as %25, & as %26 and = as %3D"
        ),
        connected => Ok(connected?),
    }
}

/// How libpq connects, unless the URL says otherwise. Connecting to one host takes 5 seconds at most.
/// A server that has gone without a word is noticed after 10 seconds where something was sent to it,
/// after 25 where an answer is waited for.
const POSTGRES_DEFAULTS: &str = "connect_timeout=5&tcp_user_timeout=10000&keepalives_idle=10\
    &keepalives_interval=5&keepalives_count=3&fallback_application_name=";

/// A URL of PostgreSQL with our defaults in front of its own parameters: of those given twice, libpq
/// takes the last. The server shows the connection as one of `application`.
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
    fn a_url_is_plain_where_it_can_be_taken_apart_in_one_way() {
        for plain in [
            "postgres://host/huts",
            "postgres:///huts?host=/run/postgresql",
            "postgresql://me:p%40ss%2Fw%3f@host:5433/huts?sslmode=require&connect_timeout=2",
            "postgres://me:a!$&'()*+,;=b@a:1,b:2,[::1]:3,[::1]/huts_1-x",
            "postgres://",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for odd in [
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
            assert!(!is_plain(odd), "{odd}");
        }
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
