//! A database with data to read: the huts of the demo in summer.

use std::sync::OnceLock;

use diesel::connection::SimpleConnection;

use super::database::{TestDatabase, violations};
use super::postgres;
use super::program::{run, update_availability};
use super::service::{Service, serve_command};

/// The instant for which the tests read the data: a Wednesday, four hours after the last of three daily
/// checks.
pub const NOW: &str = "2026-07-15T10:00:00Z";

/// Fills an empty database: two dozen huts with coordinates, a year of dates, and three days of history. The
/// data are generated and checked once, and then copied. A test that adds data checks them itself.
pub fn fill(database: &TestDatabase) {
    static SQLITE: OnceLock<Vec<u8>> = OnceLock::new();
    static POSTGRES: OnceLock<TestDatabase> = OnceLock::new();
    match database.sqlite_file() {
        Some(file) => {
            let template = SQLITE.get_or_init(|| {
                let template = TestDatabase::sqlite();
                generate(&template);
                // A run that ends while it renews its lease leaves data in the file beside the database.
                let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
                template.open().batch_execute(checkpoint).unwrap();
                std::fs::read(template.sqlite_file().unwrap()).unwrap()
            });
            std::fs::write(file, template).unwrap();
        }
        None => {
            let template = POSTGRES.get_or_init(|| {
                let template = TestDatabase::postgres();
                generate(&template);
                assert_eq!(violations(&mut template.open()), [], "it is never dropped");
                template
            });
            postgres::replace_with_copy(&template.url, &database.url);
        }
    }
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
}

/// Serves the database with the clock at `NOW`, and with the page of watches.
pub fn serve(database: &TestDatabase) -> Service {
    Service::spawn(serve_command(&database.url).args(["--as-of", NOW, "--show-watches"]))
}
