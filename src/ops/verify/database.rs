//! Reads everything that is stored, hut by hut, and holds it against the rules of [`crate::ops::verify`].
//!
//! Each hut is read in one snapshot, so that a run that writes at the same time gives no false alarm,
//! and its records come by one by one, so that no hut is ever held as a whole, but for the dates that are
//! listed.

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::pg::{Pg, PgRowByRowLoadingMode};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, sql_query};

use crate::db::connection::Db;
use crate::db::schema::hut;
use crate::db::{check, current};
use crate::ops::verify::dates::Dates;
use crate::ops::verify::hut::Hut;
use crate::ops::verify::listed::contradictions;
use crate::ops::verify::run::LoggedRun;
use crate::ops::verify::{Counts, Rule, Violation, form};

/// What is told while it goes on.
pub enum VerifyEvent {
    /// So many huts are to be looked at, about: others may come and go meanwhile.
    Huts(u64),
    /// One of them was.
    Hut,
    Violation(Violation),
}

/// Looks at everything, and tells what breaks a rule. Writes nothing.
///
/// # Errors
/// Something cannot be read; what was told until then stands.
pub fn verify(db: &mut Db, told: &mut dyn FnMut(VerifyEvent)) -> QueryResult<Counts> {
    let huts: i64 = hut::table.count().get_result(db)?;
    told(VerifyEvent::Huts(u64::try_from(huts).unwrap_or_default()));
    if let Db::Sqlite(_) = db {
        file(db, told)?;
    }
    let mut counts = runs(db, told)?;
    let mut last = None;
    while let Some(id) = next_hut(db, last)? {
        counts += one_hut(db, id, told)?;
        told(VerifyEvent::Hut);
        last = Some(id);
    }
    Ok(counts)
}

/// SQLite's own word on its file, and on references, which it holds to only where the writer asks for
/// it.
fn file(db: &mut Db, told: &mut dyn FnMut(VerifyEvent)) -> QueryResult<()> {
    for (rule, statement) in [
        (Rule::Database, crate::ops::verify::statements::QUICK_CHECK),
        (Rule::Database, crate::ops::verify::statements::FOREIGN_KEY_CHECK),
        (Rule::Form, crate::ops::verify::statements::OTHER_INSTANTS),
    ] {
        each(db, statement, |Line { line, field }| {
            let what = match field {
                Some(field) => form::instant(&field, &line).err(),
                None => Some(line),
            };
            let violation = |what| Violation { rule, hut: None, hut_id: None, date: None, what };
            what.map(violation).map(VerifyEvent::Violation).into_iter().for_each(&mut *told);
        })?;
    }
    Ok(())
}

fn runs(db: &mut Db, told: &mut dyn FnMut(VerifyEvent)) -> QueryResult<Counts> {
    let mut counts = Counts::default();
    let statement = crate::ops::verify::statements::runs(db);
    each(db, &statement, |run: LoggedRun| {
        counts.runs += u64::from(run.started_at.is_some());
        for (rule, what) in run.violations() {
            told(VerifyEvent::Violation(Violation {
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

/// The first hut after another of which there is anything, registered or not.
fn next_hut(db: &mut Db, last: Option<i32>) -> QueryResult<Option<i32>> {
    let mut next = None;
    let statement = crate::ops::verify::statements::next_hut(last);
    each(db, &statement, |Number { number }| next = number)?;
    Ok(next)
}

fn one_hut(db: &mut Db, id: i32, told: &mut dyn FnMut(VerifyEvent)) -> QueryResult<Counts> {
    let (of_hut, of_dates) = (
        crate::ops::verify::statements::hut(db, id),
        crate::ops::verify::statements::dates(db, id),
    );
    in_snapshot(db, |db| {
        let mut hut = None;
        each(db, &of_hut, |row: Hut| hut = Some(row))?;
        let Some(hut) = hut else { return Ok(Counts::default()) };
        let slug = hut.slug.clone();
        let mut tell = |rule, date: Option<&str>, what| {
            let (hut, date) = (slug.clone(), date.map(ToOwned::to_owned));
            told(VerifyEvent::Violation(Violation { rule, hut, hut_id: Some(id), date, what }));
        };
        hut.violations().into_iter().for_each(|(rule, what)| tell(rule, None, what));
        for what in kept_in_short(db, id) {
            tell(Rule::HutCheck, None, what);
        }
        let mut found = |rule, date: &str, what| tell(rule, Some(date), what);
        let mut dates = Dates::new(hut.last_success, &mut found);
        each(db, &of_dates, |record| dates.record(record))?;
        Ok(Counts { huts: 1, ..dates.finish() })
    })
}

/// What is kept in short of the listed dates and is not so. Rows that cannot be read are told of by other
/// rules.
fn kept_in_short(db: &mut Db, id: i32) -> Vec<String> {
    let Ok(check) = check::load(db, id) else { return Vec::new() };
    if check.listed.content_digest.is_none() || check.listed.listed_at != check.last_success {
        return Vec::new();
    }
    let listed = current::load_listed(db, id);
    listed.map_or_else(|_| Vec::new(), |rows| contradictions(&check.listed, &rows))
}

/// Runs `body` on what is stored now, whatever others write meanwhile.
fn in_snapshot<T>(db: &mut Db, body: impl FnOnce(&mut Db) -> QueryResult<T>) -> QueryResult<T> {
    db.transaction(|db| {
        // SQLite's transactions are such already.
        if let Db::Postgres(connection) = db {
            connection.batch_execute(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL datestyle = ISO",
            )?;
        }
        body(db)
    })
}

/// Runs a statement and takes in its rows one by one. libpq would hold all of them, unless asked.
fn each<T>(db: &mut Db, statement: &str, mut take: impl FnMut(T)) -> QueryResult<()>
where
    T: QueryableByName<Pg> + QueryableByName<Sqlite> + 'static,
{
    let query = sql_query(statement);
    match db {
        Db::Postgres(connection) => {
            for row in query.load_iter::<T, PgRowByRowLoadingMode>(connection)? {
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

/// A text; where it is an instant, with the name of its field.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
    #[diesel(sql_type = Nullable<Text>)]
    field: Option<String>,
}
