//! The read-only role that docs/service.md tells operators to create for the service.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hut_availability::db::reading::for_hut_detail::for_hut_detail;
use hut_availability::db::reading::for_map::for_map;
use hut_availability::db::reading::for_trend::for_trend;
use hut_availability::db::{read_only, views};

use crate::support::checks::{at, july};
use crate::support::database::TestDatabase;
use crate::support::service::{Service, serve_command};

const PAGE: &str = include_str!("../../../docs/service.md");

#[test]
fn the_documented_role_can_read_everything_and_write_nothing() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(1));
    let mut blocks = PAGE.split("```pgsql\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let sql = blocks.next().unwrap();
    PgConnection::establish(&database.url).unwrap().batch_execute(sql).unwrap();
    let url = database.url.replace("//postgres@", "//hut_availability_reader@");

    let service = Service::start(&url);
    assert_eq!(service.get("/readyz").status, 200);
    assert!(service.get("/metrics").text().contains("huts{state=\"followed\"} 1\n"));

    let of_watches = blocks.next().unwrap();
    PgConnection::establish(&database.url).unwrap().batch_execute(of_watches).unwrap();
    let watches = Service::spawn(serve_command(&url).arg("--show-watches")).get("/watches");
    assert_eq!((watches.status, watches.header("cache-control")), (200, Some("no-store")));

    let mut reader = read_only::connect(&url.parse().unwrap()).unwrap();
    let dates = july(1)..=july(4);
    assert!(for_map(&mut reader.db, &dates, None).unwrap().is_empty());
    assert!(for_hut_detail(&mut reader.db, "hut-1", &dates).unwrap().is_some());
    assert!(for_trend(&mut reader.db, "hut-1", july(1), at("10:00")).unwrap().is_some());
    views::hut_availability::table.count().get_result::<i64>(&mut reader.db).unwrap();
    views::hut_availability_history::table.count().get_result::<i64>(&mut reader.db).unwrap();

    // A table and a view that a later migration creates.
    let later = "CREATE TABLE later (n integer); CREATE VIEW later_view AS SELECT n FROM later";
    PgConnection::establish(&database.url).unwrap().batch_execute(later).unwrap();
    reader.db.batch_execute("SELECT n FROM later; SELECT n FROM later_view").unwrap();

    // The role must be refused even in a session that is not read-only.
    let mut session = PgConnection::establish(&url).unwrap();
    for sql in [
        "DELETE FROM hut_check",
        "UPDATE hut SET name = 'x'",
        "INSERT INTO hut_type (slug) VALUES ('x')",
        "CREATE TABLE x (y integer)",
        "TRUNCATE availability_change",
    ] {
        let error = session.batch_execute(sql).unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{sql}: {error}");
    }
}
