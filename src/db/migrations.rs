//! The schema's migrations, compiled into the program: one folder per database, with the same names.

use anyhow::{anyhow, bail};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Db, write_transaction};
use super::sqlite::owner;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

diesel::table! {
    /// Diesel's list of the migrations that were run.
    __diesel_schema_migrations (version) {
        version -> VarChar,
    }
}

/// The number of the PostgreSQL advisory lock that a migrating program holds. Any number will do, but all
/// versions of the program must use the same one.
const LOCK: i64 = 0x6875_7473;

/// Runs the pending migrations, all or none, and returns their names. Programs that start at the same time
/// wait for each other.
pub fn run_pending(db: &mut Db) -> anyhow::Result<Vec<String>> {
    require_utf8(db)?;
    if state(db)?.is_current() {
        mark_file(db)?;
        return Ok(Vec::new());
    }
    write_transaction(db, |db| {
        if let Db::Postgres(connection) = db {
            // Another program may migrate for a long time.
            connection.batch_execute("SET LOCAL lock_timeout = 0")?;
            let lock = diesel::sql_query("SELECT pg_advisory_xact_lock($1)");
            lock.bind::<BigInt, _>(LOCK).execute(connection)?;
            connection.batch_execute("SET LOCAL lock_timeout = '60s'")?;
        }
        let SchemaState { pending: names, unknown } = state(db)?;
        if !unknown.is_empty() {
            return Err(anyhow!("it {}", unknown_message(&unknown)));
        }
        match db {
            Db::Postgres(connection) => connection.run_pending_migrations(POSTGRES).map(drop),
            Db::Sqlite(connection) => connection.run_pending_migrations(SQLITE).map(drop),
        }
        .map_err(|error| anyhow!(error))?;
        mark_file(db)?;
        Ok(names)
    })
}

/// Marks a SQLite file as this program's, so that neither this program takes another one's file for its own, nor
/// another program this one's.
fn mark_file(db: &mut Db) -> QueryResult<()> {
    match db {
        Db::Postgres(_) => Ok(()),
        Db::Sqlite(connection) => owner::mark(connection),
    }
}

/// Names of huts have letters that most encodings lack. SQLite stores every letter.
fn require_utf8(db: &mut Db) -> anyhow::Result<()> {
    let Db::Postgres(connection) = db else { return Ok(()) };
    let encoding = sql::<Text>("current_setting('server_encoding')");
    let encoding: String = diesel::select(encoding).get_result(connection)?;
    if encoding != "UTF8" {
        bail!(
            "it has the encoding {encoding}, and the names of huts need UTF8: create another database, with \
             `createdb --encoding=UTF8 --template=template0 NAME`"
        );
    }
    Ok(())
}

/// Reverts all migrations, which deletes all data.
pub fn revert_all(db: &mut Db) -> anyhow::Result<()> {
    match db {
        Db::Postgres(connection) => connection.revert_all_migrations(POSTGRES).map(drop),
        Db::Sqlite(connection) => connection.revert_all_migrations(SQLITE).map(drop),
    }
    .map_err(|error| anyhow!(error))
}

/// How the schema of a database differs from that of this version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaState {
    /// The names of the migrations that the database lacks.
    pub pending: Vec<String>,
    /// The versions of migrations that this program does not know. A later version has run them.
    pub unknown: Vec<String>,
}

impl SchemaState {
    /// Whether the schema is that of this version.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.pending.is_empty() && self.unknown.is_empty()
    }

    /// What is wrong, and what to do. The database's name comes before it. None if nothing is wrong.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        if self.unknown.is_empty() {
            (!self.pending.is_empty()).then(|| pending_message(&self.pending))
        } else {
            Some(unknown_message(&self.unknown))
        }
    }
}

fn unknown_message(unknown: &[String]) -> String {
    format!(
        "was migrated by a later version of this program (migrations {}), and its tables may differ: use that \
         version",
        unknown.join(", ")
    )
}

/// Compares the schema with that of this version. This only reads. Diesel's own function would create its table if
/// that is missing.
pub fn state(db: &mut Db) -> anyhow::Result<SchemaState> {
    let applied: Vec<String> = if has_table(db)? {
        let versions = __diesel_schema_migrations::table;
        versions.select(__diesel_schema_migrations::version).load(db)?
    } else {
        Vec::new()
    };
    let all = match db {
        Db::Postgres(_) => names::<diesel::pg::Pg>(&POSTGRES)?,
        Db::Sqlite(_) => names::<diesel::sqlite::Sqlite>(&SQLITE)?,
    };
    let is_unknown = |version: &&String| !all.iter().any(|name| is_version_of(version, name));
    let unknown = applied.iter().filter(is_unknown).cloned().collect();
    let is_pending = |name: &String| !applied.iter().any(|version| is_version_of(version, name));
    Ok(SchemaState { pending: all.into_iter().filter(is_pending).collect(), unknown })
}

fn pending_message(pending: &[String]) -> String {
    format!(
        "lacks {} of the migrations of this version ({}): run `hut-availability migrate`",
        pending.len(),
        pending.join(", "),
    )
}

/// Whether this is a SQLite file of an older version, which any program that opens it migrates. A file
/// without our tables belongs to something else.
pub fn is_older_file(db: &mut Db, state: &SchemaState) -> QueryResult<bool> {
    let is_older = !state.pending.is_empty() && state.unknown.is_empty();
    Ok(matches!(db, Db::Sqlite(_)) && is_older && has_table(db)?)
}

/// Whether this is a SQLite file in which no program has made tables yet. Another program's file is refused
/// when it is opened.
pub fn is_empty_file(db: &mut Db) -> QueryResult<bool> {
    Ok(matches!(db, Db::Sqlite(_)) && !has_table(db)?)
}

/// Diesel stores `20261122000001` for the folder `2026-11-22-000001_create_hut`.
fn is_version_of(version: &str, name: &str) -> bool {
    let digits = name.split('_').next().unwrap_or_default().replace('-', "");
    digits == version
}

/// Whether Diesel's table exists. This queries the catalogue, because `to_regclass` may answer from a cache
/// that is older than the lock.
fn has_table(db: &mut Db) -> QueryResult<bool> {
    let condition = match db {
        Db::Postgres(_) => {
            "EXISTS (SELECT 1 FROM pg_catalog.pg_tables WHERE tablename = '__diesel_schema_migrations'
                AND schemaname = ANY (current_schemas(false)))"
        }
        Db::Sqlite(_) => {
            "EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '__diesel_schema_migrations')"
        }
    };
    diesel::select(sql::<Bool>(condition)).get_result(db)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_this_program_has_run_the_first_migration() {
        let names = names::<diesel::sqlite::Sqlite>(&SQLITE).unwrap();
        assert!(is_version_of(owner::FIRST_MIGRATION, &names[0]), "{names:?}");
    }
}
