//! The page of one night of a hut: every field of its state, and its history.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;

use super::chart::Chart;
use super::entries::{EntryView, caption};
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
    day: Option<DayView>,
    chart: Option<Chart>,
    entries: Vec<EntryView>,
    caption: String,
}

/// Every field of the view `hut_availability`.
struct DayView {
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
    /// The link if the night can be booked online and has free places.
    booking_link: Option<String>,
    /// The text that the site gives as a link, if it is not an HTTP or HTTPS URL. It is shown, but not
    /// linked.
    invalid_link: Option<String>,
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
    let slug_to_read = slug.clone();
    let read = app.read(move |db| {
        let detail = for_hut_detail(db, &slug_to_read, &(date..=date))?;
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
        before: format::linkable_date(date.pred_opt()).map(|date| format::night_url(&slug, date)),
        after: format::linkable_date(date.succ_opt()).map(|date| format::night_url(&slug, date)),
        day: day.map(|day| DayView::new(day, type_of_hut, &times)),
        chart: chart(&changes.rows, date, &times),
        entries: entry_views(&changes.rows, &times),
        caption: caption(&changes),
        name,
    }))
}

/// The chart of how a night filled up; none if it has no changes.
#[must_use]
pub fn chart(changes: &[Change], date: NaiveDate, times: &Times) -> Option<Chart> {
    let label = format!("Free places for the night of {} over time", humanize::day(date));
    let entries: Vec<&Entry> = changes.iter().map(|change| &change.entry).collect();
    Chart::new(label, &entries, times.timezone)
}

/// Formats the states of a night, which are the newest first.
#[must_use]
pub fn entry_views(changes: &[Change], times: &Times) -> Vec<EntryView> {
    let view = |change: &Change| EntryView::new(&change.entry, change.is_current, times);
    changes.iter().map(view).collect()
}

impl DayView {
    fn new(day: &DayDetail, type_of_hut: Option<TypeOfHut>, times: &Times) -> Self {
        let DayDetail { state, source, .. } = day;
        let link = format::web_link(source.link.as_deref());
        let invalid_link =
            if link.is_none() { source.link.as_deref().map(format::text) } else { None };
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
                Some(TypeOfHut::Standard) => " (the usual type of this hut)",
                Some(TypeOfHut::Reduced) => " (the type without a warden)",
                None => "",
            },
            organization: format::text(&source.organization),
            source_hut_id: format::text(&source.source_hut_id),
            booking_link: format::booking_link(state, source.link.as_deref()),
            link,
            invalid_link,
            first_checked: times.at(day.first_checked),
            last_checked: times.ago(day.last_checked),
        }
    }
}
