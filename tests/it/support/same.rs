//! Compares a database that went through faults with one that did not.

use hut_availability::db::check;
use hut_availability::db::connection::Db;
use hut_availability::db::register;

use super::database::{TestDatabase, current, history};
use super::model::assert_invariants;

/// Asserts that two databases hold the same data: state and history of each date, and last check of each
/// hut.
pub fn assert_same(database: &TestDatabase, undisturbed: &TestDatabase, when: &str) {
    let (mut db, mut other) = (database.open(), undisturbed.open());
    assert_invariants(&mut db);
    for (row, expected) in current(&mut db).iter().zip(current(&mut other)) {
        assert_eq!(*row, expected, "{when}");
    }
    for (entry, expected) in history(&mut db).iter().zip(history(&mut other)) {
        assert_eq!(*entry, expected, "{when}");
    }
    assert_eq!(counts(&mut db), counts(&mut other), "{when}");
    for hut_id in register::load(&mut other).unwrap().keys() {
        let expected = check::load(&mut other, *hut_id).unwrap();
        assert_eq!(check::load(&mut db, *hut_id).unwrap(), expected, "{when}");
    }
}

fn counts(db: &mut Db) -> (usize, usize) {
    (current(db).len(), history(db).len())
}
