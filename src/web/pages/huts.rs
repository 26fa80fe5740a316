//! The page *Huts*: the list of all huts, and the results of the search.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::format;
use super::layout::{Layout, Section, page_with};
use super::page_links::{Links, cursor};
use super::params::{Choice, Params};
use super::times::{Moment, Times};
use crate::db::pages::huts::{self, ListedHut};
use crate::query::paging::{Cursor, Page, ROWS_OF_PAGE};
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "huts.html")]
struct HutsPage {
    layout: Layout,
    params: Params,
    countries: Vec<Choice>,
    problem: Option<Problem>,
    caption: String,
    rows: Vec<Row>,
    links: Links,
    /// What to do if there is no hut.
    advice: String,
}

struct Row {
    hut_url: String,
    name: String,
    country: String,
    elevation: String,
    booking_site: String,
    last_success: Option<Moment>,
}

/// `GET /huts`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let huts = app.read(huts::load).await?;
    let filter = params.hut_filter();
    let matches_filter =
        |hut: &&ListedHut| filter.matches(&hut.slug, &hut.name, hut.country.as_deref());
    let matching: Vec<&ListedHut> = huts.iter().filter(matches_filter).collect();
    let (cursor, problem) = match cursor(&params, |slug| Ok(slug.to_owned())) {
        Ok(cursor) => (cursor, None),
        Err(problem) => (Cursor::Start, Some(problem)),
    };
    let t = visitor.t;
    let found = t.count("huts", matching.len()).to_string();
    // Sorted by slug.
    let listed = Page::of_sorted(matching, &cursor, ROWS_OF_PAGE, |hut, slug| hut.slug.cmp(slug));
    let links = Links::new(&listed, &params, |hut| hut.slug.clone());
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = HutsPage {
        layout: Layout::new(&visitor, t.get("nav-huts"), Section::Huts),
        countries: params.countries(t, &huts),
        caption: links.caption(t, found, ROWS_OF_PAGE),
        advice: t.get(if huts.is_empty() { "no-huts-yet" } else { "no-hut-matches" }),
        rows: listed.rows.iter().map(|hut| row(hut, &times)).collect(),
        links,
        problem,
        params,
    };
    Ok(page_with(status, &page))
}

fn row(hut: &ListedHut, times: &Times) -> Row {
    let t = times.t;
    let followed = hut.booking_ref.as_deref().filter(|_| hut.is_active);
    Row {
        hut_url: format::hut_url(&hut.slug),
        name: format::text(&hut.name),
        country: hut.country.as_deref().map(|code| format::country(t, code)).unwrap_or_default(),
        elevation: (hut.elevation)
            .map(|metres| t.with("metres", "metres", metres).to_string())
            .unwrap_or_default(),
        booking_site: followed.map_or_else(|| t.get("not-polled"), format::text),
        last_success: hut.last_success.map(|at| times.ago(at)),
    }
}
