//! What must hold when the answer of a site is stored. It is checked in the statement that writes or locks the row
//! of the hut's last check, and costs no statement of its own.

use chrono::{DateTime, Utc};

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Integer, Text};

use super::connection::Db;
use super::timestamp::{self, Timestamp, Timestamptz};
use crate::domain::lease::ClaimToken;
use crate::runtime::clock::MAX_DIFFERENCE;

/// What must hold when an answer is stored. The default is no condition: for replays and tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// The claim under which the hut was asked for must still be valid. None for runs without claims.
    pub claim: Option<ClaimToken>,
    /// The organization and the ID for which the site was asked must still be those of the hut.
    pub source: Option<(String, String)>,
    /// The instant of the check must not be ahead of the clock of the database by more than [`MAX_DIFFERENCE`].
    /// SQLite has no clock of its own.
    pub at: Option<Timestamp>,
}

/// Why an answer is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The claim of the hut has expired. Another run may have stored a newer answer.
    ClaimLost,
    /// The hut has another source now.
    SourceChanged,
    /// The check is ahead of the clock of the database, which shows this time.
    ClockAhead(DateTime<Utc>),
}

/// The SQL condition of a guard for a check of the hut in `hut_check`. An expression of its own, because the
/// compiler needs gigabytes for one that is put together from Diesel's parts.
#[derive(Clone, Debug)]
pub struct Holds {
    guard: Guard,
    /// The current time of the database.
    now: &'static str,
    /// The latest time of a check.
    limit: &'static str,
}

impl Holds {
    #[must_use]
    pub fn new(db: &Db, guard: &Guard) -> Self {
        let (now, limit) = match db {
            Db::Postgres(_) => ("clock_timestamp()", "clock_timestamp() + interval '5 minutes'"),
            // In the form of the stored instants. A check is never ahead of its own clock.
            Db::Sqlite(_) => ("strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')", "'9999'"),
        };
        Self { guard: guard.clone(), now, limit }
    }
}

impl Holds {
    /// Pushes the condition that the check is not ahead of the clock.
    fn push_bound<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Timestamptz>,
        Timestamp: ToSql<Timestamptz, DB>,
    {
        let Some(at) = &self.guard.at else { return Ok(()) };
        out.push_sql(" AND ");
        out.push_bind_param::<Timestamptz, _>(at)?;
        out.push_sql(" <= ");
        out.push_sql(self.limit);
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for Holds
where
    DB: Backend
        + HasSqlType<Bool>
        + HasSqlType<Integer>
        + HasSqlType<Text>
        + HasSqlType<Timestamptz>,
    bool: ToSql<Bool, DB>,
    i32: ToSql<Integer, DB>,
    String: ToSql<Text, DB>,
    Timestamp: ToSql<Timestamptz, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        match &self.guard.claim {
            None => out.push_sql("1 = 1"),
            Some(ClaimToken { run_id, generation }) => {
                out.push_sql("EXISTS (SELECT 1 FROM lease WHERE run_id = ");
                out.push_bind_param::<Integer, _>(run_id)?;
                out.push_sql(" AND generation = ");
                out.push_bind_param::<Integer, _>(generation)?;
                out.push_sql(" AND expires_at > ");
                out.push_sql(self.now);
                // Beside the lease: Citus reads the lease, and with it the clock, before it sends the statement to
                // the server of the hut. Outside it refuses the clock in an UPDATE.
                self.push_bound(&mut out)?;
                out.push_sql(")");
            }
        }
        if let Some((organization, source_hut_id)) = &self.guard.source {
            out.push_sql(
                " AND EXISTS (SELECT 1 FROM hut JOIN hut_source ON hut_source.hut_id = hut.id \
                 AND hut_source.organization = hut.booking_ref \
                 WHERE hut.id = hut_check.hut_id AND hut_source.organization = ",
            );
            out.push_bind_param::<Text, _>(organization)?;
            out.push_sql(" AND hut_source.source_hut_id = ");
            out.push_bind_param::<Text, _>(source_hut_id)?;
            out.push_sql(")");
        }
        if self.guard.claim.is_none() {
            self.push_bound(&mut out)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl Expression for Holds {
    type SqlType = Bool;
}
impl<T> AppearsOnTable<T> for Holds {}
impl<T> SelectableExpression<T> for Holds {}
impl ValidGrouping<()> for Holds {
    type IsAggregate = is_aggregate::Never;
}
impl QueryId for Holds {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// Why a guard that does not hold refuses a check.
pub fn refusal(db: &mut Db, guard: &Guard, hut_id: i32) -> QueryResult<Refusal> {
    use super::schema::{hut, hut_source};
    let now = DateTime::<Utc>::from(timestamp::now(db)?);
    if guard.at.is_some_and(|at| DateTime::<Utc>::from(at) > now + MAX_DIFFERENCE) {
        return Ok(Refusal::ClockAhead(now));
    }
    let source: Option<(String, String)> = hut::table
        .inner_join(
            hut_source::table.on(hut_source::hut_id
                .eq(hut::id)
                .and(hut_source::organization.nullable().eq(hut::booking_ref))),
        )
        .filter(hut::id.eq(hut_id))
        .select((hut_source::organization, hut_source::source_hut_id))
        .first(db)
        .optional()?;
    let is_changed = guard.source.is_some() && guard.source != source;
    Ok(if is_changed { Refusal::SourceChanged } else { Refusal::ClaimLost })
}
