//! Rows as a copy takes them: whole, table by table, in the order of their keys and in pages, so that no
//! table need fit into memory.

mod of_hut;
mod of_register;
mod of_runs;

use std::fmt::Debug;

use diesel::prelude::*;

pub use of_hut::{AvailabilityRow, ChangeRow, CheckRow, delete_hut, lock_hut};
pub use of_register::{
    ByHandRow, DiscoveryRow, HutRow, HutTypeRow, OrganizationRow, SourceRow, copy_register,
};
pub use of_runs::delete_runs;

use crate::db::connection::Db;
pub use crate::db::update_run::RunRow;

/// Rows of a page. So many of the widest table are as many parameters as one statement of SQLite takes.
const PAGE: usize = 2_000;

/// A row of a table that is copied.
pub trait CopyRow: PartialEq + Sized {
    const TABLE: &'static str;
    /// Which rows of the table: those of one hut, or all.
    type Part: Copy;
    type Key: Clone + Debug + Ord;

    fn key(&self) -> Self::Key;

    /// The rows that follow a key, as many as fit into memory; none after the last. By their keys.
    fn page(db: &mut Db, part: Self::Part, after: Option<&Self::Key>) -> QueryResult<Vec<Self>>;

    fn insert(db: &mut Db, rows: &[Self]) -> QueryResult<()>;

    /// Whether a program may have made `now` of this row, which has the same key.
    fn may_become(&self, now: &Self) -> bool;

    /// Whether a row may have gone since from where `first` is the first key.
    fn may_go(_key: &Self::Key, _first: Option<&Self::Key>) -> bool {
        false
    }
}

/// The rows of a part one by one, in the order of their keys.
pub struct Rows<'a, R: CopyRow> {
    db: &'a mut Db,
    part: R::Part,
    page: std::vec::IntoIter<R>,
    last: Option<R::Key>,
}

impl<'a, R: CopyRow> Rows<'a, R> {
    pub fn new(db: &'a mut Db, part: R::Part) -> Self {
        Self { db, part, page: Vec::new().into_iter(), last: None }
    }

    /// The next row; none after the last.
    pub fn pull(&mut self) -> QueryResult<Option<R>> {
        if let Some(row) = self.page.next() {
            return Ok(Some(row));
        }
        let page = R::page(self.db, self.part, self.last.as_ref())?;
        if let Some(row) = page.last() {
            self.last = Some(row.key());
        }
        self.page = page.into_iter();
        Ok(self.page.next())
    }
}

/// Adds to one database what a part of a table holds in another. Returns how many rows.
pub fn copy_part<R: CopyRow>(from: &mut Db, to: &mut Db, part: R::Part) -> QueryResult<usize> {
    let (mut count, mut last) = (0, None);
    loop {
        let page = R::page(from, part, last.as_ref())?;
        let Some(row) = page.last() else { return Ok(count) };
        last = Some(row.key());
        count += page.len();
        R::insert(to, &page)?;
    }
}

/// Makes PostgreSQL number the next row of a table after those that were added with their numbers; SQLite
/// does by itself.
pub fn number_on(db: &mut Db, table: &str) -> QueryResult<()> {
    if let Db::Postgres(connection) = db {
        // Of a table without rows that is setval of NULL, which does nothing.
        let sql =
            format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}");
        diesel::sql_query(sql).execute(connection)?;
    }
    Ok(())
}

/// Adds rows by the quickest way of each database.
macro_rules! insert {
    ($table:ident, $db:expr, $rows:expr) => {{
        for rows in $rows.chunks($crate::ops::copy::rows::PAGE) {
            match $db {
                // COPY: an INSERT of so many parameters takes PostgreSQL longer than the rows.
                $crate::db::connection::Db::Postgres(connection) => {
                    diesel::copy_from($table::table).from_insertable(rows).execute(connection)?
                }
                $crate::db::connection::Db::Sqlite(connection) => {
                    diesel::insert_into($table::table).values(rows).execute(connection)?
                }
            };
        }
        Ok(())
    }};
}
use insert;
