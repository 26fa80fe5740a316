//! A hut that there is not, and those whose names are near.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::format;
use super::layout::{Layout, Section, page_with};
use crate::db::pages::huts::ListedHut;
use crate::text::suggest::suggest;

#[derive(Template)]
#[template(path = "unknown_hut.html")]
struct UnknownHutPage {
    layout: Layout,
    slug: String,
    /// Address and name
    near: Vec<(String, String)>,
}

/// Says that there is no such hut, and proposes others.
#[must_use]
pub fn page(slug: &str, huts: &[ListedHut]) -> Response {
    let near = suggest(slug, huts.iter().map(|hut| hut.slug.as_str())).into_iter();
    let near = near.filter_map(|slug| huts.iter().find(|hut| hut.slug == slug));
    let page = UnknownHutPage {
        layout: Layout::new("No such hut", Section::Huts),
        slug: format!("{:?}", format::text(slug)),
        near: near.map(|hut| (format::hut_url(&hut.slug), format::text(&hut.name))).collect(),
    };
    page_with(StatusCode::NOT_FOUND, &page)
}
