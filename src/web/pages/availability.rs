//! The page *Current availability*: the current state of each hut and night, filtered and sorted.

pub mod query;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use self::query::Query;
use super::format::{self, Label, counted};
use super::layout::{Layout, Section, page_with};
use super::occupancy::{Occupancy, reservation};
use super::page_links::Links;
use super::params::{Choice, Params};
use super::places::short_places_of_night;
use super::times::{Moment, Times};
use crate::db::pages::huts::{self, ListedHut};
use crate::db::pages::nights::{self, Direction, HutNight, SortBy};
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;
use crate::query::night::NightStatus;
use crate::query::paging::{Cursor, Page, ROWS_OF_PAGE};
use crate::text::texts::Texts;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "availability.html")]
struct AvailabilityPage {
    layout: Layout,
    form: Form,
    problem: Option<Problem>,
    refused_sort: Option<String>,
    columns: Vec<ColumnHead>,
    rows: Vec<Row>,
    caption: String,
    geojson: String,
    links: Links,
}

/// The fields of the filter form.
struct Form {
    t: Texts,
    params: Params,
    organizations: Vec<Choice>,
    countries: Vec<Choice>,
}

/// The heading of a column, a link that sorts by it.
struct ColumnHead {
    label: String,
    /// The link that sorts by this column, or reverses the order; empty if the list cannot be sorted by it.
    link: String,
    /// The value of `aria-sort` if the list is sorted by this column.
    sorted: Option<&'static str>,
    is_number: bool,
}

struct Row {
    hut_url: String,
    night_url: String,
    name: String,
    country: Option<String>,
    date: String,
    iso_date: String,
    places: String,
    occupancy: Occupancy,
    reservation: String,
    hut_type: String,
    organization: String,
    last_checked: Moment,
}

/// The data of the page.
struct PageData {
    huts: Vec<ListedHut>,
    organizations: Vec<(String, String)>,
    page: Page<HutNight>,
    count: i64,
}

/// `GET /availability`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    let today = app.today();
    let query = Query::read(&params, today);
    let times = Times::new(&app, &visitor);
    let (query, problem) = match query {
        Ok(query) => (Some(query), None),
        Err(problem) => (None, Some(problem)),
    };
    let query_to_read = query.clone();
    let data = app.read(move |db| {
        let huts = huts::load(db)?;
        let organizations = huts::organizations(db)?;
        let Some(query) = query_to_read else {
            let page = Page::new(Vec::new(), &Cursor::<()>::Start, ROWS_OF_PAGE);
            return diesel::QueryResult::Ok(PageData { huts, organizations, page, count: 0 });
        };
        let filter = query.filter(&huts);
        let rows = nights::page(db, &filter, query.sort, &query.cursor, ROWS_OF_PAGE)?;
        let page = Page::new(rows, &query.cursor, ROWS_OF_PAGE);
        let count = match i64::try_from(page.rows.len()) {
            Ok(rows) if page.is_all() => rows,
            _ => nights::count(db, &filter)?,
        };
        Ok(PageData { huts, organizations, page, count })
    });
    let data = data.await?;
    let query = query.unwrap_or_default();
    let sort = query.sort;
    let links = Links::new(&data.page, &params, |night| query::encode(&night.key(sort.by)));
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = AvailabilityPage {
        layout: Layout::new(&visitor, visitor.t.get("nav-availability"), Section::Availability),
        refused_sort: query.refused_sort.map(|by| by.label(visitor.t)),
        columns: column_heads(visitor.t, &params, &query),
        rows: data.page.rows.iter().map(|night| row(night, &times)).collect(),
        caption: links.caption(
            visitor.t,
            counted(visitor.t, "night-count", data.count),
            ROWS_OF_PAGE,
        ),
        links,
        geojson: format!(
            "/v1/huts/availability/{today}.geojson?days={}",
            query::days_of_api(&params)
        ),
        problem,
        form: Form {
            organizations: (data.organizations.iter())
                .map(|(slug, name)| params.choice("organization", slug, name))
                .collect(),
            countries: params.countries(visitor.t, &data.huts),
            t: visitor.t,
            params,
        },
    };
    Ok(page_with(status, &page))
}

fn row(night: &HutNight, times: &Times) -> Row {
    let HutNight { hut, day } = night;
    let t = times.t;
    let state = day.night.state;
    Row {
        hut_url: format::hut_url(&hut.slug),
        night_url: format::night_url(&hut.slug, day.date),
        name: format::text(&hut.name),
        country: hut.country.clone(),
        date: t.day(day.date),
        iso_date: day.date.to_string(),
        places: short_places_of_night(t, &day.night),
        occupancy: Occupancy::of_night(t, &day.night),
        reservation: reservation(t, &day.night),
        hut_type: state.hut_type.label(t),
        organization: format::text(&day.source.organization),
        last_checked: times.checked(day.date, &day.night),
    }
}

/// The headings of the columns. A click sorts by the column, and a second click reverses the order.
fn column_heads(t: Texts, params: &Params, query: &Query) -> Vec<ColumnHead> {
    let sort = query.sort;
    let sortable = |label, by: SortBy| {
        let is_sorted = sort.by == by;
        let direction = match (is_sorted, sort.direction) {
            (true, Direction::Asc) => Direction::Desc,
            _ => Direction::Asc,
        };
        let sorted = match sort.direction {
            Direction::Asc => "ascending",
            Direction::Desc => "descending",
        };
        let link =
            || params.link_with(&[("sort", &by.to_string()), ("dir", &direction.to_string())]);
        ColumnHead {
            label: t.get(label),
            link: if query.can_be_sorted(by) { link() } else { String::new() },
            sorted: is_sorted.then_some(sorted),
            is_number: by == SortBy::Free,
        }
    };
    let plain = |label| ColumnHead {
        label: t.get(label),
        link: String::new(),
        sorted: None,
        is_number: false,
    };
    vec![
        sortable("hut", SortBy::Hut),
        sortable("night", SortBy::Date),
        sortable("free", SortBy::Free),
        sortable("occupancy", SortBy::Occupancy),
        plain("reservation"),
        plain("hut-type"),
        plain("organization"),
        sortable("checked", SortBy::Checked),
    ]
}

impl Label for SortBy {
    const TEXTS: &'static str = "sort";
}

impl Label for Direction {
    const TEXTS: &'static str = "direction";
}

impl Form {
    fn text(&self, name: &str) -> &str {
        self.params.text(name)
    }

    fn occupancy(&self) -> Vec<Choice> {
        self.params.choices::<NightStatus>(self.t, "occupancy")
    }

    fn reservation(&self) -> Vec<Choice> {
        self.params.choices::<ReservationStatus>(self.t, "reservation")
    }

    fn hut_types(&self) -> Vec<Choice> {
        self.params.choices::<HutType>(self.t, "hut_type")
    }

    fn sorts(&self) -> Vec<Choice> {
        self.params.choices::<SortBy>(self.t, "sort")
    }

    fn directions(&self) -> Vec<Choice> {
        self.params.choices::<Direction>(self.t, "dir")
    }

    fn days(&self) -> Vec<Choice> {
        let chosen = match self.text("days") {
            "" => query::DEFAULT_DAYS,
            chosen => chosen,
        };
        let choices = query::DAYS.iter().map(|&(value, label)| Choice {
            value: value.into(),
            label: self.t.get(label),
            is_chosen: value == chosen,
        });
        choices.collect()
    }
}
