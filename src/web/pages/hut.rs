//! The page of a hut: the next stays of a group, a year of nights, its neighbours, and how a night filled up.

mod neighbours;
mod next_stays;
mod query;
mod small_map;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use self::neighbours::{KM, Middle, Neighbours};
use self::next_stays::{NextStays, StaysOf, rooms};
use self::query::Query;
pub use self::query::of_group;
use super::calendar::{self, Marks, Months};
use super::downloads::Downloads;
use super::filling::{Drawing, FillingView};
use super::follow::{Follow, SearchParams, without_empty};
use super::format;
use super::hut_fields::{
    Booking, CheckView, Field, SourceView, about, booking, check, facts, polled, sources,
};
use super::layout::{Layout, Section, page_with};
use super::map::{MapComponent, MapContext, MapRequest, with_tiles};
use super::occupancy::legend;
use super::params::Params;
use super::places::places_of_night;
use super::times::{Moment, Times};
use super::unknown_hut;
use crate::db::check::{self as checks, HutCheck};
use crate::db::connection::Db;
use crate::db::pages::changes::{self, Change};
use crate::db::pages::huts::{self, ListedHut};
use crate::db::reading::for_filling::for_filling;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::db::reading::for_map::{MapFilter, for_filtered_map};
use crate::db::register;
use crate::domain::geo::{Bounds, Place};
use crate::domain::register::Hut;
use crate::domain::stay::{after, stays_of};
use crate::query::audience::Audience;
use crate::query::filling::similar_nights;
use crate::query::freshness::Freshness;
use crate::query::night::{Night, NightStatus};
use crate::query::paging::Page;
use crate::query::views::{DayDetail, Entry, HutOnMap, dates};
use crate::text::dates::Style;
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
    name: String,
    /// Country, elevation and booking site, as far as they are known.
    facts: Vec<String>,
    booking: Option<Booking>,
    is_followed: bool,
    /// The lists of free stays, if the hut is followed.
    lists: Vec<NextStays>,
    /// The search for stays in this hut, if it is followed.
    stays_url: Option<String>,
    follow: Option<Follow>,
    calendar: Vec<Months>,
    has_marks: bool,
    legend: Vec<(NightStatus, String)>,
    weekdays: Vec<(String, String)>,
    signs: [(String, String); 5],
    /// The oldest last check of the nights from today on.
    oldest: Option<Moment>,
    year_before: Option<String>,
    year_after: Option<String>,
    downloads: Option<Downloads>,
    night: String,
    night_in_full: String,
    night_url: String,
    night_places: String,
    /// The hut and its neighbours; none if nothing is known of them that night.
    map: Option<MapComponent>,
    /// None if the place of the hut is not known.
    neighbours: Option<Neighbours>,
    filling: FillingView,
    history: Option<Downloads>,
    about: Vec<Field>,
    polled: Field,
    sources: Vec<SourceView>,
    check: CheckView,
}

/// What the page reads.
struct Found {
    id: i32,
    hut: Hut,
    days: Vec<DayDetail>,
    changes: Page<Change>,
    similar: BTreeMap<NaiveDate, Vec<Entry>>,
    check: HutCheck,
    around: Vec<HutOnMap>,
}

/// `GET /huts/{slug}`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    params: Params,
) -> Result<Response, Problem> {
    if let Some(response) = without_empty(&format::hut_url(&slug), &params) {
        return Ok(response);
    }
    let times = Times::new(&app, &visitor);
    let today = app.today();
    let (query, problem) = match Query::read(&params, today) {
        Ok(query) => (query, None),
        Err(problem) => (Query::default_on(today), Some(problem)),
    };
    let (slug_to_read, query_to_read) = (slug.clone(), query.clone());
    let found = match app.read(move |db| read(db, &slug_to_read, &query_to_read, today)).await? {
        Ok(found) => found,
        Err(huts) => return Ok(unknown_hut::page(&visitor, &slug, &huts)),
    };
    let nights = dates(query.night_of_neighbours(today), query.nights);
    let marks = small_map::marks(&found.around, &nights, query.places, &times);
    // What the address asks of the map is no question about the hut.
    let request = MapRequest::read(&params).unwrap_or_default();
    // Wrong parameters are kept in no link.
    let kept = if problem.is_none() { params.clone() } else { Params::default() };
    let context = MapContext {
        params: &kept,
        request: &request,
        t: visitor.t,
        tiles: app.map_tiles(),
        new_tab: false,
        places: query.places,
        near: &slug,
    };
    if let Some(response) = MapComponent::answer_to_script(&marks, &context) {
        return Ok(with_tiles(&app, response));
    }
    let map = (!marks.is_empty()).then(|| MapComponent::new(&marks, &context));
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = HutPage::new(&visitor, &times, &slug, (params, query, problem), &found);
    Ok(with_tiles(&app, page_with(status, &HutPage { map, ..page })))
}

/// Reads the hut; if there is none, all huts.
fn read(
    db: &mut Db,
    slug: &str,
    query: &Query,
    today: NaiveDate,
) -> diesel::QueryResult<Result<Found, Vec<ListedHut>>> {
    let found = register::find(db, slug)?;
    let Some((id, hut)) = found.filter(|(_, hut)| hut.fields.is_public) else {
        return Ok(Err(huts::load(db)?));
    };
    let detail = for_hut_detail(db, slug, &query.dates(today))?;
    let around = match place_of(&hut) {
        Some(place) => {
            let nights = dates(query.night_of_neighbours(today), query.nights);
            let bounds = Some(Bounds::around(&place, KM.into()));
            let audience = Audience::Public;
            let filter = MapFilter { audience, only_followed: true, bounds, slugs: None };
            for_filtered_map(db, &nights, &filter)?
        }
        None => Vec::new(),
    };
    Ok(Ok(Found {
        days: detail.map(|detail| detail.days).unwrap_or_default(),
        changes: changes::of_night(db, id, query.night)?,
        similar: for_filling(db, id, &similar_nights(query.night, today))?,
        check: checks::load(db, id)?,
        around,
        id,
        hut,
    }))
}

fn place_of(hut: &Hut) -> Option<Place> {
    Place::new(hut.fields.latitude?, hut.fields.longitude?).ok()
}

impl HutPage {
    fn new(
        visitor: &Visitor,
        times: &Times,
        slug: &str,
        (params, query, problem): (Params, Query, Option<Problem>),
        found: &Found,
    ) -> Self {
        let (t, today) = (times.t, times.limits.today);
        let Found { id, hut, days, changes, similar, check: last_check, around } = found;
        let states: BTreeMap<_, _> = days.iter().map(|day| (day.date, day.night)).collect();
        let name = format::text(&hut.fields.name);
        // Wrong parameters are kept in no link.
        let kept_params = if problem.is_none() { params.clone() } else { Params::default() };
        let kept = of_group(&kept_params);
        let is_followed = hut.fields.is_active && hut.fields.booking_ref.is_some();
        let rooms = rooms(days, query.places);
        let stays_of_hut = StaysOf { t, slug, name: &name, kept: &kept };
        let group = query.group(today);
        let lists = if is_followed {
            let next = stays_of_hut.next(&group, query.nights, &rooms);
            vec![next, stays_of_hut.weekends(&group, &rooms)]
        } else {
            Vec::new()
        };
        let has_marks = is_followed && !kept.is_empty();
        let fits: BTreeSet<NaiveDate> = match has_marks {
            true => stays_of(&query.group_in_calendar(today), query.nights, *id, &rooms)
                .iter()
                .flat_map(|stay| (0..query.nights).map(|night| after(stay.arrival, night)))
                .collect(),
            false => BTreeSet::new(),
        };
        let marks = Marks { fits: &fits, kept: &kept };
        let calendar =
            calendar::fold(t, calendar::months(slug, query.first, &states, &marks, times));
        let link_to_year = |date| {
            let date: NaiveDate = format::linkable_date(date)?;
            Some(kept_params.link_with(&[("from", &date.to_string())]))
        };
        let near = match is_followed && last_check.last_success.is_some() {
            true => slug.to_owned(),
            false => place_of(hut)
                .map(|place| format!("{},{}", place.latitude, place.longitude))
                .unwrap_or_default(),
        };
        let neighbours = place_of(hut).map(|place| {
            let middle = Middle { id: *id, place, near: &near };
            Neighbours::new(middle, around, &query, &kept_params, times)
        });
        let night = query.night;
        let state = states.get(&night);
        let night_places =
            state.map_or_else(|| t.get("no-data"), |state| places_of_night(t, state));
        let layout = Layout::new(visitor, name.clone(), Section::Huts);
        let names = SearchParams { joined: &[], others: &["places", "nights"] };
        let hut_param = [("hut", slug)];
        Self {
            layout: match state {
                Some(_) => layout.described(
                    t.with("preview-of-night", "places", night_places.as_str())
                        .and("date", t.date(night, Style::Long))
                        .to_string(),
                ),
                None => layout,
            },
            url: format::hut_url(slug),
            facts: facts(t, hut),
            booking: booking(t, hut),
            is_followed,
            lists,
            stays_url: is_followed.then(|| {
                let group = kept_params.only(&[], names.others);
                format!("/stays{}", group.link_with(&hut_param))
            }),
            follow: is_followed.then(|| Follow::new("/v1/stays", &kept_params, &names, &hut_param)),
            calendar,
            has_marks,
            legend: legend(t),
            weekdays: calendar::weekdays(t),
            signs: calendar::signs(t),
            oldest: oldest(&states, times),
            year_before: link_to_year(calendar::year_before(query.first)),
            year_after: link_to_year(calendar::end(query.first)),
            downloads: Downloads::of_year(slug, query.first, hut.fields.is_active, &states),
            night: night.to_string(),
            night_in_full: t.day_in_full(night),
            night_url: format::night_url(slug, night) + &kept,
            night_places,
            map: None,
            neighbours,
            filling: FillingView::new(changes, similar, night, times),
            history: Downloads::of_night(slug, night, hut.fields.is_active, changes),
            about: about(t, &hut.fields),
            polled: polled(t, &hut.fields),
            sources: sources(t, hut),
            check: check(last_check, times),
            name,
            problem,
            params,
        }
    }
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
