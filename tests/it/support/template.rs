//! Data that several tests start from: generated once for each kind of database, and then copied.

use std::sync::OnceLock;

use super::database::TestDatabase;
use super::postgres;

/// A static, so that the database on the shared server is kept.
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
                    template.sqlite_contents()
                });
                std::fs::write(file, data).unwrap();
            }
            None => {
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
