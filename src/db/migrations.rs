//! The schema's migrations, compiled in: one folder per database with the same names.

use anyhow::anyhow;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::Db;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

diesel::table! {
    /// Diesel's own list of the migrations that were run.
    __diesel_schema_migrations (version) {
        version -> VarChar,
    }
}

/// Runs what is pending, and returns the names of the migrations that were run.
pub fn run_pending(db: &mut Db) -> anyhow::Result<Vec<String>> {
    let names = pending(db)?;
    if !names.is_empty() {
        match db {
            Db::Postgres(connection) => connection.run_pending_migrations(POSTGRES).map(drop),
            Db::Sqlite(connection) => connection.run_pending_migrations(SQLITE).map(drop),
        }
        .map_err(|error| anyhow!(error))?;
    }
    Ok(names)
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
    let applied: Vec<String> = match __diesel_schema_migrations::table
        .select(__diesel_schema_migrations::version)
        .load(db)
    {
        Ok(versions) => versions,
        Err(DieselError::DatabaseError(_, info)) if is_missing_table(info.message()) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let known = match db {
        Db::Postgres(_) => names::<diesel::pg::Pg>(&POSTGRES)?,
        Db::Sqlite(_) => names::<diesel::sqlite::Sqlite>(&SQLITE)?,
    };
    let is_pending = |name: &String| !applied.iter().any(|version| is_version_of(version, name));
    Ok(known.into_iter().filter(is_pending).collect())
}

/// Diesel stores `20261122000001` for the folder `2026-11-22-000001_create_hut`.
fn is_version_of(version: &str, name: &str) -> bool {
    let digits = name.split('_').next().unwrap_or_default().replace('-', "");
    digits == version
}

fn is_missing_table(message: &str) -> bool {
    message.contains("no such table") || message.contains("does not exist")
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
