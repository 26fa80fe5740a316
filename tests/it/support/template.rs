//! Data that several tests start from: generated once for each kind of database, and then copied.

use std::sync::OnceLock;

use diesel::connection::SimpleConnection;

use super::database::TestDatabase;
use super::postgres;

pub struct Template {
    generate: fn(&TestDatabase),
    sqlite: OnceLock<Vec<u8>>,
    postgres: OnceLock<TestDatabase>,
}

impl Template {
    /// `generate` gets a migrated database without data.
    pub const fn new(generate: fn(&TestDatabase)) -> Self {
        Self { generate, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// Fills an empty database to which nothing is connected.
    pub fn fill(&self, database: &TestDatabase) {
        match database.sqlite_file() {
            Some(file) => {
                let data = self.sqlite.get_or_init(|| {
                    let template = TestDatabase::sqlite();
                    (self.generate)(&template);
                    // A run that ends while it renews its lease leaves data in the file beside the database.
                    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
                    template.open().batch_execute(checkpoint).unwrap();
                    std::fs::read(template.sqlite_file().unwrap()).unwrap()
                });
                std::fs::write(file, data).unwrap();
            }
            None => {
                // It is never dropped.
                let template = self.postgres.get_or_init(|| {
                    let template = TestDatabase::postgres();
                    (self.generate)(&template);
                    template
                });
                postgres::replace_with_copy(&template.url, &database.url);
            }
        }
    }
}
