//! The page of one night of a hut: every field of its state, and its history.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;

use super::chart::Chart;
use super::entries::{EntryView, caption};
use super::format::{self, Label};
use super::layout::{Layout, Section, page};
use super::occupancy::{Occupancy, reservation, word};
use super::places::places;
use super::times::{Moment, Times};
use super::unknown_hut;
use crate::db::pages::changes::{self, Change};
use crate::db::pages::huts;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::domain::state::State as NightState;
use crate::query::date;
use crate::query::night::NightStatus;
use crate::query::views::{DayDetail, Entry, TypeOfHut};
use crate::text::texts::Texts;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

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
    places: String,
    /// None if the night is closed, so that no number says anything.
    numbers: Option<Numbers>,
    occupancy: Occupancy,
    status: String,
    is_withdrawn: bool,
    reservation: String,
    hut_type: String,
    /// Whether that is a usual type of the hut; may be empty.
    type_of_hut: String,
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

/// The numbers of a night that is not closed.
struct Numbers {
    free: String,
    total: String,
    percent: Option<String>,
    steps: Option<i16>,
}

/// `GET /huts/{slug}/{date}`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, date)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let t = visitor.t;
    let date = date::parse(&date, app.today())
        .map_err(|error| Problem::bad_parameter("date", error.to_string()))?;
    let slug_to_read = slug.clone();
    let read = app.read(move |db| {
        let detail = for_hut_detail(db, &slug_to_read, &(date..=date))?;
        let detail = detail.filter(|detail| detail.hut.is_public);
        let Some(detail) = detail else { return Ok(Err(huts::load(db)?)) };
        let changes = changes::of_night(db, detail.hut.id, date)?;
        diesel::QueryResult::Ok(Ok((detail, changes)))
    });
    let (detail, changes) = match read.await? {
        Ok(found) => found,
        Err(huts) => return Ok(unknown_hut::page(&visitor, &slug, &huts)),
    };
    let day = detail.days.first();
    let name = format::text(&detail.hut.name);
    let type_of_hut = day.and_then(|day| detail.hut.type_of(day.night.state.hut_type));
    Ok(page(&NightPage {
        layout: Layout::new(&visitor, format!("{name}, {}", t.day(date)), Section::Huts),
        hut_url: format::hut_url(&slug),
        date: t.day_in_full(date),
        before: format::linkable_date(date.pred_opt()).map(|date| format::night_url(&slug, date)),
        after: format::linkable_date(date.succ_opt()).map(|date| format::night_url(&slug, date)),
        day: day.map(|day| DayView::new(day, type_of_hut, &times)),
        chart: chart(&changes.rows, date, &times),
        entries: entry_views(&changes.rows, &times),
        caption: caption(t, &changes),
        name,
    }))
}

/// The chart of how a night filled up; none if it has no changes.
#[must_use]
pub fn chart(changes: &[Change], date: NaiveDate, times: &Times) -> Option<Chart> {
    let label = times.t.with("chart-of-night", "date", times.t.day(date)).to_string();
    let entries: Vec<&Entry> = changes.iter().map(|change| &change.entry).collect();
    Chart::new(label, &entries, times)
}

/// Formats the states of a night, which are the newest first.
#[must_use]
pub fn entry_views(changes: &[Change], times: &Times) -> Vec<EntryView> {
    let view = |change: &Change| EntryView::new(change, times);
    changes.iter().map(view).collect()
}

impl DayView {
    fn new(day: &DayDetail, type_of_hut: Option<TypeOfHut>, times: &Times) -> Self {
        let DayDetail { night, source, .. } = day;
        let t = times.t;
        let state = night.state;
        let link = format::web_link(source.link.as_deref());
        let invalid_link =
            if link.is_none() { source.link.as_deref().map(format::text) } else { None };
        Self {
            places: places(t, &state),
            numbers: (!state.is_closed()).then(|| Numbers::new(t, &state)),
            occupancy: Occupancy::of_night(t, night),
            status: word(t, NightStatus::from(state)),
            is_withdrawn: night.is_withdrawn,
            reservation: reservation(t, night),
            hut_type: state.hut_type.label(t),
            type_of_hut: match type_of_hut {
                Some(TypeOfHut::Standard) => t.get("usual-type"),
                Some(TypeOfHut::Reduced) => t.get("reduced-type"),
                None => String::new(),
            },
            organization: format::text(&source.organization),
            source_hut_id: format::text(&source.source_hut_id),
            booking_link: format::booking_link(night, source.link.as_deref()),
            link,
            invalid_link,
            first_checked: times.at(day.first_checked),
            last_checked: times.checked(day.date, night),
        }
    }
}

impl Numbers {
    fn new(t: Texts, state: &NightState) -> Self {
        let number = |places: Option<i16>| match places {
            // A site that says 0 of 0 for an open night does not know.
            Some(_) if state.total == Some(0) => t.get("unknown"),
            Some(places) => places.to_string(),
            None => t.get("not-published"),
        };
        Self {
            free: number(state.free),
            total: number(state.total),
            percent: state
                .occupancy_percent()
                .map(|percent| t.with("percent", "percent", t.decimal(percent, 1)).to_string()),
            steps: state.occupancy_steps(),
        }
    }
}
