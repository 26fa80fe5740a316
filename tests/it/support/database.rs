//! A new database of each kind for each test, and queries that work on both kinds.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, open};
use hut_availability::db::timestamp::Timestamp;
use hut_availability::db::views;
use hut_availability::domain::database_url::DatabaseUrl;
use hut_availability::ops::verify::Violation;
use hut_availability::ops::verify::database::{VerifyEvent, verify};
use hut_availability::register::file;
use hut_availability::register::import;
use tempfile::TempDir;

use super::postgres::SharedServerDatabase;

/// Turns one test into two: one on SQLite, one on PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* fn $name:ident($database:ident) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            fn test($database: &$crate::support::database::TestDatabase) $body

            #[test]
            fn sqlite() {
                test(&$crate::support::database::TestDatabase::sqlite());
            }

            #[test]
            fn postgres() {
                test(&$crate::support::database::TestDatabase::postgres());
            }
        }
    )+};
}

/// A migrated database that is deleted after the test. The data that the test leaves in it must break no
/// rule of the contract, unless the test calls `allow_violations`.
pub struct TestDatabase {
    pub url: String,
    /// What is deleted with this: the directory of SQLite, or the database on the server that the tests share.
    directory: Option<TempDir>,
    _database: Option<SharedServerDatabase>,
    /// Why the data may break rules.
    violations_allowed: OnceLock<&'static str>,
    /// Whether the data were checked before, and the test only reads them.
    is_verified: AtomicBool,
}

impl TestDatabase {
    fn new(
        url: String,
        directory: Option<TempDir>,
        database: Option<SharedServerDatabase>,
    ) -> Self {
        Self {
            url,
            directory,
            _database: database,
            violations_allowed: OnceLock::new(),
            is_verified: AtomicBool::new(false),
        }
    }

    /// A migrated database at any URL. The caller deletes it.
    pub fn at(url: String) -> Self {
        Self::new(url, None, None)
    }

    pub fn sqlite() -> Self {
        // Migrated once, and then copied.
        static MIGRATED: OnceLock<Vec<u8>> = OnceLock::new();
        let migrated = MIGRATED.get_or_init(|| {
            let template = Self::sqlite_in(tempfile::tempdir().unwrap(), "template.db");
            template.sqlite_contents()
        });
        let database = Self::sqlite_in(tempfile::tempdir().unwrap(), "test.db");
        std::fs::write(database.sqlite_file().unwrap(), migrated).unwrap();
        database
    }

    /// A database file that exists, or that the test will create.
    pub fn sqlite_in(directory: TempDir, file: &str) -> Self {
        let url = format!("sqlite://{}", directory.path().join(file).display());
        Self::new(url, Some(directory), None)
    }

    pub fn postgres() -> Self {
        Self::on_shared_server(SharedServerDatabase::migrated())
    }

    /// Allows the test to leave data that break rules, and says why they do.
    pub fn allow_violations(&self, why: &'static str) {
        let _ = self.violations_allowed.set(why);
    }

    /// Leaves out the check after the test: the data were checked before, and the test only reads them.
    pub fn mark_verified(&self) {
        self.is_verified.store(true, Ordering::Relaxed);
    }

    /// A database that is not migrated yet.
    pub fn empty_postgres() -> Self {
        Self::on_shared_server(SharedServerDatabase::empty())
    }

    pub fn on_shared_server(database: SharedServerDatabase) -> Self {
        Self::new(database.url.clone(), None, Some(database))
    }

    pub fn is_sqlite(&self) -> bool {
        self.directory.is_some()
    }

    /// The directory of a SQLite database's files.
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_ref().map(TempDir::path)
    }

    /// The file of a SQLite database.
    pub fn sqlite_file(&self) -> Option<&Path> {
        self.is_sqlite().then(|| Path::new(self.url.trim_start_matches("sqlite://")))
    }

    /// The contents of a SQLite database, to copy them.
    pub fn sqlite_contents(&self) -> Vec<u8> {
        // A run that ends while it renews its lease leaves data in the file beside the database.
        self.open().batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        std::fs::read(self.sqlite_file().unwrap()).unwrap()
    }

    pub fn url(&self) -> DatabaseUrl {
        self.url.parse().unwrap()
    }

    pub fn open(&self) -> Db {
        open(&self.url(), Access::ReadWrite).unwrap()
    }

    /// Adds huts of `hrs` with the slugs `hut-1`, `hut-2`, …, whose IDs at the site are the same numbers.
    pub fn with_huts(&self, count: usize) -> Db {
        self.with_huts_of("hrs", "hut", count)
    }

    /// Adds huts of an organization. Their slugs are `slug_prefix`, a hyphen, and the hut's ID at the site.
    pub fn with_huts_of(&self, organization: &str, slug_prefix: &str, count: usize) -> Db {
        let mut csv = String::from(
            "slug,name,organization,source_hut_id,hut_type_open,hut_type_closed,capacity_open,capacity_closed\n",
        );
        for id in 1..=count {
            let id_prefix = if organization == "ffcam" { "BK_STRUCTURE:" } else { "" };
            csv += &format!(
                "{slug_prefix}-{id},Hut {id},{organization},{id_prefix}{id},hut,selfhut,80,12\n"
            );
        }
        let mut db = self.open();
        import::import(
            &mut db,
            &file::read(csv.as_bytes(), &crate::support::organizations()).unwrap(),
            &crate::support::organizations(),
        )
        .unwrap();
        db
    }
}

/// Every passing test ends with a check of the data that it leaves.
impl Drop for TestDatabase {
    fn drop(&mut self) {
        let need_no_check =
            self.violations_allowed.get().is_some() || self.is_verified.load(Ordering::Relaxed);
        if std::thread::panicking() || need_no_check {
            return;
        }
        let mut db = open(&self.url(), Access::ReadOnly).unwrap();
        assert_eq!(violations(&mut db), [], "the test leaves data that break rules");
    }
}

/// The violations of the contract's rules that `verify` finds.
pub fn violations(db: &mut Db) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut on_event = |event| {
        if let VerifyEvent::Violation(violation) = event {
            violations.push(violation);
        }
    };
    verify(db, &mut on_event).unwrap();
    violations
}

/// A row of the view `hut_availability`.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct CurrentRow {
    pub hut_id: i32,
    pub date: NaiveDate,
    pub source_organization: String,
    pub source_hut_id: String,
    pub free: Option<i16>,
    pub total: Option<i16>,
    pub occupancy_percent: Option<f64>,
    pub occupancy_steps: Option<i16>,
    pub occupancy_status: String,
    pub reservation_status: String,
    pub link: Option<String>,
    pub hut_type: String,
    first_checked: Timestamp,
    last_checked: Timestamp,
    pub withdrawn: bool,
}

/// A row of the view `hut_availability_history`.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct HistoryRow {
    pub hut_id: i32,
    pub date: NaiveDate,
    pub free: Option<i16>,
    pub total: Option<i16>,
    pub occupancy_percent: Option<f64>,
    pub occupancy_status: String,
    pub reservation_status: String,
    pub hut_type: String,
    first_checked: Timestamp,
    last_checked: Timestamp,
    pub duration_seconds: f64,
}

macro_rules! checked {
    ($($row:ty),+) => {$(
        impl $row {
            pub fn first_checked(&self) -> DateTime<Utc> {
                self.first_checked.into()
            }

            pub fn last_checked(&self) -> DateTime<Utc> {
                self.last_checked.into()
            }
        }
    )+};
}

checked!(CurrentRow, HistoryRow);

/// Every row of the view, by hut and date.
pub fn current(db: &mut Db) -> Vec<CurrentRow> {
    use views::hut_availability::{availability_date, hut_id, table};
    table.order((hut_id, availability_date)).load(db).unwrap()
}

/// Every row of the view, by hut, date and time.
pub fn history(db: &mut Db) -> Vec<HistoryRow> {
    use views::hut_availability_history::{availability_date, first_checked, hut_id, table};
    let order = (hut_id, availability_date, first_checked);
    table.order(order).load(db).unwrap()
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Runs a query that returns one row with a column `number`.
pub fn number(db: &mut Db, sql: &str) -> i64 {
    let number: Number = match db {
        Db::Postgres(connection) => diesel::sql_query(sql).get_result(connection),
        Db::Sqlite(connection) => diesel::sql_query(sql).get_result(connection),
    }
    .unwrap();
    number.number
}

/// Runs a statement.
pub fn execute(db: &mut Db, sql: &str) {
    match db {
        Db::Postgres(connection) => diesel::sql_query(sql).execute(connection),
        Db::Sqlite(connection) => diesel::sql_query(sql).execute(connection),
    }
    .unwrap();
}

/// Runs a query that returns rows with a text column `line`.
pub fn lines(db: &mut Db, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = match db {
        Db::Postgres(connection) => diesel::sql_query(sql).load(connection),
        Db::Sqlite(connection) => diesel::sql_query(sql).load(connection),
    }
    .unwrap();
    lines.into_iter().map(|line| line.line).collect()
}
