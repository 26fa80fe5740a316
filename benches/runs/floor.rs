//! The floor under a run: the same logical writes by plain set-based SQL on the same tables, with all huts in
//! one transaction, and with the answers already in the database.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;

use crate::backend::{Backend, lines};

/// The columns of an answer: hut, date, and state, as text.
const ANSWER: &str = "SELECT hut_id || ',' || availability_date || ',' || free || ',' || total || ',' || hut_type || ',' || reservation_status AS line FROM availability WHERE last_checked IS NULL";

/// Makes the changes of a run in the database `before`, and returns how long that takes. `after` is the
/// database after the run. For a first run `before` has no dates.
pub fn floor(backend: &Backend, before: &str, after: &str, at: &str) -> Duration {
    let answers = lines(&mut backend.connect(after), ANSWER);
    let mut db = backend.connect(before);
    store_answers(&mut db, &answers);
    drop(db);
    backend.settle(before);
    let mut db = backend.connect(before);
    let begin = Instant::now();
    db.batch_execute(&statements(&db, at)).expect("the statements succeed");
    begin.elapsed()
}

fn store_answers(db: &mut Db, answers: &[String]) {
    let (unlogged, date) = match db {
        Db::Postgres(_) => ("UNLOGGED", "date"),
        Db::Sqlite(_) => ("", "text"),
    };
    let columns = format!(
        "hut_id integer, availability_date {date}, free smallint, total smallint, hut_type text, reservation_status text"
    );
    let mut sql = format!(
        "DROP TABLE IF EXISTS answer; CREATE {unlogged} TABLE answer ({columns}, PRIMARY KEY (hut_id, availability_date));"
    );
    for chunk in answers.chunks(500) {
        let rows = chunk.iter().map(|line| {
            let mut cells = line.split(',');
            let mut cell = || cells.next().expect("six cells");
            let (hut, date, free, total) = (cell(), cell(), cell(), cell());
            format!("({hut}, '{date}', {free}, {total}, '{}', '{}')", cell(), cell())
        });
        sql += &format!("INSERT INTO answer VALUES {};", rows.collect::<Vec<_>>().join(", "));
    }
    db.batch_execute(&format!("BEGIN; {sql} COMMIT; ANALYZE answer;")).expect("answers are stored");
}

/// Statements for first, unchanged and changed runs alike. Each does nothing if there is nothing to write.
fn statements(db: &Db, at: &str) -> String {
    let (at, differs) = match db {
        Db::Postgres(_) => (format!("timestamptz '{at}'"), "IS DISTINCT FROM"),
        Db::Sqlite(_) => (format!("strftime('%Y-%m-%dT%H:%M:%S.000000Z', '{at}')"), "<>"),
    };
    let yes = if matches!(db, Db::Postgres(_)) { "true" } else { "1" };
    let state =
        |of: &str| format!("({of}.free, {of}.total, {of}.hut_type, {of}.reservation_status)");
    let (answer, stored) = (state("answer"), state("stored"));
    format!(
        "BEGIN;
         CREATE TEMP TABLE changed AS
             SELECT answer.* FROM answer JOIN availability AS stored USING (hut_id, availability_date)
             WHERE {answer} {differs} {stored};
         CREATE TEMP TABLE created AS
             SELECT answer.* FROM answer WHERE NOT EXISTS (SELECT 1 FROM availability AS stored
                 WHERE stored.hut_id = answer.hut_id AND stored.availability_date = answer.availability_date);
         UPDATE availability SET free = changed.free, total = changed.total,
                 hut_type = changed.hut_type, reservation_status = changed.reservation_status
             FROM changed WHERE availability.hut_id = changed.hut_id
                 AND availability.availability_date = changed.availability_date;
         INSERT INTO availability (hut_id, availability_date, source_organization, source_hut_id, free, total, hut_type, reservation_status, first_checked)
             SELECT hut_id, availability_date, 'hrs', CAST(hut_id AS text), free, total, hut_type, reservation_status, {at} FROM created;
         UPDATE availability_change SET last_checked = {at}
             FROM changed WHERE availability_change.hut_id = changed.hut_id
                 AND availability_change.availability_date = changed.availability_date
                 AND availability_change.last_checked IS NULL;
         INSERT INTO availability_change (hut_id, availability_date, first_checked, free, total, hut_type, reservation_status)
             SELECT hut_id, availability_date, {at}, free, total, hut_type, reservation_status FROM created
             UNION ALL
             SELECT hut_id, availability_date, {at}, free, total, hut_type, reservation_status FROM changed;
         UPDATE hut_check SET last_checked = {at}, last_checked_run = {at}, last_success = {at}, last_success_run = {at}, has_data = {yes};
         INSERT INTO hut_check (hut_id, last_checked, last_checked_run, last_success, last_success_run, has_data)
             SELECT DISTINCT hut_id, {at}, {at}, {at}, {at}, {yes} FROM answer
             WHERE hut_id NOT IN (SELECT hut_id FROM hut_check);
         COMMIT"
    )
}
