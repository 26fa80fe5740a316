//! Keyset pagination: a page starts after the last row of the previous page. Pure functions.
//!
//! The last page costs no more than the first. Rows that are inserted or deleted between two requests do
//! not shift the other rows. A row whose sort key changes does move: in a list sorted by free places,
//! occupancy or last check, a night that was checked between two requests may be skipped or shown twice.

use std::cmp::Ordering;

/// Rows on a page: a comfortable length to scroll through.
pub const ROWS_OF_PAGE: usize = 50;

/// The start or the end of a page, as the key of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cursor<K> {
    #[default]
    Start,
    After(K),
    Before(K),
}

impl<K> Cursor<K> {
    /// Whether rows are read from the cursor towards the start of the list.
    #[must_use]
    pub fn is_backwards(&self) -> bool {
        matches!(self, Self::Before(_))
    }
}

/// A page of rows, and whether there are rows before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub has_previous: bool,
    pub has_next: bool,
}

impl<T> Page<T> {
    /// Makes a page of `rows`, which were read from the cursor on: up to `max_rows` of them, and one more
    /// if the list goes on.
    #[must_use]
    pub fn new<K>(mut rows: Vec<T>, cursor: &Cursor<K>, max_rows: usize) -> Self {
        let has_more = rows.len() > max_rows;
        rows.truncate(max_rows);
        // The row of the cursor itself lies on the other side of the page.
        let (has_previous, has_next) = match cursor {
            Cursor::Start => (false, has_more),
            Cursor::After(_) => (true, has_more),
            Cursor::Before(_) => {
                rows.reverse();
                (has_more, true)
            }
        };
        Self { rows, has_previous, has_next }
    }

    /// Makes a page of a list that is in memory. `compare` says on which side of a key a row lies.
    #[must_use]
    pub fn of_sorted<K>(
        all: Vec<T>,
        cursor: &Cursor<K>,
        max_rows: usize,
        compare: impl Fn(&T, &K) -> Ordering,
    ) -> Self {
        let rows = all.into_iter();
        let rows = match cursor {
            Cursor::Start => rows.take(max_rows + 1).collect(),
            Cursor::After(key) => {
                rows.filter(|row| compare(row, key).is_gt()).take(max_rows + 1).collect()
            }
            Cursor::Before(key) => {
                rows.rev().filter(|row| compare(row, key).is_lt()).take(max_rows + 1).collect()
            }
        };
        Self::new(rows, cursor, max_rows)
    }

    /// Whether the page is the whole list.
    #[must_use]
    pub fn is_all(&self) -> bool {
        !self.has_previous && !self.has_next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the numbers `0..count` from a cursor on, as a query would.
    fn read(count: u32, cursor: &Cursor<u32>, max_rows: usize) -> Page<u32> {
        let rows: Vec<u32> = match cursor {
            Cursor::Start => (0..count).take(max_rows + 1).collect(),
            Cursor::After(key) => (key + 1..count).take(max_rows + 1).collect(),
            Cursor::Before(key) => (0..*key).rev().take(max_rows + 1).collect(),
        };
        let page = Page::new(rows, cursor, max_rows);
        assert_eq!(Page::of_sorted((0..count).collect(), cursor, max_rows, u32::cmp), page);
        page
    }

    #[test]
    fn reading_forwards_and_backwards_gives_the_same_pages() {
        for count in 0..10 {
            let mut pages = vec![read(count, &Cursor::Start, 3)];
            while let Some(last) = pages.last().filter(|page| page.has_next) {
                let last = *last.rows.last().unwrap();
                pages.push(read(count, &Cursor::After(last), 3));
            }
            let all: Vec<u32> = pages.iter().flat_map(|page| page.rows.clone()).collect();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
            for pair in pages.windows(2) {
                let before = read(count, &Cursor::Before(pair[1].rows[0]), 3);
                assert_eq!(before.rows, pair[0].rows);
                assert_eq!(before.has_previous, pair[0].has_previous);
            }
        }
    }
}
