//! A row that is copied, and what all tables have in common.

use std::fmt::Debug;

use diesel::prelude::*;

use crate::db::connection::Db;

/// Rows per page. This many rows of the widest table have as many parameters as one SQLite statement allows.
pub const PAGE: usize = 2_000;

/// A row of a table that is copied.
pub trait CopyRow: PartialEq + Sized {
    const TABLE: &'static str;
    /// Which rows of the table to copy: those of one hut, or all.
    type Part: Copy;
    type Key: Clone + Debug + Ord;

    fn key(&self) -> Self::Key;

    /// The next page of rows after a key, in the order of their keys. Empty after the last row.
    fn page(db: &mut Db, part: Self::Part, after: Option<&Self::Key>) -> QueryResult<Vec<Self>>;

    fn insert(db: &mut Db, rows: &[Self]) -> QueryResult<()>;

    /// Whether the program may have changed this row to `now`, which has the same key.
    fn may_become(&self, now: &Self) -> bool;

    /// Whether the program may have deleted a row with this key from a table whose first key is now `first`.
    fn may_be_deleted(_key: &Self::Key, _first: Option<&Self::Key>) -> bool {
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

    /// The next row, or `None` after the last one.
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

/// Copies a part of a table from one database to another. Returns the number of rows.
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

/// Makes PostgreSQL number the next row of a table after the copied rows, which came with their numbers.
/// SQLite does so by itself.
pub fn continue_numbering(db: &mut Db, table: &str) -> QueryResult<()> {
    if let Db::Postgres(connection) = db {
        // For an empty table this is setval(…, NULL), which does nothing.
        let sql =
            format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}");
        diesel::sql_query(sql).execute(connection)?;
    }
    Ok(())
}

/// Inserts rows in the fastest way for each database.
macro_rules! insert {
    ($table:ident, $db:expr, $rows:expr) => {{
        for rows in $rows.chunks($crate::ops::copy::rows::row::PAGE) {
            match $db {
                // COPY: PostgreSQL needs more time for the many parameters of an INSERT than for the rows.
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
pub(super) use insert;
