//! A database with data to read: the huts of the demo in summer.

use super::database::{TestDatabase, violations};
use super::program::{run, update_availability};
use super::service::{Service, serve_command};
use super::template::Template;

/// The instant for which the tests read the data: a Wednesday, four hours after the last of three daily
/// checks.
pub const NOW: &str = "2026-07-15T10:00:00Z";

static SUMMER: Template = Template::new(generate);

/// Fills an empty database: two dozen huts with coordinates, a year of dates, and three days of history. The
/// data are generated and checked once, and then copied. A test that adds data checks them itself.
pub fn fill(database: &TestDatabase) {
    SUMMER.fill(database);
    database.mark_verified();
}

fn generate(database: &TestDatabase) {
    for day in 13..=15 {
        let as_of = format!("2026-07-{day}T06:00:00Z");
        let mut command = update_availability();
        command.args(["--demo", "--quiet", "--request-interval", "0", "--as-of", &as_of]);
        let ran = run(command.args(["--database-url", &database.url]));
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    assert_eq!(violations(&mut database.open()), []);
    database.mark_verified();
}

/// Serves the database with the clock at `NOW`, and with the page of watches.
pub fn serve(database: &TestDatabase) -> Service {
    Service::spawn(serve_command(&database.url).args(["--as-of", NOW, "--show-watches"]))
}
