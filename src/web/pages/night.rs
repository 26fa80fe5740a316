//! The page of one night of a hut: every field of its state, and its history.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;

use super::downloads::Downloads;
use super::filling::{Drawing, FillingView};
use super::format::{self, Label};
use super::hut::of_group;
use super::hut_fields::{Booking, host};
use super::layout::{Layout, Section, page};
use super::occupancy::{Occupancy, reservation, word};
use super::params::Params;
use super::places::{places, places_of_night};
use super::times::{Moment, Times};
use super::unknown_hut;
use crate::db::pages::{changes, huts};
use crate::db::reading::for_filling::for_filling;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::domain::state::State as NightState;
use crate::query::date;
use crate::query::filling::similar_nights;
use crate::query::night::NightStatus;
use crate::query::views::{DayDetail, TypeOfHut};
use crate::text::dates::Style;
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
    filling: FillingView,
    history: Option<Downloads>,
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
    booking: Option<Booking>,
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
    params: Params,
) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let t = visitor.t;
    let today = app.today();
    let date = date::parse(&date, today)
        .map_err(|error| Problem::bad_parameter("date", error.to_string()))?;
    let slug_to_read = slug.clone();
    let read = app.read(move |db| {
        let detail = for_hut_detail(db, &slug_to_read, &(date..=date))?;
        let detail = detail.filter(|detail| detail.hut.is_public);
        let Some(detail) = detail else { return Ok(Err(huts::load(db)?)) };
        let changes = changes::of_night(db, detail.hut.id, date)?;
        let similar = for_filling(db, detail.hut.id, &similar_nights(date, today))?;
        diesel::QueryResult::Ok(Ok((detail, changes, similar)))
    });
    let (detail, changes, similar) = match read.await? {
        Ok(found) => found,
        Err(huts) => return Ok(unknown_hut::page(&visitor, &slug, &huts)),
    };
    let day = detail.days.first();
    let name = format::text(&detail.hut.name);
    let type_of_hut = day.and_then(|day| detail.hut.type_of(day.night.state.hut_type));
    let kept = of_group(&params);
    let url_of = |date| Some(format::night_url(&slug, format::linkable_date(date)?) + &kept);
    let layout = Layout::new(&visitor, format!("{name}, {}", t.day(date)), Section::Huts);
    Ok(page(&NightPage {
        layout: match day {
            Some(day) => layout.described(
                t.with("preview-of-night", "places", places_of_night(t, &day.night))
                    .and("date", t.date(date, Style::Long))
                    .to_string(),
            ),
            None => layout,
        },
        hut_url: format::hut_url(&slug) + &hut_query(&params, date),
        date: t.day_in_full(date),
        before: url_of(date.pred_opt()),
        after: url_of(date.succ_opt()),
        day: day.map(|day| DayView::new(day, type_of_hut, &times)),
        filling: FillingView::new(&changes, &similar, date, &times),
        history: Downloads::of_night(&slug, date, detail.hut.is_active, &changes),
        name,
    }))
}

/// The parameters of the page of the hut, for the same group and night.
fn hut_query(params: &Params, night: NaiveDate) -> String {
    params.only(&[], &["places", "nights"]).link_with(&[("night", &night.to_string())])
}

impl DayView {
    fn new(day: &DayDetail, type_of_hut: Option<TypeOfHut>, times: &Times) -> Self {
        let DayDetail { night, source, .. } = day;
        let t = times.t;
        let state = night.state;
        let link = format::web_link(source.link.as_deref());
        let booking_link = format::booking_link(night, source.link.as_deref());
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
            booking: booking_link.map(|link| {
                let site = host(&link).unwrap_or_default();
                Booking { label: t.with("book-at", "organization", site).to_string(), link }
            }),
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
