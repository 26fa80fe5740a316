//! TLS for connections to PostgreSQL: a build with TLS uses it, and a build without TLS refuses connections
//! that need it.

use crate::support::program::{hut_availability, run};

/// Only a build without TLS refuses these URLs.
#[cfg(not(feature = "tls"))]
#[test]
fn a_build_without_tls_refuses_connections_that_need_it() {
    for (url, message) in [
        ("postgres://me:hunter2@192.0.2.1/huts", "to 192.0.2.1 in clear text"),
        ("postgres://me:hunter2@127.0.0.1:9/huts?sslmode=require", "sslmode=require needs TLS"),
    ] {
        let ran = run(hut_availability().args(["huts", "list", "--database-url", url]));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains(message) && ran.stderr.contains("--features tls"), "{ran:?}");
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    }
}

#[cfg(feature = "tls")]
mod with_a_server {
    use hut_availability::db::connection::Db;
    use hut_availability::db::open::{Access, connect};

    use super::{hut_availability, run};
    use crate::support::database::{TestDatabase, lines};
    use crate::support::postgres::Server;

    fn connect_read_only(url: &str) -> anyhow::Result<Db> {
        connect(&url.parse()?, Access::ReadOnly)
    }

    /// Whether the connection is encrypted, according to the server.
    fn is_encrypted(url: &str) -> bool {
        let sql = "SELECT ssl::text AS line FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        lines(&mut connect_read_only(url).unwrap(), sql) == ["true"]
    }

    #[test]
    fn a_connection_to_a_server_with_tls_is_encrypted() {
        let server = Server::start_with_tls();
        let url = server.new_database();
        assert!(is_encrypted(&url), "by default");
        assert!(is_encrypted(&format!("{url}?sslmode=require")));
        assert!(!is_encrypted(&format!("{url}?sslmode=disable")));

        let listed = run(hut_availability()
            .args(["huts", "list", "--database-url"])
            .arg(format!("{url}?sslmode=require")));
        assert_eq!(listed.status, 0, "{listed:?}");
    }

    #[test]
    fn a_certificate_is_verified_if_the_url_requires_it() {
        let server = Server::start_with_tls();
        let url = server.new_database();
        let directory = lines(
            &mut connect_read_only(&url).unwrap(),
            "SELECT setting AS line FROM pg_settings WHERE name = 'data_directory'",
        );
        let [own, other] = ["server.crt", "postgresql.conf"].map(|file| {
            let file = format!("{}/{file}", directory[0]);
            format!("{url}?sslmode=verify-full&sslrootcert={file}")
        });
        assert!(is_encrypted(&own), "the certificate is for 127.0.0.1");
        assert!(connect_read_only(&other).is_err(), "no certificate is trusted");
        let another_name = own.replace("127.0.0.1", "localhost");
        let error = format!("{:#}", connect_read_only(&another_name).err().unwrap());
        assert!(error.contains("does not match host name"), "{error}");
    }

    #[test]
    fn a_server_without_tls_is_refused_if_the_url_requires_tls() {
        let database = TestDatabase::postgres();
        let error = connect_read_only(&format!("{}?sslmode=require", database.url)).err().unwrap();
        assert!(format!("{error:#}").contains("server does not support SSL"), "{error:#}");
    }
}
