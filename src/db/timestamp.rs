//! Instants in both databases: `timestamptz` in PostgreSQL, and text in SQLite (RFC 3339 with microseconds
//! and `Z`, so that text order is time order).

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{self, HasSqlType, Interval, SqlOrd, SqlType, Text, ops};
use diesel::sqlite::Sqlite;

use super::connection::{Db, MultiBackend, MultiRawValue};

/// Replaces Diesel's SQL type of this name in the generated schema, because that exists for PostgreSQL only.
/// This one is `timestamptz` (by its OIDs) or text.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Timestamptz;

impl SqlOrd for Timestamptz {}

// `diesel::table!` requires arithmetic for every type of this name.
impl ops::Add for Timestamptz {
    type Rhs = Interval;
    type Output = Self;
}

impl ops::Sub for Timestamptz {
    type Rhs = Interval;
    type Output = Self;
}

/// An instant in a row, in microseconds as both databases store it, so that it is read back unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Timestamptz)]
pub struct Timestamp(DateTime<Utc>);

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.trunc_subsecs(6))
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(Timestamp(instant): Timestamp) -> Self {
        instant
    }
}

/// The time by the database's clock. All programs that use a server share this clock, even if their own clocks
/// are wrong. A SQLite file is used by programs of one machine only, so its clock serves.
pub fn now(db: &mut Db) -> QueryResult<Timestamp> {
    match db {
        Db::Postgres(_) => {
            diesel::select(diesel::dsl::sql::<Timestamptz>("clock_timestamp()")).get_result(db)
        }
        Db::Sqlite(_) => Ok(Utc::now().into()),
    }
}

impl HasSqlType<Timestamptz> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Timestamptz>(lookup)
    }
}

impl ToSql<Timestamptz, MultiBackend> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Timestamptz, self));
        Ok(IsNull::No)
    }
}

impl FromSql<Timestamptz, MultiBackend> for Timestamp {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Timestamptz>()
    }
}

impl ToSql<Timestamptz, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<sql_types::Timestamptz, Pg>::to_sql(&self.0, out)
    }
}

impl FromSql<Timestamptz, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<sql_types::Timestamptz, Pg>::from_sql(value).map(Self)
    }
}

impl ToSql<Timestamptz, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_rfc3339_opts(SecondsFormat::Micros, true));
        Ok(IsNull::No)
    }
}

impl FromSql<Timestamptz, Sqlite> for Timestamp {
    fn from_sql(
        value: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        match DateTime::parse_from_rfc3339(&text) {
            Ok(instant) => Ok(Self(instant.to_utc())),
            Err(error) => {
                Err(format!("expected an RFC 3339 instant, got {text:?}: {error}").into())
            }
        }
    }
}
