//! The addresses of a search: the same search in the API and as feeds, and the page itself without empty parameters.
//! Pure functions.

use axum::response::{IntoResponse, Redirect, Response};

use super::params::Params;

/// The parameters of a search that the page and the API share. They are one word for both, so that an address of the
/// page tells how to ask the API.
pub struct SearchParams {
    /// Parameters that the API takes once, as a list with commas.
    pub joined: &'static [&'static str],
    pub others: &'static [&'static str],
}

/// The addresses of a search for programs and for readers of feeds.
pub struct Follow {
    pub atom: String,
    pub ics: String,
    pub json: String,
    pub csv: String,
}

impl Follow {
    /// The addresses below `path`, such as `/v1/stays`. `changes` are parameters that have other names in the API.
    #[must_use]
    pub fn new(
        path: &str,
        params: &Params,
        names: &SearchParams,
        changes: &[(&str, &str)],
    ) -> Self {
        let query = params.only(names.joined, names.others).link_with(changes);
        let query = if query == "?" { String::new() } else { query };
        Self {
            atom: format!("{path}.atom{query}"),
            ics: format!("{path}.ics{query}"),
            json: format!("{path}{query}"),
            csv: format!("{path}.csv{query}"),
        }
    }
}

/// The same page without empty parameters, if the query has any. Forms submit fields that are left empty, and an
/// address without them is shorter to share.
#[must_use]
pub fn without_empty(path: &str, params: &Params) -> Option<Response> {
    if !params.has_empty() {
        return None;
    }
    let cursors = ["after", "before"].map(|name| (name, params.text(name)));
    let query = params.link_with(&cursors);
    let query = if query == "?" { "" } else { query.as_str() };
    Some(Redirect::to(&format!("{path}{query}")).into_response())
}
