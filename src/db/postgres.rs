//! Connecting to PostgreSQL.

use anyhow::bail;
use diesel::ConnectionError;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::tls::{HAS_TLS, check_encryption};

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

/// Whether there is one way only to take a URL apart. libpq's errors quote a host, a port, or a parameter,
/// and of another URL that may be a part of the password.
#[must_use]
pub fn is_plain(url: &str) -> bool {
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
}
