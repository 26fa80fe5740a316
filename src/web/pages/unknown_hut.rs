//! A hut that there is not, and those whose names are near.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::layout::{Layout, Section, page_with};
use super::shown;
use crate::db::pages::huts::ListedHut;

/// How much of a slug must be the same, from 0 to 1, by Jaro and Winkler.
const NEAR: f64 = 0.8;

/// Huts that are proposed at most.
const MOST_PROPOSED: usize = 5;

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
    let near = near(slug, huts).into_iter();
    let page = UnknownHutPage {
        layout: Layout::new("No such hut", Section::Huts),
        slug: format!("{:?}", shown::text(slug)),
        near: near.map(|hut| (shown::hut_url(&hut.slug), shown::text(&hut.name))).collect(),
    };
    page_with(StatusCode::NOT_FOUND, &page)
}

/// The huts whose slugs are nearest to one, the nearest first.
fn near<'a>(slug: &str, huts: &'a [ListedHut]) -> Vec<&'a ListedHut> {
    let nearness = |hut: &ListedHut| match hut.is_called(slug) {
        true => 1.0,
        false => strsim::jaro_winkler(slug, &hut.slug),
    };
    let mut near: Vec<(f64, &ListedHut)> = huts.iter().map(|hut| (nearness(hut), hut)).collect();
    near.retain(|(nearness, _)| *nearness >= NEAR);
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.slug.cmp(&b.1.slug)));
    near.into_iter().take(MOST_PROPOSED).map(|(_, hut)| hut).collect()
}
