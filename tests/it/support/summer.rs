//! A database with data to read: the huts of the demo in summer.

use super::database::TestDatabase;
use super::program::{run, update_availability};
use super::service::{Service, serve_command};

/// The instant for which the tests read the data: a Wednesday, four hours after the last of three daily
/// checks.
pub const NOW: &str = "2026-07-15T10:00:00Z";

/// Fills an empty database with two dozen huts with coordinates, a year of dates, and three days of
/// history.
pub fn fill(database: &TestDatabase) {
    for day in 13..=15 {
        let as_of = format!("2026-07-{day}T06:00:00Z");
        let mut command = update_availability();
        command.args(["--demo", "--quiet", "--request-interval", "0", "--as-of", &as_of]);
        let ran = run(command.args(["--database-url", &database.url]));
        assert_eq!(ran.status, 0, "{ran:?}");
    }
}

/// Serves the database with the clock at `NOW`.
pub fn serve(database: &TestDatabase) -> Service {
    Service::spawn(serve_command(&database.url).args(["--as-of", NOW]))
}
