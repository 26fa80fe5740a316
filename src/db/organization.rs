//! `organization`: the organizations that provide booking data.

use diesel::prelude::*;

use super::connection::Db;
use super::schema::organization;
use crate::domain::organization::Organizations;

/// Inserts a row for each organization that has none. Existing rows do not change.
pub fn insert_missing(db: &mut Db, organizations: &Organizations) -> QueryResult<()> {
    let stored: Vec<String> = organization::table.select(organization::slug).load(db)?;
    for new in organizations.iter().filter(|new| !stored.iter().any(|slug| slug == new.slug)) {
        let row = (
            organization::slug.eq(new.slug),
            organization::name.eq(new.name),
            organization::url.eq(new.website),
        );
        // Another program may insert the same row at this moment.
        let insert = diesel::insert_into(organization::table).values(row);
        match db {
            Db::Postgres(connection) => insert.on_conflict_do_nothing().execute(connection)?,
            Db::Sqlite(connection) => insert.on_conflict_do_nothing().execute(connection)?,
        };
    }
    Ok(())
}
