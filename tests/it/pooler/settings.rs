//! What other clients of a pooler see of this program: nothing.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::support::database::TestDatabase;
use crate::support::pgbouncer::Pooler;
use crate::support::program::{hut_availability, run};
use crate::support::service::Service;
use crate::support::site::TestSite;

#[derive(QueryableByName, Debug, PartialEq, Eq)]
struct Setting {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    setting: String,
}

/// The settings of the one connection that the pooler has to the server, and the statements that are prepared there.
fn settings(pooler: &Pooler) -> Vec<Setting> {
    let mut other = PgConnection::establish(&pooler.url()).unwrap();
    // A pooler follows the time zone and the encoding, which Diesel sets, and the name. Those of a transaction end with
    // it.
    diesel::sql_query(
        "SELECT name, setting FROM pg_settings \
         WHERE source = 'session' AND name NOT LIKE 'transaction_%' \
         AND name NOT IN ('TimeZone', 'client_encoding', 'application_name') \
         UNION ALL SELECT name, 'prepared' FROM pg_prepared_statements \
         UNION ALL SELECT 'lock', locktype FROM pg_locks WHERE locktype = 'advisory'",
    )
    .load(&mut other)
    .unwrap()
}

#[test]
fn other_clients_of_the_pooler_see_no_setting_and_no_prepared_statement() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(5));
    let ignoring = "ignore_startup_parameters = options";
    for further in ["", ignoring] {
        let Some(pooler) = Pooler::start_with(&database.url, "transaction", 1, further) else {
            return;
        };
        let before = settings(&pooler);
        let site = TestSite::with_huts(5);
        let ran = run(site.update_command(&pooler.url()).arg("--all"));
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(settings(&pooler), before, "after a run");
        for args in [&["map"][..], &["verify"], &["status"], &["migrate"]] {
            let ran = run(hut_availability().args(args).args(["--database-url", &pooler.url()]));
            assert_eq!(ran.status, 0, "{ran:?}");
            assert_eq!(settings(&pooler), before, "after {args:?}");
        }
        let service = Service::start(&pooler.url());
        assert_eq!(service.get("/v1/huts/hut-1/availability/today").status, 200);
        assert_eq!(service.get("/metrics").status, 200);
        assert_eq!(settings(&pooler), before, "after requests to the service");
        let mut other = PgConnection::establish(&pooler.url()).unwrap();
        other.batch_execute("UPDATE hut SET name = name").expect("another client can write");
    }
}

#[test]
fn an_error_names_the_parameter_if_the_url_denies_the_pooler() {
    let database = TestDatabase::postgres();
    let ignoring = "ignore_startup_parameters = options";
    let Some(pooler) = Pooler::start_with(&database.url, "transaction", 1, ignoring) else {
        return;
    };
    let url = format!("{}?pool_mode=none", pooler.url());
    let show = || run(hut_availability().args(["status", "--database-url", &url]));
    // The second program prepares a statement with the name that the first one has used.
    let failed = [show(), show()].into_iter().find(|ran| ran.status == 2).unwrap();
    assert!(failed.stderr.contains("prepared statement"), "{failed:?}");
    assert!(failed.stderr.contains("add pool_mode=transaction"), "{failed:?}");
}
