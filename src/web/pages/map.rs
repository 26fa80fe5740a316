//! The page *Map*: the huts with free places on one night.

mod borders;
mod huts;
mod projection;
pub mod query;

use std::sync::LazyLock;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use self::huts::{MapRow, Summary};
use self::projection::GridLine;
use self::query::{LAST_DAY_OF_SLIDER, Query};
use super::format;
use super::layout::{Layout, Section, page_with};
use super::occupancy::legend;
use super::params::{Choice, Params};
use super::times::Times;
use crate::db::pages::huts as listed;
use crate::db::reading::for_map::{MapFilter, for_filtered_map};
use crate::query::audience::Audience;
use crate::query::date;
use crate::query::night::NightStatus;
use crate::text::humanize;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    layout: Layout,
    problem: Option<Problem>,
    form: Form,
    date_in_full: String,
    summary: Summary,
    legend: Vec<(NightStatus, String)>,
    rows: Vec<MapRow>,
    base: BaseMap,
}

/// The base map: borders and the grid of latitude and longitude, the same for every night.
struct BaseMap {
    width: f64,
    height: f64,
    meridians: Vec<GridLine>,
    parallels: Vec<GridLine>,
    borders: &'static str,
}

struct Form {
    params: Params,
    countries: Vec<Choice>,
    sorts: Vec<Choice>,
    date: NaiveDate,
    today: NaiveDate,
    /// The position of the slider; none if the night is out of its range.
    days_from_today: Option<i64>,
    last_day: u16,
    night_links: Vec<NightLink>,
}

/// A link to another night.
struct NightLink {
    label: &'static str,
    link: String,
    is_chosen: bool,
}

/// `GET /` and `GET /map`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let today = app.today();
    let (query, problem) = match Query::read(&params, today) {
        Ok(query) => (query, None),
        Err(problem) => (Query::default_on(today), Some(problem)),
    };
    let date = query.date;
    let read = app.read(move |db| {
        let huts = listed::load(db)?;
        let audience = Audience::Public;
        let filter = MapFilter { audience, only_followed: true, ..MapFilter::default() };
        diesel::QueryResult::Ok((huts, for_filtered_map(db, &(date..=date), &filter)?))
    });
    let (all, on_map) = read.await?;
    let summary = Summary::new(&all, &on_map);
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = MapPage {
        layout: Layout::new(&visitor, format!("Map of {}", humanize::day(date)), Section::Start),
        problem,
        date_in_full: humanize::day_in_full(date),
        summary,
        legend: legend(visitor.t),
        rows: huts::rows(&on_map, &query, &times),
        base: BaseMap {
            width: projection::WIDTH,
            height: projection::HEIGHT.round(),
            meridians: projection::meridians(),
            parallels: projection::parallels(),
            borders: &borders::PATH,
        },
        form: Form {
            countries: params.countries(visitor.t, &all),
            sorts: params.choices::<query::SortBy>(visitor.t, "sort"),
            night_links: night_links(&params, date, today),
            date,
            today,
            days_from_today: query::slider_position(date, today),
            last_day: LAST_DAY_OF_SLIDER,
            params,
        },
    };
    Ok(page_with(status, &page))
}

/// Draws the borders before the first request, because that takes as long as several pages.
pub fn draw_borders() {
    LazyLock::force(&borders::PATH);
}

/// Links to other nights. `today` and `weekend` stay words in the URL, so that a bookmark follows the
/// calendar.
fn night_links(params: &Params, date: NaiveDate, today: NaiveDate) -> Vec<NightLink> {
    let link_to = |label, text: &str, day: Option<NaiveDate>| NightLink {
        label,
        link: params.link_with(&[("date", text)]),
        is_chosen: day == Some(date),
    };
    let neighbour = |label, day| {
        format::linkable_date(day).map(|day: NaiveDate| link_to(label, &day.to_string(), None))
    };
    let weekend = date::parse("weekend", today).ok();
    let links = [
        neighbour("← Previous night", date.pred_opt()),
        Some(link_to("Today", "today", Some(today))),
        Some(link_to("Weekend", "weekend", weekend)),
        neighbour("Next night →", date.succ_opt()),
    ];
    links.into_iter().flatten().collect()
}
