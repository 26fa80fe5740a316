//! The page for a slug that no hut has, with suggestions.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::format;
use super::layout::{Layout, Section, page_with};
use crate::db::pages::huts::ListedHut;
use crate::text::suggest::suggest;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "unknown_hut.html")]
struct UnknownHutPage {
    layout: Layout,
    slug: String,
    /// The URLs and names of huts with a similar slug
    suggestions: Vec<(String, String)>,
}

/// Renders the page with status 404; the suggestions are taken from `huts`.
#[must_use]
pub fn page(visitor: &Visitor, slug: &str, huts: &[ListedHut]) -> Response {
    let similar = suggest(slug, huts.iter().map(|hut| hut.slug.as_str())).into_iter();
    let similar = similar.filter_map(|slug| huts.iter().find(|hut| hut.slug == slug));
    let page = UnknownHutPage {
        layout: Layout::new(visitor, visitor.t.get("hut-not-found"), Section::Huts),
        slug: format::text(slug),
        suggestions: similar
            .map(|hut| (format::hut_url(&hut.slug), format::text(&hut.name)))
            .collect(),
    };
    page_with(StatusCode::NOT_FOUND, &page)
}

/// The problem of a slug that no polled hut has, as a reader of the website can act on it.
#[must_use]
pub fn no_such_hut(slug: &str, similar: &[String]) -> String {
    format!("no polled hut has the slug {slug:?}: {}", hint(similar))
}

/// Similar slugs, or where to look.
#[must_use]
pub fn hint(similar: &[String]) -> String {
    match similar {
        [] => "the page Huts lists all huts".to_owned(),
        similar => format!("did you mean {}?", similar.join(", ")),
    }
}
