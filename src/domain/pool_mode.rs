//! Pure: the parameter `pool_mode` of a PostgreSQL URL, which says what lies between this program and the server.

/// How a connection pooler gives its connections to the server to its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolMode {
    /// There is no pooler.
    None,
    /// A client keeps its connection until it disconnects, as if there were no pooler.
    Session,
    /// A client has a connection for one transaction. Nothing lasts longer: no setting, no prepared statement.
    Transaction,
}

/// Why a value of the parameter is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPoolMode {
    #[error(
        "pool_mode=statement is not supported, because this program needs transactions: set the pooler to \
         transaction mode"
    )]
    Statement,
    #[error("expected pool_mode=none, session or transaction in the URL, got {0:?}")]
    Unknown(String),
}

/// The parameter that providers write into the URLs of their poolers.
const PGBOUNCER: &str = "pgbouncer";

impl PoolMode {
    /// Splits a URL into the URL that libpq understands and the pool mode, if the URL gives one.
    ///
    /// # Errors
    /// The mode is not supported, or unknown.
    pub fn split(url: &str) -> Result<(String, Option<Self>), InvalidPoolMode> {
        let Some(start) = query_start(url) else { return Ok((url.to_owned(), None)) };
        let (address, query) = (&url[..start], &url[start + 1..]);
        let mut mode = None;
        let mut others = Vec::new();
        for parameter in query.split('&') {
            match parameter.split_once('=') {
                Some(("pool_mode", value)) => mode = Some(Self::of(value)?),
                Some((PGBOUNCER, "true")) => mode = mode.or(Some(Self::Transaction)),
                Some((PGBOUNCER, _)) => {}
                _ => others.push(parameter),
            }
        }
        let query = others.join("&");
        let url = if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") };
        Ok((url, mode))
    }

    fn of(value: &str) -> Result<Self, InvalidPoolMode> {
        match value {
            "none" => Ok(Self::None),
            "session" => Ok(Self::Session),
            "transaction" => Ok(Self::Transaction),
            "statement" => Err(InvalidPoolMode::Statement),
            other => Err(InvalidPoolMode::Unknown(other.to_owned())),
        }
    }
}

/// Where the question mark before the parameters of a URL is.
#[must_use]
pub fn query_start(url: &str) -> Option<usize> {
    let authority = url.find("://").map_or(0, |at| at + 3);
    // A password may hold a question mark.
    let host = match url[authority..].find(['@', '/']) {
        Some(at) if url[authority + at..].starts_with('@') => authority + at,
        _ => authority,
    };
    url[host..].find('?').map(|at| host + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_is_taken_out_of_the_url() {
        for (url, rest, mode) in [
            ("postgres://db/huts", "postgres://db/huts", None),
            ("postgres://db/huts?sslmode=require", "postgres://db/huts?sslmode=require", None),
            (
                "postgres://db/huts?pool_mode=transaction",
                "postgres://db/huts",
                Some(PoolMode::Transaction),
            ),
            (
                "postgres://me:a?b@db/huts?a=1&pool_mode=session&b=2",
                "postgres://me:a?b@db/huts?a=1&b=2",
                Some(PoolMode::Session),
            ),
            ("postgres:///huts?pool_mode=none", "postgres:///huts", Some(PoolMode::None)),
            (
                "postgres://db/huts?pgbouncer=true",
                "postgres://db/huts",
                Some(PoolMode::Transaction),
            ),
            ("postgres://db/huts?pgbouncer=false", "postgres://db/huts", None),
            (
                "postgres://db/huts?pgbouncer=true&pool_mode=session",
                "postgres://db/huts",
                Some(PoolMode::Session),
            ),
        ] {
            assert_eq!(PoolMode::split(url), Ok((rest.to_owned(), mode)), "{url}");
        }
    }

    #[test]
    fn other_modes_are_refused_by_name() {
        let error = |url| PoolMode::split(url).unwrap_err().to_string();
        let statement = error("postgres://db/huts?pool_mode=statement");
        assert!(
            statement.contains("statement") && statement.contains("transaction mode"),
            "{statement}"
        );
        let unknown = error("postgres://db/huts?pool_mode=transactoin");
        assert!(unknown.contains("\"transactoin\"") && unknown.contains("session"), "{unknown}");
    }
}
