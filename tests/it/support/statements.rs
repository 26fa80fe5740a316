//! The statements that Diesel makes, and how the database would serve them.

use std::sync::{Arc, Mutex};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use hut_availability::db::connection::Db;

/// What a connection did, with placeholders for the values.
#[derive(Default)]
pub struct Seen {
    /// Each time that one was run.
    pub statements: Vec<String>,
    /// Those that were prepared, to be kept for the connection.
    pub kept: Vec<String>,
}

/// The statements that `body` runs.
pub fn statements_of(db: &mut Db, body: impl FnOnce(&mut Db)) -> Vec<String> {
    seen(db, body).statements
}

/// What the connection does in `body`.
pub fn seen(db: &mut Db, body: impl FnOnce(&mut Db)) -> Seen {
    let all = Arc::new(Mutex::new(Seen::default()));
    let noted = Arc::clone(&all);
    let note = move |event: InstrumentationEvent<'_>| match event {
        InstrumentationEvent::StartQuery { query, .. } => {
            let text = query.to_string();
            let statement = text.split(" -- binds:").next().unwrap_or_default();
            noted.lock().unwrap().statements.push(statement.to_owned());
        }
        InstrumentationEvent::CacheQuery { sql, .. } => {
            noted.lock().unwrap().kept.push(sql.to_owned());
        }
        _ => {}
    };
    match db {
        Db::Postgres(connection) => connection.set_instrumentation(note),
        Db::Sqlite(connection) => connection.set_instrumentation(note),
    }
    body(db);
    let nothing = |_: InstrumentationEvent<'_>| {};
    match db {
        Db::Postgres(connection) => connection.set_instrumentation(nothing),
        Db::Sqlite(connection) => connection.set_instrumentation(nothing),
    }
    std::mem::take(&mut all.lock().unwrap())
}

/// The plan of a statement whose values are not known yet, in one text.
pub fn plan(db: &mut Db, statement: &str) -> String {
    match db {
        Db::Postgres(connection) => {
            #[derive(QueryableByName)]
            struct Plan {
                #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
                line: String,
            }
            let placeholders = (1..).take_while(|n| statement.contains(&format!("${n}"))).count();
            let values = vec!["NULL"; placeholders].join(", ");
            let values = if values.is_empty() { values } else { format!("({values})") };
            connection
                .batch_execute(&format!(
                    "SET plan_cache_mode = force_generic_plan; PREPARE asked AS {statement}"
                ))
                .unwrap();
            let rows: Vec<Plan> = diesel::sql_query(format!("EXPLAIN EXECUTE asked{values}"))
                .load(connection)
                .unwrap();
            connection.batch_execute("DEALLOCATE asked; RESET plan_cache_mode").unwrap();
            rows.into_iter().map(|row| row.line).collect::<Vec<_>>().join("\n")
        }
        Db::Sqlite(connection) => {
            #[derive(QueryableByName)]
            struct Plan {
                #[diesel(sql_type = Text)]
                detail: String,
            }
            let rows: Vec<Plan> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
                .load(connection)
                .unwrap();
            rows.into_iter().map(|row| row.detail).collect::<Vec<_>>().join("\n")
        }
    }
}
