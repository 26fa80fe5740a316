//! Pure: compares a part of an earlier copy with its original.

use std::cmp::Ordering;

use diesel::QueryResult;

use crate::ops::copy::rows::CopyRow;

/// The state of a part of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyState {
    /// Equal to the original. The value is the number of rows.
    Same(usize),
    /// It may be an earlier state of the original.
    Earlier,
    /// It cannot come from the original. The value names the first such row.
    Other(String),
}

/// Compares rows, which must come in the order of their keys. Rows that only the copy has may belong to an
/// earlier state, in tables from which the program deletes rows.
///
/// # Errors
/// The first error in reading either database.
pub fn copy_state<R: CopyRow>(
    mut original: impl FnMut() -> QueryResult<Option<R>>,
    mut copy: impl FnMut() -> QueryResult<Option<R>>,
) -> QueryResult<CopyState> {
    let (mut same, mut is_earlier) = (0, false);
    let (mut row, mut copied) = (original()?, copy()?);
    let first = row.as_ref().map(R::key);
    if copied.is_none() && row.is_some() {
        // An empty copy is an earlier state. An original of many years need not be read for that.
        return Ok(CopyState::Earlier);
    }
    loop {
        let order = match (&row, &copied) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(row), Some(copied)) => row.key().cmp(&copied.key()),
        };
        let fits = match (&row, &copied) {
            (Some(row), Some(copied)) if order.is_eq() => row == copied || copied.may_become(row),
            (_, Some(copied)) if order.is_gt() => R::may_be_deleted(&copied.key(), first.as_ref()),
            _ => true,
        };
        if let (false, Some(copied)) = (fits, &copied) {
            return Ok(CopyState::Other(format!("{} {:?}", R::TABLE, copied.key())));
        }
        if order.is_eq() && row == copied {
            same += 1;
        } else {
            is_earlier = true;
        }
        if order.is_le() {
            row = original()?;
        }
        if order.is_ge() {
            copied = copy()?;
        }
    }
    Ok(if is_earlier { CopyState::Earlier } else { CopyState::Same(same) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::connection::Db;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// A table of numbers that never decrease. Its first rows may be deleted.
    #[derive(Clone, Debug, PartialEq)]
    struct Number(u8, u8);

    impl CopyRow for Number {
        const TABLE: &'static str = "number";
        type Part = ();
        type Key = u8;

        fn key(&self) -> u8 {
            self.0
        }

        fn page(_: &mut Db, (): (), _: Option<&u8>) -> QueryResult<Vec<Self>> {
            unreachable!("no database")
        }

        fn insert(_: &mut Db, _: &[Self]) -> QueryResult<()> {
            unreachable!("no database")
        }

        fn may_become(&self, now: &Self) -> bool {
            self.1 <= now.1
        }

        fn may_be_deleted(key: &u8, first: Option<&u8>) -> bool {
            first.is_none_or(|first| key < first)
        }
    }

    fn compare(original: &[(u8, u8)], copy: &[(u8, u8)]) -> CopyState {
        let rows = |rows: &[(u8, u8)]| {
            let mut rows = rows.iter().map(|&(key, value)| Number(key, value)).collect::<Vec<_>>();
            rows.reverse();
            move || Ok(rows.pop())
        };
        copy_state(rows(original), rows(copy)).unwrap()
    }

    #[test]
    fn an_earlier_part_is_recognized_and_a_contradicting_row_is_named() {
        let other = |key: u8| CopyState::Other(format!("number {key}"));
        assert_eq!(compare(&[], &[]), CopyState::Same(0));
        assert_eq!(compare(&[(1, 0), (2, 0)], &[(1, 0), (2, 0)]), CopyState::Same(2));
        assert_eq!(compare(&[(1, 0), (2, 0)], &[]), CopyState::Earlier);
        assert_eq!(compare(&[(1, 0), (2, 0)], &[(2, 0)]), CopyState::Earlier);
        assert_eq!(compare(&[(1, 1)], &[(1, 0)]), CopyState::Earlier);
        assert_eq!(compare(&[(1, 0)], &[(1, 1)]), other(1));
        assert_eq!(compare(&[(2, 0)], &[(1, 0), (2, 0)]), CopyState::Earlier, "row 1 was deleted");
        assert_eq!(compare(&[(1, 0), (3, 0)], &[(1, 0), (2, 0)]), other(2));
        assert_eq!(compare(&[(1, 0)], &[(1, 0), (2, 0)]), other(2));
    }

    proptest! {
        /// A copy is an earlier state of an original, however the program has changed the original.
        #[test]
        fn a_copy_of_an_original_that_changed_since_is_an_earlier_state(
            copy in prop::collection::btree_map(0..20_u8, 0..3_u8, 0..8),
            growth in prop::collection::btree_map(0..20_u8, 0..3_u8, 0..8),
            deleted in 0..20_u8,
        ) {
            let mut original = copy.clone();
            for (key, more) in growth {
                *original.entry(key).or_default() += more;
            }
            let rest: BTreeMap<u8, u8> = original.split_off(&deleted);
            let rows = |rows: &BTreeMap<u8, u8>| rows.clone().into_iter().collect::<Vec<_>>();
            let expected = if rest == copy { CopyState::Same(copy.len()) } else { CopyState::Earlier };
            prop_assert_eq!(compare(&rows(&rest), &rows(&copy)), expected);
        }
    }
}
