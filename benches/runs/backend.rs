//! Creates, copies and measures the databases of the bench.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, connect};

use crate::program::Programs;

/// Where databases are created.
pub enum Backend {
    /// In this directory.
    Sqlite(PathBuf),
    /// On this server, given as a URL without a database.
    Postgres(String),
}

/// Counts of a database so far.
#[derive(Clone, Copy)]
pub struct Counts {
    pub row_writes: i64,
    /// None for SQLite, which writes its WAL into the file at the end of a run.
    pub wal_bytes: Option<i64>,
}

/// The tables whose row writes are counted.
const TABLES: [&str; 7] = [
    "hut_check",
    "availability",
    "availability_change",
    "hut_source",
    "update_run",
    "lease",
    "site_pace",
];

impl Backend {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    pub fn url(&self, database: &str) -> String {
        match self {
            Self::Sqlite(directory) => {
                format!("sqlite://{}", directory.join(format!("{database}.db")).display())
            }
            Self::Postgres(server) => format!("{}/{database}", server.trim_end_matches('/')),
        }
    }

    /// Creates a database with this number of huts, none of which was ever checked.
    pub fn create(&self, database: &str, huts: u32, programs: &Programs) {
        match self {
            Self::Sqlite(_) => self.remove(database),
            Self::Postgres(_) => {
                self.remove(database);
                self.on_server(&format!("CREATE DATABASE {database}"));
            }
        }
        let url = self.url(database);
        programs.operate(&["migrate", "--database-url", &url]);
        let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a file can be made");
        std::fs::write(&file, register(huts)).expect("the file is written");
        let path = file.path().to_str().expect("the path is text");
        programs.operate(&["huts", "import", path, "--database-url", &url]);
    }

    /// Copies a database that is not in use.
    pub fn copy(&self, from: &str, to: &str) {
        self.remove(to);
        match self {
            Self::Sqlite(directory) => {
                let file = |name: &str| directory.join(format!("{name}.db"));
                std::fs::copy(file(from), file(to)).expect("the file is copied");
            }
            Self::Postgres(_) => self.on_server(&format!("CREATE DATABASE {to} TEMPLATE {from}")),
        }
    }

    pub fn remove(&self, database: &str) {
        match self {
            Self::Sqlite(directory) => {
                for end in ["db", "db-wal", "db-shm"] {
                    let _ = std::fs::remove_file(directory.join(format!("{database}.{end}")));
                }
            }
            Self::Postgres(_) => {
                self.on_server(&format!("DROP DATABASE IF EXISTS {database} (FORCE)"));
            }
        }
    }

    pub fn connect(&self, database: &str) -> Db {
        let url = self.url(database).parse().expect("the URL names a database");
        connect(&url, Access::ReadWrite).expect("the database opens")
    }

    /// Writes all data to its final place, so that the next run starts as in production, where minutes pass
    /// between runs.
    pub fn settle(&self, database: &str) {
        self.connect(database)
            .batch_execute(match self {
                Self::Sqlite(_) => "PRAGMA wal_checkpoint(TRUNCATE)",
                Self::Postgres(_) => "CHECKPOINT",
            })
            .expect("the checkpoint succeeds");
    }

    /// Makes a SQLite database count its row writes by triggers, because otherwise only the writing connection
    /// knows them. This slows the writes down.
    pub fn count_by_triggers(&self, database: &str) {
        let Self::Sqlite(_) = self else { return };
        let mut statements = String::from(
            "CREATE TABLE row_writes (number INTEGER NOT NULL); INSERT INTO row_writes VALUES (0);",
        );
        for table in TABLES {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                statements += &format!(
                    "CREATE TRIGGER {table}_{event} AFTER {event} ON {table} BEGIN
                         UPDATE row_writes SET number = number + 1; END;"
                );
            }
        }
        self.connect(database).batch_execute(&statements).expect("triggers are made");
    }

    /// The counts so far. SQLite needs the triggers of `count_by_triggers`.
    pub fn counts(&self, database: &str) -> Counts {
        let mut db = self.connect(database);
        if let Self::Postgres(_) = self {
            // A session reports its counts at its end.
            let others = "SELECT count(*) AS number FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            while number(&mut db, others) > 0 {
                sleep(Duration::from_millis(10));
            }
        }
        match self {
            Self::Sqlite(_) => Counts {
                row_writes: number(&mut db, "SELECT number FROM row_writes"),
                wal_bytes: None,
            },
            Self::Postgres(_) => Counts {
                row_writes: number(
                    &mut db,
                    "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint AS number
                     FROM pg_stat_user_tables",
                ),
                wal_bytes: Some(number(
                    &mut db,
                    "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint AS number",
                )),
            },
        }
    }

    /// The size of the database, in bytes.
    pub fn size(&self, database: &str) -> i64 {
        let mut db = self.connect(database);
        number(
            &mut db,
            match self {
                Self::Sqlite(_) => {
                    "SELECT page_count * page_size AS number FROM pragma_page_count, pragma_page_size"
                }
                Self::Postgres(_) => "SELECT pg_database_size(current_database()) AS number",
            },
        )
    }

    fn on_server(&self, sql: &str) {
        let mut server =
            PgConnection::establish(&self.url("postgres")).expect("the server answers");
        server.batch_execute(sql).expect("the statement succeeds");
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The `number` of a query's only row.
pub fn number(db: &mut Db, sql: &str) -> i64 {
    let row: Number = match db {
        Db::Postgres(connection) => diesel::sql_query(sql).get_result(connection),
        Db::Sqlite(connection) => diesel::sql_query(sql).get_result(connection),
    }
    .expect("there is a row");
    row.number
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The `line` of each row of a query.
pub fn lines(db: &mut Db, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = match db {
        Db::Postgres(connection) => diesel::sql_query(sql).load(connection),
        Db::Sqlite(connection) => diesel::sql_query(sql).load(connection),
    }
    .expect("there are rows");
    rows.into_iter().map(|row| row.line).collect()
}

fn register(huts: u32) -> String {
    let mut csv = String::from(
        "slug,name,organization,source_hut_id,country,hut_type_open,hut_type_closed,capacity_open,capacity_closed\n",
    );
    for id in 1..=huts {
        csv += &format!("hut-{id},Hut {id},hrs,{id},CH,hut,selfhut,80,12\n");
    }
    csv
}
