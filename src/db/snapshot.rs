//! Reads a database as it is at one moment, while others may write to it.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::Context;
use diesel::connection::AnsiTransactionManager;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};

use super::connection::Db;
use super::migrations;
use super::open::{Access, open};
use crate::domain::database_url::DatabaseUrl;

/// The first number of a PostgreSQL advisory lock; a connection's number is the second. Any number will do.
const LOCK: i32 = 0x6875_7473;

/// Opens a snapshot of a database as it is now. It lasts as long as the connection.
pub fn open_snapshot(url: &DatabaseUrl) -> anyhow::Result<Db> {
    let mut db = open(url, Access::ReadOnly)?;
    begin(&mut db).with_context(|| format!("cannot read {url}"))?;
    Ok(db)
}

fn begin(db: &mut Db) -> anyhow::Result<()> {
    match db {
        Db::Postgres(connection) => {
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
            AnsiTransactionManager::begin_transaction_sql(connection, begin)?;
        }
        Db::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN")?;
        }
    }
    // In both databases the first query fixes the snapshot.
    migrations::state(db).map(drop)
}

/// Whether two connections are to the same database, even if their URLs differ.
pub fn is_same(one: &mut Db, other: &mut Db, urls: [&DatabaseUrl; 2]) -> anyhow::Result<bool> {
    match (one, other, urls) {
        (Db::Sqlite(_), Db::Sqlite(_), [DatabaseUrl::Sqlite(one), DatabaseUrl::Sqlite(other)]) => {
            let file = |path: &Path| path.metadata().map(|file| (file.dev(), file.ino()));
            Ok(file(one)? == file(other)?)
        }
        (Db::Postgres(one), Db::Postgres(other), _) => Ok(is_same_postgres(one, other)?),
        _ => Ok(false),
    }
}

/// Whether two connections to PostgreSQL, of which the first is in a transaction, are to the same database: if one holds
/// a lock, another connection to the same database cannot take it.
pub fn is_same_postgres(one: &mut PgConnection, other: &mut PgConnection) -> QueryResult<bool> {
    let number = diesel::select(sql::<Integer>("pg_backend_pid()")).get_result::<i32>(one)?;
    let lock = format!("pg_try_advisory_xact_lock({LOCK}, {number})");
    let take = |connection: &mut PgConnection| {
        diesel::select(sql::<Bool>(&lock)).get_result::<bool>(connection)
    };
    take(one)?;
    Ok(!take(other)?)
}
