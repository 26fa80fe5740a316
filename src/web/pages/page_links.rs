//! The URLs of a page of a long list, and of the pages before and after it. Pure functions.

use super::params::Params;
use crate::query::paging::{Cursor, Page};
use crate::text::texts::Texts;
use crate::web::problem::Problem;

/// Reads the page cursor from the parameters `after` and `before`.
///
/// # Errors
/// The cursor is not valid: the problem names the parameter and quotes its value.
pub fn cursor<K>(
    params: &Params,
    decode_key: impl Fn(&str) -> Result<K, String>,
) -> Result<Cursor<K>, Problem> {
    if let Some(key) = params.parsed("after", &decode_key)? {
        return Ok(Cursor::After(key));
    }
    Ok(params.parsed("before", &decode_key)?.map_or(Cursor::Start, Cursor::Before))
}

/// The links from a page of a list to other pages of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Links {
    /// The caption of the list: what it has, and how much of it is on each page if there are several.
    #[must_use]
    pub fn caption(&self, t: Texts, list: String, rows_of_page: usize) -> String {
        if self.first.is_none() && self.next.is_none() {
            return list;
        }
        t.count("rows-per-page", rows_of_page).and("list", list).to_string()
    }

    /// Makes the links of a page; `encode_key` gives the key of a row as text.
    #[must_use]
    pub fn new<T>(page: &Page<T>, params: &Params, encode_key: impl Fn(&T) -> String) -> Self {
        let link =
            |name, row: Option<&T>| row.map(|row| params.link_with(&[(name, &encode_key(row))]));
        Self {
            first: page.has_previous.then(|| params.link_with(&[])),
            previous: if page.has_previous { link("before", page.rows.first()) } else { None },
            next: if page.has_next { link("after", page.rows.last()) } else { None },
        }
    }
}
