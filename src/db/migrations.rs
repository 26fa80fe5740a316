//! The schema's migrations, compiled in: one folder per database with the same names.

use anyhow::anyhow;
use diesel::dsl::sql;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Db, write_transaction};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

diesel::table! {
    /// Diesel's own list of the migrations that were run.
    __diesel_schema_migrations (version) {
        version -> VarChar,
    }
}

/// Any number, the same in all versions of the program: who migrates holds PostgreSQL's advisory lock
/// of this number.
const LOCK: i64 = 0x6875_7473;

/// Runs what is pending, all or nothing, and returns the names of the migrations that were run.
/// Programs that start at the same time wait for each other.
pub fn run_pending(db: &mut Db) -> anyhow::Result<Vec<String>> {
    if pending(db)?.is_empty() {
        return Ok(Vec::new());
    }
    write_transaction(db, |db| {
        if let Db::Postgres(connection) = db {
            let lock = diesel::sql_query("SELECT pg_advisory_xact_lock($1)");
            lock.bind::<BigInt, _>(LOCK).execute(connection)?;
        }
        let names = pending(db)?;
        match db {
            Db::Postgres(connection) => connection.run_pending_migrations(POSTGRES).map(drop),
            Db::Sqlite(connection) => connection.run_pending_migrations(SQLITE).map(drop),
        }
        .map_err(|error| anyhow!(error))?;
        Ok(names)
    })
}

/// Takes back every migration, the data with it.
pub fn revert_all(db: &mut Db) -> anyhow::Result<()> {
    match db {
        Db::Postgres(connection) => connection.revert_all_migrations(POSTGRES).map(drop),
        Db::Sqlite(connection) => connection.revert_all_migrations(SQLITE).map(drop),
    }
    .map_err(|error| anyhow!(error))
}

/// The names of the migrations that are still to be run. Reads only, unlike Diesel's own question,
/// which makes its table where there is none.
pub fn pending(db: &mut Db) -> anyhow::Result<Vec<String>> {
    let applied: Vec<String> = if has_table(db)? {
        let versions = __diesel_schema_migrations::table;
        versions.select(__diesel_schema_migrations::version).load(db)?
    } else {
        Vec::new()
    };
    let known = match db {
        Db::Postgres(_) => names::<diesel::pg::Pg>(&POSTGRES)?,
        Db::Sqlite(_) => names::<diesel::sqlite::Sqlite>(&SQLITE)?,
    };
    let is_pending = |name: &String| !applied.iter().any(|version| is_version_of(version, name));
    Ok(known.into_iter().filter(is_pending).collect())
}

/// That some are still to be run, and what to do.
#[must_use]
pub fn lacking(pending: &[String]) -> String {
    format!(
        "lacks {} of the migrations of this version ({}): run `hut-availability migrate`",
        pending.len(),
        pending.join(", "),
    )
}

/// Whether it is a SQLite file of an older version, which whoever opens it migrates. A file without
/// any of our tables is somebody else's.
pub fn is_older_file(db: &mut Db, pending: &[String]) -> QueryResult<bool> {
    Ok(matches!(db, Db::Sqlite(_)) && !pending.is_empty() && has_table(db)?)
}

/// Diesel stores `20261122000001` for the folder `2026-11-22-000001_create_hut`.
fn is_version_of(version: &str, name: &str) -> bool {
    let digits = name.split('_').next().unwrap_or_default().replace('-', "");
    digits == version
}

/// Whether Diesel's table is there. Looked up in the catalogue: `to_regclass` may answer from a cache
/// that is older than the lock.
fn has_table(db: &mut Db) -> QueryResult<bool> {
    let question = match db {
        Db::Postgres(_) => {
            "EXISTS (SELECT 1 FROM pg_catalog.pg_tables WHERE tablename = '__diesel_schema_migrations'
                AND schemaname = ANY (current_schemas(false)))"
        }
        Db::Sqlite(_) => {
            "EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '__diesel_schema_migrations')"
        }
    };
    diesel::select(sql::<Bool>(question)).get_result(db)
}

fn names<DB: diesel::backend::Backend>(
    migrations: &EmbeddedMigrations,
) -> anyhow::Result<Vec<String>> {
    let migrations: Vec<Box<dyn Migration<DB>>> =
        migrations.migrations().map_err(|error| anyhow!(error))?;
    let mut names: Vec<_> =
        migrations.iter().map(|migration| migration.name().to_string()).collect();
    names.sort();
    Ok(names)
}
