//! The SQL statements that Diesel sends, and the plans that the database makes for them.

use std::sync::{Arc, Mutex};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use hut_availability::db::connection::Db;

/// The statements of a connection, with placeholders instead of the values.
#[derive(Default)]
pub struct RecordedStatements {
    /// Each execution of a statement.
    pub statements: Vec<String>,
    /// Statements that were prepared and cached for the connection.
    pub cached: Vec<String>,
}

/// The statements that `body` executes.
pub fn statements_of(db: &mut Db, body: impl FnOnce(&mut Db)) -> Vec<String> {
    record(db, body).statements
}

/// Records the statements of a connection while `body` runs.
pub fn record(db: &mut Db, body: impl FnOnce(&mut Db)) -> RecordedStatements {
    let all = Arc::new(Mutex::new(RecordedStatements::default()));
    let recorded = Arc::clone(&all);
    let on_event = move |event: InstrumentationEvent<'_>| match event {
        InstrumentationEvent::StartQuery { query, .. } => {
            let text = query.to_string();
            let statement = text.split(" -- binds:").next().unwrap_or_default();
            recorded.lock().unwrap().statements.push(statement.to_owned());
        }
        InstrumentationEvent::CacheQuery { sql, .. } => {
            recorded.lock().unwrap().cached.push(sql.to_owned());
        }
        _ => {}
    };
    match db {
        Db::Postgres(connection) => connection.set_instrumentation(on_event),
        Db::Sqlite(connection) => connection.set_instrumentation(on_event),
    }
    body(db);
    let nothing = |_: InstrumentationEvent<'_>| {};
    match db {
        Db::Postgres(connection) => connection.set_instrumentation(nothing),
        Db::Sqlite(connection) => connection.set_instrumentation(nothing),
    }
    std::mem::take(&mut all.lock().unwrap())
}

/// The plan of a statement for unknown values, as one text.
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
                    "SET plan_cache_mode = force_generic_plan; PREPARE explained AS {statement}"
                ))
                .unwrap();
            let rows: Vec<Plan> = diesel::sql_query(format!("EXPLAIN EXECUTE explained{values}"))
                .load(connection)
                .unwrap();
            connection.batch_execute("DEALLOCATE explained; RESET plan_cache_mode").unwrap();
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
