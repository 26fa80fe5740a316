//! The state of the checks, read from `hut_check`, which has one row per hut.

use chrono::{DateTime, Utc};
use diesel::dsl::{count_star, max, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::Db;
use super::schema::{hut, hut_check};
use super::timestamp::Timestamp;
use crate::domain::database_url::DatabaseUrl;
use crate::query::status::{Database, Failing, Huts};

/// How many huts are followed, are not followed, are inactive, and are being taken over.
pub fn huts(db: &mut Db) -> QueryResult<Huts> {
    let columns = (hut::takeover_read_at, hut::is_active, hut::booking_ref);
    let rows: Vec<(Option<Timestamp>, bool, Option<String>)> =
        hut::table.select(columns).load(db)?;
    let mut huts = Huts::default();
    for row in rows {
        match row {
            (Some(_), ..) => huts.taken_over += 1,
            (None, false, _) => huts.inactive += 1,
            (None, true, None) => huts.not_followed += 1,
            (None, true, Some(_)) => huts.followed += 1,
        }
    }
    Ok(huts)
}

type FailingRow =
    (String, Option<String>, i32, Option<Timestamp>, Option<Timestamp>, Option<String>);

/// The followed huts whose last check failed, the most failures in a row first.
pub fn failing(db: &mut Db) -> QueryResult<Vec<Failing>> {
    let rows: Vec<FailingRow> = hut::table
        .inner_join(hut_check::table)
        .filter(hut::is_active.and(hut::booking_ref.is_not_null()))
        .filter(hut::takeover_read_at.is_null())
        .filter(hut_check::consecutive_failures.gt(0))
        .order((hut_check::consecutive_failures.desc(), hut::slug))
        .select((
            hut::slug,
            hut::booking_ref,
            hut_check::consecutive_failures,
            hut_check::failing_since,
            hut_check::last_success,
            hut_check::last_error,
        ))
        .load(db)?;
    let failing =
        |(slug, organization, failures, since, success, last_error): FailingRow| Failing {
            slug,
            organization: organization.unwrap_or_default(),
            consecutive_failures: failures,
            failing_since: since.map(DateTime::from),
            last_success: success.map(DateTime::from),
            last_error,
        };
    Ok(rows.into_iter().map(failing).collect())
}

/// The last successful check of any hut.
pub fn last_success(db: &mut Db) -> QueryResult<Option<DateTime<Utc>>> {
    let last: Option<Timestamp> =
        hut_check::table.select(max(hut_check::last_success)).first(db)?;
    Ok(last.map(DateTime::from))
}

/// The number of huts whose last check was after an instant, and the latest of these checks.
pub fn checked_after(
    db: &mut Db,
    at: DateTime<Utc>,
) -> QueryResult<(usize, Option<DateTime<Utc>>)> {
    let after = hut_check::table.filter(hut_check::last_checked.gt(Timestamp::from(at)));
    let (huts, last): (i64, Option<Timestamp>) =
        after.select((count_star(), max(hut_check::last_checked))).first(db)?;
    Ok((usize::try_from(huts).unwrap_or_default(), last.map(DateTime::from)))
}

/// The size of the database on disk, in bytes. For SQLite it is the main file only.
pub fn size_bytes(db: &mut Db) -> QueryResult<i64> {
    let size = match db {
        Db::Postgres(_) => "pg_database_size(current_database())",
        Db::Sqlite(_) => "(SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)",
    };
    diesel::select(sql::<BigInt>(size)).get_result(db)
}

/// The kind, URL and size of the database.
pub fn database(db: &mut Db, url: &DatabaseUrl) -> QueryResult<Database> {
    let kind = match db {
        Db::Postgres(_) => "postgres",
        Db::Sqlite(_) => "sqlite",
    };
    Ok(Database { kind, url: url.to_string(), size_bytes: size_bytes(db)? })
}
