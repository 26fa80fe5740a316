//! Pure: pages of a long list by the row at which the last one ended, so that the last page costs
//! no more than the first, and rows that come or go meanwhile neither hide another row nor show it
//! twice. A row whose key itself changes moves: a list by free places, by occupancy or by the last
//! check may hide a night that was checked between two pages, or show it twice.

/// Rows on a page: as many as one likes to scroll through.
pub const ROWS_OF_PAGE: usize = 50;

/// Where a page begins, or ends, by the key of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place<K> {
    #[default]
    Start,
    After(K),
    Before(K),
}

impl<K> Place<K> {
    /// Whether rows are read from the place towards the start of the list.
    #[must_use]
    pub fn is_backwards(&self) -> bool {
        matches!(self, Self::Before(_))
    }
}

/// A page of rows, and whether there are more on either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub has_previous: bool,
    pub has_next: bool,
}

impl<T> Page<T> {
    /// Of rows as they were read from a place on, one more than fit if there are any.
    #[must_use]
    pub fn new<K>(mut rows: Vec<T>, place: &Place<K>, longest: usize) -> Self {
        let has_more = rows.len() > longest;
        rows.truncate(longest);
        // On the other side is at least the row whose key names the place.
        let (has_previous, has_next) = match place {
            Place::Start => (false, has_more),
            Place::After(_) => (true, has_more),
            Place::Before(_) => {
                rows.reverse();
                (has_more, true)
            }
        };
        Self { rows, has_previous, has_next }
    }

    /// Whether these are all rows there are.
    #[must_use]
    pub fn is_all(&self) -> bool {
        !self.has_previous && !self.has_next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers 0..count as a query would read them from a place on.
    fn read(count: u32, place: &Place<u32>, longest: usize) -> Page<u32> {
        let rows: Vec<u32> = match place {
            Place::Start => (0..count).take(longest + 1).collect(),
            Place::After(key) => (key + 1..count).take(longest + 1).collect(),
            Place::Before(key) => (0..*key).rev().take(longest + 1).collect(),
        };
        Page::new(rows, place, longest)
    }

    #[test]
    fn pages_forwards_and_backwards_are_the_same() {
        for count in 0..10 {
            let mut pages = vec![read(count, &Place::Start, 3)];
            while let Some(last) = pages.last().filter(|page| page.has_next) {
                let last = *last.rows.last().unwrap();
                pages.push(read(count, &Place::After(last), 3));
            }
            let all: Vec<u32> = pages.iter().flat_map(|page| page.rows.clone()).collect();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
            for pair in pages.windows(2) {
                let before = read(count, &Place::Before(pair[1].rows[0]), 3);
                assert_eq!(before.rows, pair[0].rows);
                assert_eq!(before.has_previous, pair[0].has_previous);
            }
        }
    }
}
