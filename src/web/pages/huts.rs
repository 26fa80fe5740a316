//! The page *Huts*: the list of all huts, and the results of the search.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::format;
use super::layout::{Layout, Section, page};
use super::params::{Choice, Params};
use super::times::{Moment, Times};
use crate::db::pages::huts::{self, ListedHut};
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "huts.html")]
struct HutsPage {
    layout: Layout,
    params: Params,
    countries: Vec<Choice>,
    count: String,
    rows: Vec<Row>,
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
    let rows: Vec<Row> = huts.iter().filter(matches_filter).map(|hut| row(hut, &times)).collect();
    Ok(page(&HutsPage {
        layout: Layout::new(&visitor, visitor.t.get("nav-huts"), Section::Huts),
        countries: params.countries(visitor.t, &huts),
        count: visitor.t.count("huts", rows.len()).to_string(),
        rows,
        params,
    }))
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
