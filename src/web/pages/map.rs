//! The page *Map*: the huts with free places on one night.

mod base;
mod card;
mod cluster;
mod component;
mod embed;
mod frame;
mod huts;
mod label;
mod mark;
mod paths;
mod projection;
pub mod query;
mod request;
mod tiles;
mod view;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use chrono::NaiveDate;

pub use self::card::show as card;
pub use self::component::{MapComponent, MapContext};
pub use self::embed::{hut as embedded_hut, map as embedded_map};
use self::huts::{MapRow, Summary, map_huts, read_night};
pub use self::mark::{Fit, MapHut};
use self::query::{LAST_DAY_OF_SLIDER, Query};
pub use self::request::MapRequest;
use super::format;
use super::layout::{Layout, Section, page_with};
use super::params::{Choice, Params};
use super::times::Times;
use crate::db::pages::huts as listed;
use crate::query::date;
use crate::text::humanize;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::security::{header_value, map_policy};
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    layout: Layout,
    problem: Option<Problem>,
    form: Form,
    date_in_full: String,
    summary: Summary,
    rows: Vec<MapRow>,
    map: MapComponent,
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
    let read = MapRequest::read(&params).and_then(|map| Ok((Query::read(&params, today)?, map)));
    let ((query, request), problem) = match read {
        Ok(read) => (read, None),
        Err(problem) => ((Query::default_on(today), MapRequest::default()), Some(problem)),
    };
    let date = query.date;
    let read =
        app.read(move |db| diesel::QueryResult::Ok((listed::load(db)?, read_night(db, date)?)));
    let (all, on_map) = read.await?;
    let huts = map_huts(&on_map, &query, &times);
    let context = MapContext {
        params: &params,
        request: &request,
        t: visitor.t,
        tiles: app.map_tiles(),
        new_tab: false,
        places: query.min_free,
    };
    if let Some(response) = MapComponent::answer_to_script(&huts, &context) {
        return Ok(with_tiles(&app, response));
    }
    let summary = Summary::new(&all, &on_map);
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = MapPage {
        layout: Layout::new(&visitor, format!("Map of {}", humanize::day(date)), Section::Start),
        problem,
        date_in_full: humanize::day_in_full(date),
        summary,
        rows: huts::rows(&on_map, &query, &times),
        map: MapComponent::new(&huts, &context),
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
    Ok(with_tiles(&app, page_with(status, &page)))
}

/// Allows a page with a map to load tiles from the server that the operator names.
pub fn with_tiles(app: &App, mut response: Response) -> Response {
    if let Some(tiles) = app.map_tiles() {
        let policy = header_value(&map_policy(tiles));
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
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
