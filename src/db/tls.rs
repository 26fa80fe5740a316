//! Whether a connection to PostgreSQL may be made, by what the build knows of TLS.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;

use crate::domain::database_url::is_unambiguous;

/// Whether libpq can encrypt. It needs OpenSSL for that, which takes minutes to compile: the cargo feature
/// `tls` adds it.
pub const HAS_TLS: bool = cfg!(feature = "tls");

/// Why a connection is not made in a build without TLS.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    #[error(
        "sslmode={0} needs TLS, and this program was built without it: build it with --features tls"
    )]
    Required(String),
    #[error(
        "this program was built without TLS and would send the password and all data to {0} in clear text: \
         build it with --features tls, or add sslmode=disable to the URL if clear text is meant"
    )]
    ClearText(String),
}

/// Refuses a URL of PostgreSQL that this build cannot connect to as it asks, or only in clear text over a
/// network. libpq's own default, `sslmode=prefer`, would do the latter without a word.
///
/// `environment` has the variables that libpq reads where the URL says nothing.
///
/// # Errors
/// Says what is missing, and the remedy.
pub fn check_encryption(
    has_tls: bool,
    url: &str,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<(), TlsError> {
    if has_tls {
        return Ok(());
    }
    let target = Target::of(url);
    let given =
        |name: &str, variable: &str| target.parameter(name).or_else(|| environment(variable));
    let mode = match target.parameter("ssl") {
        // Another spelling that libpq takes.
        Some(word) if word == "true" => Some("require".to_owned()),
        _ => given("sslmode", "PGSSLMODE"),
    };
    match mode.as_deref() {
        Some("disable") => return Ok(()),
        Some(mode @ ("require" | "verify-ca" | "verify-full")) => {
            return Err(TlsError::Required(mode.to_owned()));
        }
        _ => {}
    }
    // A service is a section of a file that may name any host.
    if given("service", "PGSERVICE").is_some() {
        return Err(TlsError::ClearText("the host of a service".to_owned()));
    }
    let hosts = given("host", "PGHOST").unwrap_or_default();
    let addresses = given("hostaddr", "PGHOSTADDR").unwrap_or_default();
    match remote_host(&hosts, &addresses) {
        None => Ok(()),
        // What looks like a host may be a part of the password.
        Some(_) if !is_unambiguous(url) => Err(TlsError::ClearText("another machine".to_owned())),
        Some(host) => Err(TlsError::ClearText(host.to_owned())),
    }
}

/// What a URL says, taken apart as libpq does it.
struct Target {
    /// Decoded, the last ones of a name last.
    parameters: Vec<(String, String)>,
}

impl Target {
    fn of(url: &str) -> Self {
        let url = url.split_once("://").map_or(url, |(_, rest)| rest);
        let address = match url.split_once(['@', '/']) {
            Some((user, rest)) if url[user.len()..].starts_with('@') => rest,
            _ => url,
        };
        let (address, query) = address.split_once('?').unwrap_or((address, ""));
        let authority = address.split('/').next().unwrap_or_default();
        let hosts: Vec<_> = authority.split(',').map(without_port).collect();
        let mut parameters = Vec::new();
        if hosts.iter().any(|host| !host.is_empty()) {
            parameters.push(("host".to_owned(), decoded(&hosts.join(","))));
        }
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        parameters.extend(pairs.map(|(name, value)| (decoded(name), decoded(value))));
        Self { parameters }
    }

    /// Of a parameter that is given twice, libpq takes the last.
    fn parameter(&self, name: &str) -> Option<String> {
        let found = self.parameters.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// `host` of `host:port` and `::1` of `[::1]:port`.
fn without_port(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// The first host of a list that is on another machine. Where an address is given as well, libpq connects to
/// that, and the host is only a name for it.
fn remote_host<'a>(hosts: &'a str, addresses: &'a str) -> Option<&'a str> {
    let mut names = hosts.split(',');
    let mut addresses = addresses.split(',');
    loop {
        let host = match (names.next(), addresses.next()) {
            (None, None) => return None,
            (_, Some(address)) if !address.is_empty() => address,
            (name, _) => name.unwrap_or_default(),
        };
        if !is_local(host) {
            return Some(host);
        }
    }
}

/// A Unix socket, by its directory or its abstract name; none at all, which is one too; or loopback.
fn is_local(host: &str) -> bool {
    host.is_empty()
        || host.starts_with(['/', '@'])
        || host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_tls(url: &str) -> Result<(), TlsError> {
        check_encryption(false, url, |_| None)
    }

    fn in_clear_text_to(host: &str) -> Result<(), TlsError> {
        Err(TlsError::ClearText(host.to_owned()))
    }

    #[test]
    fn this_machine_needs_no_tls() {
        for url in [
            "postgres:///huts",
            "postgres:///huts?host=/run/postgresql",
            "postgres://%2Frun%2Fpostgresql/huts",
            "postgres://me@/huts?host=@abstract",
            "postgres://me:secret@localhost:5433/huts",
            "postgres://127.0.0.1,127.0.0.2:5433,[::1]:5434/huts?connect_timeout=5",
            "postgres://named/huts?hostaddr=127.0.0.1",
            "postgres://db.example.org/huts?host=localhost",
        ] {
            assert_eq!(without_tls(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn a_password_is_not_sent_in_clear_text_over_a_network_by_accident() {
        for (url, host) in [
            ("postgres://me:secret@db.example.org/huts", "db.example.org"),
            ("postgres://me:secret@10.0.0.7:5433/huts?sslmode=prefer", "10.0.0.7"),
            ("postgres://db/huts?sslmode=allow", "db"),
            ("postgres://localhost,db.example.org/huts", "db.example.org"),
            ("postgres://[2001:db8::1]:5432/huts", "2001:db8::1"),
            ("postgres:///huts?host=db.example.org", "db.example.org"),
            ("postgres:///huts?%68ost=d%62", "db"),
            ("postgres://localhost/huts?hostaddr=192.0.2.1", "192.0.2.1"),
            ("postgres://localhost,db/huts?hostaddr=127.0.0.1,", "db"),
            ("postgres://localhost.example.org/huts", "localhost.example.org"),
            ("postgres://localhost/huts?service=production", "the host of a service"),
            ("postgres://localhost/huts?host=db&sslmode=disable&sslmode=prefer", "db"),
        ] {
            assert_eq!(without_tls(url), in_clear_text_to(host), "{url}");
            assert_eq!(check_encryption(true, url, |_| None), Ok(()), "{url}");
        }
    }

    #[test]
    fn the_environment_counts_where_the_url_says_nothing() {
        let check = |url: &str, variable: &'static str, value: &'static str| {
            let environment = move |name: &str| (name == variable).then(|| value.to_owned());
            check_encryption(false, url, environment)
        };
        assert_eq!(check("postgres:///huts", "PGHOST", "db"), in_clear_text_to("db"));
        assert_eq!(check("postgres:///huts", "PGHOST", "/run/postgresql"), Ok(()));
        assert_eq!(check("postgres://localhost/huts", "PGHOST", "db"), Ok(()));
        let address = check("postgres://localhost/huts", "PGHOSTADDR", "192.0.2.1");
        assert_eq!(address, in_clear_text_to("192.0.2.1"));
        let service = check("postgres://localhost/huts", "PGSERVICE", "production");
        assert_eq!(service, in_clear_text_to("the host of a service"));
        assert_eq!(check("postgres://db/huts", "PGSSLMODE", "disable"), Ok(()));
        let required = check("postgres://localhost/huts", "PGSSLMODE", "verify-full");
        assert_eq!(required, Err(TlsError::Required("verify-full".to_owned())));
    }

    #[test]
    fn clear_text_can_be_allowed() {
        assert_eq!(without_tls("postgres://me:secret@db/huts?sslmode=disable"), Ok(()));
    }

    #[test]
    fn tls_that_is_asked_for_needs_the_feature_even_on_this_machine() {
        for (url, mode) in [
            ("postgres://db/huts?sslmode=require", "require"),
            ("postgres://localhost/huts?connect_timeout=5&sslmode=verify-ca", "verify-ca"),
            ("postgres:///huts?sslmode=verify-full", "verify-full"),
            ("postgres://db/huts?ssl=true", "require"),
        ] {
            let error = without_tls(url).unwrap_err();
            assert_eq!(error, TlsError::Required(mode.to_owned()), "{url}");
            assert!(error.to_string().contains("--features tls"), "{error}");
            assert_eq!(check_encryption(true, url, |_| None), Ok(()), "{url}");
        }
    }

    #[test]
    fn an_error_shows_no_part_of_a_password() {
        for password in ["a@hunter2", "a/hunter2", "12?hunter2", "50%hunter2"] {
            for url in [
                format!("postgres://me:{password}@db/huts"),
                format!("postgres://db/huts?password={password}&host=hunter2@db"),
            ] {
                let error = without_tls(&url).unwrap_err().to_string();
                assert!(!error.contains("hunter2"), "{url}: {error}");
                assert!(error.contains("sslmode=disable"), "{error}");
            }
        }
    }
}
