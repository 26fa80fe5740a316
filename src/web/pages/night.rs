//! *One hut and date*: every field, and how it came about.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;

use super::chart::Chart;
use super::entries::{EntryShown, caption};
use super::format::{self, Label, Moment, Occupancy, Times};
use super::layout::{Layout, Section, page};
use super::unknown_hut;
use crate::db::pages::changes::{self, Change};
use crate::db::pages::huts;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::query::date;
use crate::query::views::{DayDetail, Entry, TypeOfHut};
use crate::text::humanize;
use crate::web::app::App;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "night.html")]
struct NightPage {
    layout: Layout,
    hut_url: String,
    name: String,
    date: String,
    before: Option<String>,
    after: Option<String>,
    day: Option<DayShown>,
    chart: Option<Chart>,
    entries: Vec<EntryShown>,
    caption: String,
}

/// Every field of the view `hut_availability`.
struct DayShown {
    free: i16,
    total: i16,
    occupancy: Occupancy,
    percent: String,
    steps: i16,
    status: &'static str,
    reservation: &'static str,
    hut_type: &'static str,
    type_of_hut: &'static str,
    organization: String,
    source_hut_id: String,
    link: Option<String>,
    /// The same, where there is anything to be booked.
    booking_link: Option<String>,
    /// What the site gives as a link, and is none that a browser may follow.
    no_link: Option<String>,
    first_checked: Moment,
    last_checked: Moment,
}

/// `GET /huts/{slug}/{date}`
pub async fn show(
    State(app): State<App>,
    Path((slug, date)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let times = Times { now: app.now(), timezone: app.timezone() };
    let date = date::parse(&date, app.today())
        .map_err(|error| Problem::bad_parameter("date", error.to_string()))?;
    let asked = slug.clone();
    let read = app.read(move |db| {
        let detail = for_hut_detail(db, &asked, &(date..=date))?;
        let Some(detail) = detail else { return Ok(Err(huts::load(db)?)) };
        let changes = changes::of_night(db, detail.hut.id, date)?;
        diesel::QueryResult::Ok(Ok((detail, changes)))
    });
    let (detail, changes) = match read.await? {
        Ok(found) => found,
        Err(huts) => return Ok(unknown_hut::page(&slug, &huts)),
    };
    let day = detail.days.first();
    let name = format::text(&detail.hut.name);
    let type_of_hut = day.and_then(|day| detail.hut.type_of(day.state.hut_type));
    Ok(page(&NightPage {
        layout: Layout::new(format!("{name}, {}", humanize::day(date)), Section::Huts),
        hut_url: format::hut_url(&slug),
        date: humanize::day_in_full(date),
        before: format::in_address(date.pred_opt()).map(|date| format::night_url(&slug, date)),
        after: format::in_address(date.succ_opt()).map(|date| format::night_url(&slug, date)),
        day: day.map(|day| DayShown::new(day, type_of_hut, &times)),
        chart: chart(&changes.rows, date, &times),
        entries: entries_shown(&changes.rows, &times),
        caption: caption(&changes),
        name,
    }))
}

/// How a night filled up, as a chart.
#[must_use]
pub fn chart(changes: &[Change], date: NaiveDate, times: &Times) -> Option<Chart> {
    let label = format!("Free places for the night of {} over time", humanize::day(date));
    let entries: Vec<&Entry> = changes.iter().map(|change| &change.entry).collect();
    Chart::new(label, &entries, times.timezone)
}

/// The states of a night, the newest first.
#[must_use]
pub fn entries_shown(changes: &[Change], times: &Times) -> Vec<EntryShown> {
    let shown = |change: &Change| EntryShown::new(&change.entry, change.is_current, times);
    changes.iter().map(shown).collect()
}

impl DayShown {
    fn new(day: &DayDetail, type_of_hut: Option<TypeOfHut>, times: &Times) -> Self {
        let DayDetail { state, source, .. } = day;
        let link = format::web_link(source.link.as_deref());
        let no_link = if link.is_none() { source.link.as_deref().map(format::text) } else { None };
        Self {
            free: state.free,
            total: state.total,
            occupancy: (*state).into(),
            percent: format!("{:.1} %", state.occupancy_percent()),
            steps: state.occupancy_steps(),
            status: state.occupancy_status().label(),
            reservation: state.reservation_status.label(),
            hut_type: state.hut_type.label(),
            type_of_hut: match type_of_hut {
                Some(TypeOfHut::Standard) => ", as usual",
                Some(TypeOfHut::Reduced) => ", as when there is no warden",
                None => "",
            },
            organization: format::text(&source.organization),
            source_hut_id: format::text(&source.source_hut_id),
            booking_link: format::booking_link(state, source.link.as_deref()),
            link,
            no_link,
            first_checked: times.at(day.first_checked),
            last_checked: times.ago(day.last_checked),
        }
    }
}
