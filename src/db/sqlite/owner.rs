//! Whose SQLite file it is: this program's, another program's, or nobody's yet.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use diesel::sqlite::SqliteConnection;

/// SQLite's `application_id` of this program's files: `Huts`. Files of versions before it have none.
const APPLICATION_ID: i32 = 0x4875_7473;

/// The version of the first migration, which every file of this program has run.
pub const FIRST_MIGRATION: &str = "20261122000001";

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// It has no tables.
    Nobody,
    ThisProgram,
    /// Its `application_id`, 0 if it has none.
    Another(i32),
}

#[derive(QueryableByName)]
struct Marks {
    #[diesel(sql_type = Integer)]
    application_id: i32,
    #[diesel(sql_type = Bool)]
    has_migrations: bool,
    #[diesel(sql_type = Bool)]
    has_others: bool,
}

/// Finds whose file it is. This only reads.
pub fn owner(connection: &mut SqliteConnection) -> QueryResult<Owner> {
    let marks: Marks = diesel::sql_query(
        "SELECT application_id,
            EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '__diesel_schema_migrations') AS has_migrations,
            EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name <> '__diesel_schema_migrations') AS has_others
        FROM pragma_application_id",
    )
    .get_result(connection)?;
    let has_first = marks.has_migrations && has_first_migration(connection)?;
    Ok(decide(marks.application_id, has_first, marks.has_others))
}

/// Other programs that use Diesel have a table of this name, too.
fn has_first_migration(connection: &mut SqliteConnection) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM __diesel_schema_migrations WHERE version = '{FIRST_MIGRATION}') AS found"
    );
    let found: Found = diesel::sql_query(sql).get_result(connection)?;
    Ok(found.found)
}

fn decide(application_id: i32, has_first_migration: bool, has_other_tables: bool) -> Owner {
    match application_id {
        0 | APPLICATION_ID if !has_other_tables => Owner::Nobody,
        APPLICATION_ID => Owner::ThisProgram,
        0 if has_first_migration => Owner::ThisProgram,
        other => Owner::Another(other),
    }
}

/// Marks the file as this program's, if it is not yet. The caller knows that it is.
pub fn mark(connection: &mut SqliteConnection) -> QueryResult<()> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = Integer)]
        application_id: i32,
    }
    let sql = "SELECT application_id FROM pragma_application_id";
    let id: Id = diesel::sql_query(sql).get_result(connection)?;
    if id.application_id == APPLICATION_ID {
        return Ok(());
    }
    connection.batch_execute(&format!("PRAGMA application_id = {APPLICATION_ID}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_of_this_program_by_its_id_or_by_its_first_migration() {
        assert_eq!(decide(0, false, false), Owner::Nobody);
        assert_eq!(decide(APPLICATION_ID, false, false), Owner::Nobody);
        assert_eq!(decide(APPLICATION_ID, true, true), Owner::ThisProgram);
        assert_eq!(decide(APPLICATION_ID, false, true), Owner::ThisProgram);
        assert_eq!(decide(0, true, true), Owner::ThisProgram, "a version without the ID made it");
        assert_eq!(decide(0, false, true), Owner::Another(0));
        assert_eq!(decide(7, false, false), Owner::Another(7));
        assert_eq!(decide(7, true, true), Owner::Another(7));
    }
}
