//! Reads all stored data, hut by hut, and checks it against the rules of [`crate::ops::verify`].
//!
//! Each hut is read in one snapshot, so that a run that writes at the same time causes no false alarm. Its
//! records are read one by one. Only the listed dates are ever held all at once.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::pg::{Pg, PgRowByRowLoadingMode};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, sql_query};

use crate::db::connection::Db;
use crate::db::schema::hut;
use crate::db::silence::Watch;
use crate::db::{check, current, timestamp};
use crate::ops::verify::dates::Dates;
use crate::ops::verify::hut::Hut;
use crate::ops::verify::listed::contradictions;
use crate::ops::verify::run::LoggedRun;
use crate::ops::verify::watches;
use crate::ops::verify::{Counts, Rule, Violation, form};
use crate::runtime::clock::MAX_DIFFERENCE;

/// An event during the verification.
pub enum VerifyEvent {
    /// The number of huts to check. Approximate, because huts may be added or removed meanwhile.
    Huts(u64),
    /// One hut was checked.
    Hut,
    Violation(Violation),
}

/// Checks all stored data, and passes each violation to `report`. Writes nothing.
///
/// # Errors
/// Something cannot be read. The violations reported until then are valid.
pub fn verify(db: &mut Db, report: &mut dyn FnMut(VerifyEvent)) -> QueryResult<Counts> {
    let huts: i64 = hut::table.count().get_result(db)?;
    report(VerifyEvent::Huts(u64::try_from(huts).unwrap_or_default()));
    if let Db::Sqlite(_) = db {
        verify_file(db, report)?;
    }
    verify_lines(db, &[(Rule::Watch, watches::PROBLEMS)], report)?;
    let limit = DateTime::<Utc>::from(timestamp::now(db)?) + MAX_DIFFERENCE;
    let limit = limit.to_rfc3339_opts(SecondsFormat::Micros, true);
    let mut counts = verify_runs(db, &limit, report)?;
    let mut last = None;
    while let Some(id) = next_hut(db, last)? {
        counts += verify_hut(db, id, &limit, report)?;
        report(VerifyEvent::Hut);
        last = Some(id);
    }
    Ok(counts)
}

/// SQLite's own checks of its file and of references. SQLite enforces references only on connections that
/// enable this.
fn verify_file(db: &mut Db, report: &mut dyn FnMut(VerifyEvent)) -> QueryResult<()> {
    let statements = [
        (Rule::Database, crate::ops::verify::statements::QUICK_CHECK),
        (Rule::Database, crate::ops::verify::statements::FOREIGN_KEY_CHECK),
        (Rule::Form, crate::ops::verify::statements::OTHER_INSTANTS),
        (Rule::Form, watches::INSTANTS),
    ];
    verify_lines(db, &statements, report)
}

/// Each line of these statements is a violation, unless it is a valid instant of a field.
fn verify_lines(
    db: &mut Db,
    statements: &[(Rule, &str)],
    report: &mut dyn FnMut(VerifyEvent),
) -> QueryResult<()> {
    for &(rule, statement) in statements {
        each(db, statement, |Line { line, field }| {
            let what = match field {
                Some(field) => form::instant(&field, &line).err(),
                None => Some(line),
            };
            let violation = |what| Violation { rule, hut: None, hut_id: None, date: None, what };
            what.map(violation).map(VerifyEvent::Violation).into_iter().for_each(&mut *report);
        })?;
    }
    Ok(())
}

fn verify_runs(
    db: &mut Db,
    limit: &str,
    report: &mut dyn FnMut(VerifyEvent),
) -> QueryResult<Counts> {
    let mut counts = Counts::default();
    let statement = crate::ops::verify::statements::runs(db);
    each(db, &statement, |run: LoggedRun| {
        counts.runs += u64::from(run.started_at.is_some());
        for (rule, what) in run.violations(limit) {
            report(VerifyEvent::Violation(Violation {
                rule,
                hut: None,
                hut_id: None,
                date: None,
                what,
            }));
        }
    })?;
    Ok(counts)
}

/// The next hut ID in any table, in the register or not.
fn next_hut(db: &mut Db, last: Option<i32>) -> QueryResult<Option<i32>> {
    let mut next = None;
    let statement = crate::ops::verify::statements::next_hut(last);
    each(db, &statement, |Number { number }| next = number)?;
    Ok(next)
}

fn verify_hut(
    db: &mut Db,
    id: i32,
    limit: &str,
    report: &mut dyn FnMut(VerifyEvent),
) -> QueryResult<Counts> {
    let (hut_statement, dates_statement) = (
        crate::ops::verify::statements::hut(db, id),
        crate::ops::verify::statements::dates(db, id),
    );
    in_snapshot(db, |db| {
        let mut hut = None;
        each(db, &hut_statement, |row: Hut| hut = Some(row))?;
        let Some(hut) = hut else { return Ok(Counts::default()) };
        let slug = hut.slug.clone();
        let mut report = |rule, date: Option<&str>, what| {
            let (hut, date) = (slug.clone(), date.map(ToOwned::to_owned));
            report(VerifyEvent::Violation(Violation { rule, hut, hut_id: Some(id), date, what }));
        };
        hut.violations(limit).into_iter().for_each(|(rule, what)| report(rule, None, what));
        // An older version of the program stores checks without their range.
        let is_summarized = hut.listed_at == hut.last_success;
        for what in summary_contradictions(db, id) {
            report(Rule::HutCheck, None, what);
        }
        let range = hut.range_from.zip(hut.range_until).filter(|_| is_summarized);
        let mut report_date = |rule, date: &str, what| report(rule, Some(date), what);
        let mut dates = Dates::new(hut.last_success, range, &mut report_date);
        each(db, &dates_statement, |record| dates.record(record))?;
        Ok(Counts { huts: 1, ..dates.finish() })
    })
}

/// Contradictions between the stored summary of the listed dates and the dates. Rows that cannot be read are
/// reported by other rules.
fn summary_contradictions(db: &mut Db, id: i32) -> Vec<String> {
    let Ok(check) = check::load(db, id) else { return Vec::new() };
    if check.listed.content_digest.is_none() || check.listed.listed_at != check.last_success {
        return Vec::new();
    }
    let listed = current::load_listed(db, id);
    listed.map_or_else(|_| Vec::new(), |rows| contradictions(&check.listed, &rows))
}

/// Runs `body` on a snapshot, which other writers do not change.
fn in_snapshot<T>(db: &mut Db, body: impl FnOnce(&mut Db) -> QueryResult<T>) -> QueryResult<T> {
    db.transaction(|db| {
        // SQLite's transactions are snapshots already.
        if let Db::Postgres(connection) = db {
            connection.batch_execute(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL datestyle = ISO",
            )?;
        }
        body(db)
    })
}

/// Runs a statement and handles its rows one by one. Otherwise libpq would hold all rows in memory.
fn each<T>(db: &mut Db, statement: &str, mut take: impl FnMut(T)) -> QueryResult<()>
where
    T: QueryableByName<Pg> + QueryableByName<Sqlite> + 'static,
{
    let query = sql_query(statement);
    match db {
        Db::Postgres(connection) => {
            let mut rows = query.load_iter::<T, PgRowByRowLoadingMode>(connection)?;
            while let Some(row) = Watch::around(|| rows.next()) {
                take(row?);
            }
        }
        Db::Sqlite(connection) => {
            for row in query.load_iter::<T, DefaultLoadingMode>(connection)? {
                take(row?);
            }
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Nullable<Integer>)]
    number: Option<i32>,
}

/// A line of text. If it is an instant, `field` is its name.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
    #[diesel(sql_type = Nullable<Text>)]
    field: Option<String>,
}
