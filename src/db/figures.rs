//! Figures of the whole database, for whoever watches over it.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::Db;
use super::instant::Instant;
use super::schema::{hut, hut_check};

/// How the database is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Huts that are asked for.
    pub followed: usize,
    /// Those of them whose last check failed.
    pub failing: usize,
    /// When any of them was last checked successfully.
    pub last_success: Option<DateTime<Utc>>,
    pub size_bytes: i64,
}

/// Reads the figures: one short row for each hut, and what the database says of its size.
pub fn load(db: &mut Db) -> QueryResult<Figures> {
    let checks: Vec<(Option<i32>, Option<Instant>)> = hut::table
        .left_join(hut_check::table.on(hut_check::hut_id.eq(hut::id)))
        .filter(hut::is_active.and(hut::booking_ref.is_not_null()))
        .select((hut_check::consecutive_failures.nullable(), hut_check::last_success.nullable()))
        .load(db)?;
    let last_success = checks.iter().filter_map(|(_, last_success)| *last_success).max();
    Ok(Figures {
        followed: checks.len(),
        failing: checks.iter().filter(|(failures, _)| *failures > Some(0)).count(),
        last_success: last_success.map(DateTime::from),
        size_bytes: size_bytes(db)?,
    })
}

/// What the database takes on disk, in bytes; of SQLite the file alone.
fn size_bytes(db: &mut Db) -> QueryResult<i64> {
    let size = match db {
        Db::Postgres(_) => "pg_database_size(current_database())",
        Db::Sqlite(_) => "(SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)",
    };
    diesel::select(sql::<BigInt>(size)).get_result(db)
}
