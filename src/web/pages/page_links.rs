//! Pure: the address of a page of a long list, and of those around it.

use super::params::Params;
use crate::query::paging::{Page, Place};
use crate::web::problem::Problem;

/// The place that an address names.
///
/// # Errors
/// A problem that quotes a key that is none.
pub fn place<K>(
    params: &Params,
    key: impl Fn(&str) -> Result<K, String>,
) -> Result<Place<K>, Problem> {
    if let Some(key) = params.parsed("after", &key)? {
        return Ok(Place::After(key));
    }
    Ok(params.parsed("before", &key)?.map_or(Place::Start, Place::Before))
}

/// Where one goes from a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Links {
    /// Links to the pages before and after one, whose rows have keys.
    #[must_use]
    pub fn new<T>(page: &Page<T>, params: &Params, key: impl Fn(&T) -> String) -> Self {
        let link = |name, row: Option<&T>| row.map(|row| params.link_with(&[(name, &key(row))]));
        Self {
            first: page.has_previous.then(|| params.link_with(&[])),
            previous: if page.has_previous { link("before", page.rows.first()) } else { None },
            next: if page.has_next { link("after", page.rows.last()) } else { None },
        }
    }
}
