//! The page of a hut: its fields, its last check, a year of nights, and the history of one night.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Days, NaiveDate};

use super::calendar::{self, Month};
use super::chart::Chart;
use super::entries::{EntryView, caption};
use super::format;
use super::hut_fields::{CheckView, Field, SourceView, check, fields, sources};
use super::layout::{Layout, Section, page_with};
use super::night::{chart, entry_views};
use super::occupancy::legend;
use super::params::Params;
use super::times::{Moment, Times};
use super::unknown_hut;
use crate::db::check as checks;
use crate::db::pages::{changes, huts};
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::db::register;
use crate::query::date;
use crate::query::freshness::Freshness;
use crate::query::night::{Night, NightStatus};
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "hut.html")]
struct HutPage {
    layout: Layout,
    params: Params,
    problem: Option<Problem>,
    url: String,
    /// The search for stays, if the hut is polled.
    stays_url: Option<String>,
    name: String,
    fields: Vec<Field>,
    sources: Vec<SourceView>,
    check: CheckView,
    months: Vec<Month>,
    legend: Vec<(NightStatus, String)>,
    weekdays: Vec<(String, String)>,
    signs: [(String, String); 5],
    /// The oldest last check of the nights from today on.
    oldest: Option<Moment>,
    year_before: Option<String>,
    year_after: Option<String>,
    night: String,
    night_in_full: String,
    night_url: String,
    chart: Option<Chart>,
    entries: Vec<EntryView>,
    caption: String,
}

/// The parsed parameters of the page.
struct Query {
    /// The night whose history is shown.
    night: NaiveDate,
    /// The first day of the calendar.
    first: NaiveDate,
}

impl Query {
    fn read(params: &Params, today: NaiveDate) -> Result<Self, Problem> {
        let default = Self::default_on(today);
        let parse = |text: &str| date::parse(text, today);
        Ok(Self {
            night: params.parsed("night", parse)?.unwrap_or(default.night),
            first: params.parsed("from", parse)?.map_or(default.first, calendar::first_of_month),
        })
    }

    /// The coming Saturday, and a year that starts with this month.
    fn default_on(today: NaiveDate) -> Self {
        let night = date::parse("weekend", today).unwrap_or(today);
        Self { night, first: calendar::first_of_month(today) }
    }
}

/// `GET /huts/{slug}`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    params: Params,
) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let t = visitor.t;
    let today = app.today();
    let (query, problem) = match Query::read(&params, today) {
        Ok(query) => (query, None),
        Err(problem) => (Query::default_on(today), Some(problem)),
    };
    let Query { night, first } = query;
    let end = calendar::end(first).unwrap_or(NaiveDate::MAX);
    let slug_to_read = slug.clone();
    let read = app.read(move |db| {
        let found = register::find(db, &slug_to_read)?;
        let Some((id, hut)) = found.filter(|(_, hut)| hut.fields.is_public) else {
            return diesel::QueryResult::Ok(Err(huts::load(db)?));
        };
        let year = for_hut_detail(db, &slug_to_read, &(first..=end - Days::new(1)))?;
        let changes = changes::of_night(db, id, night)?;
        Ok(Ok((hut, year, changes, checks::load(db, id)?)))
    });
    let (hut, year, changes, last_check) = match read.await? {
        Ok(found) => found,
        Err(huts) => return Ok(unknown_hut::page(&visitor, &slug, &huts)),
    };
    let days = year.map(|year| year.days).unwrap_or_default();
    let states: BTreeMap<_, _> = days.iter().map(|day| (day.date, day.night)).collect();
    let name = format::text(&hut.fields.name);
    let link_to_year = |date| {
        let date: NaiveDate = format::linkable_date(date)?;
        Some(params.link_with(&[("from", &date.to_string())]))
    };
    let is_polled = hut.fields.is_active && hut.fields.booking_ref.is_some();
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = HutPage {
        layout: Layout::new(&visitor, name.clone(), Section::Huts),
        url: format::hut_url(&slug),
        stays_url: is_polled
            .then(|| format!("/stays{}", Params::default().link_with(&[("hut", &slug)]))),
        fields: fields(t, &hut.fields),
        sources: sources(t, &hut),
        check: check(&last_check, &times),
        months: calendar::months(&slug, first, &states, &times),
        legend: legend(visitor.t),
        weekdays: calendar::weekdays(t),
        signs: calendar::signs(t),
        oldest: oldest(&states, &times),
        year_before: link_to_year(calendar::year_before(first)),
        year_after: link_to_year(Some(end)),
        night: night.to_string(),
        night_in_full: t.day_in_full(night),
        night_url: format::night_url(&slug, night),
        chart: chart(&changes.rows, night, &times),
        entries: entry_views(&changes.rows, &times),
        caption: caption(t, &changes),
        name,
        problem,
        params,
    };
    Ok(page_with(status, &page))
}

/// The oldest last check of the coming nights. One in the future comes first, because it hides an age.
fn oldest(nights: &BTreeMap<NaiveDate, Night>, times: &Times) -> Option<Moment> {
    let coming = nights.range(times.limits.today..);
    let (date, night) = coming.min_by_key(|(date, night)| {
        let is_future = times.limits.of_night(**date, night) == Freshness::Future;
        (!is_future, night.last_checked)
    })?;
    Some(times.checked(*date, night))
}
