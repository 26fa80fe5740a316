//! The card of a hut beside its mark: its next nights, and where to book. The page of an embedded hut shows it too.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use diesel::QueryResult;

use super::mark::MapHut;
use crate::db::connection::Db;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::db::register;
use crate::domain::field::HutFields;
use crate::domain::geo::Place;
use crate::query::date;
use crate::query::fit::Fit;
use crate::query::stay_filter::NearText;
use crate::query::views::{HutDetail, dates};
use crate::text::dates::Style;
use crate::text::texts::Texts;
use crate::web::app::App;
use crate::web::pages::calendar::{self, Cell};
use crate::web::pages::format;
use crate::web::pages::layout::page_with;
use crate::web::pages::params::Params;
use crate::web::pages::times::{Moment, Times};
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

/// How many nights a card shows: a week.
const NIGHTS: u16 = 7;

/// What a card shows of a hut.
#[derive(Template)]
#[template(path = "map/card.html")]
pub struct Card {
    t: Texts,
    pub name: String,
    url: String,
    country: Option<String>,
    elevation: Option<String>,
    /// Kilometres from the place that the search names.
    distance: Option<String>,
    night: String,
    words: String,
    checked: Option<Moment>,
    nights: Vec<CardNight>,
    booking_link: Option<String>,
    new_tab: bool,
}

impl HtmlSafe for Card {}

struct CardNight {
    date: NaiveDate,
    weekday: String,
    day: String,
    cell: Cell,
}

/// A public hut with its nights, as they are read.
pub struct CardHut {
    pub fields: HutFields,
    detail: Option<HutDetail>,
    near: Option<Place>,
}

impl CardHut {
    /// Reads a hut and `nights` nights from `first` on; none if there is no such public hut. One statement for the hut,
    /// one for its nights, and one for the hut that `near` names.
    pub fn read(
        db: &mut Db,
        slug: &str,
        (first, nights): (NaiveDate, u16),
        near: Option<&NearText>,
    ) -> QueryResult<Option<Self>> {
        let found = register::find(db, slug)?.map(|(_, hut)| hut.fields);
        let Some(fields) = found.filter(|fields| fields.is_public) else { return Ok(None) };
        let near = match near {
            Some(NearText::Place(place)) => Some(*place),
            Some(NearText::Slug(slug)) => {
                let near = register::find(db, slug)?.map(|(_, hut)| hut.fields);
                near.filter(|fields| fields.is_public).and_then(|fields| place_of(&fields))
            }
            None => None,
        };
        let detail = for_hut_detail(db, &fields.slug, &dates(first, nights))?;
        Ok(Some(Self { fields, detail, near }))
    }

    /// The card of the hut. `first` is the night whose places and booking link it shows.
    #[must_use]
    pub fn card(&self, (first, nights): (NaiveDate, u16), times: &Times, new_tab: bool) -> Card {
        let (fields, t) = (&self.fields, times.t);
        let days = self.detail.as_ref().map(|detail| detail.days.as_slice()).unwrap_or_default();
        let on = |date| days.iter().find(|day| day.date == date);
        let shown = on(first);
        let card_night = |date: NaiveDate| CardNight {
            date,
            weekday: date.format_localized("%a", t.language.locale()).to_string(),
            day: t.date(date, Style::Tiny),
            cell: calendar::cell(&fields.slug, date, on(date).map(|day| &day.night), times),
        };
        let nights = dates(first, nights);
        let nights = nights.start().iter_days().take_while(|date| nights.contains(date));
        let distance = self.near.zip(place_of(fields)).map(|(from, to)| from.distance(&to));
        Card {
            t,
            name: format::text(&fields.name),
            url: format::hut_url(&fields.slug),
            country: fields.country.as_deref().map(|code| format::country(t, code)),
            elevation: fields
                .elevation
                .map(|metres| t.with("metres", "metres", metres).to_string()),
            distance: distance.map(|metres| {
                let km = t.with("kilometres", "km", t.decimal(metres / 1_000.0, 1)).to_string();
                t.with("card-away", "distance", km).to_string()
            }),
            night: t.day_in_full(first),
            words: shown
                .map_or_else(|| t.get("no-data"), |day| calendar::words(times, first, &day.night)),
            checked: shown.map(|day| times.checked(first, &day.night)),
            booking_link: shown
                .and_then(|day| format::booking_link(&day.night, day.source.link.as_deref())),
            nights: nights.map(card_night).collect(),
            new_tab,
        }
    }

    /// The hut on a map of one night; none if its place is not known.
    #[must_use]
    pub fn on_map(&self, date: NaiveDate, places: u16, times: &Times) -> Option<MapHut> {
        let slug = &self.fields.slug;
        let days = self.detail.as_ref().map(|detail| detail.days.as_slice()).unwrap_or_default();
        let night = days.iter().find(|day| day.date == date).map(|day| day.night);
        Some(MapHut {
            slug: slug.clone(),
            url: format::night_url(slug, date),
            name: format::text(&self.fields.name),
            words: night.map_or_else(
                || times.t.get("no-data"),
                |night| calendar::words(times, date, &night),
            ),
            place: place_of(&self.fields)?,
            fit: night.map_or(Fit::Unknown, |night| Fit::of(&night, places)),
            free: night.and_then(|night| night.state.free),
        })
    }
}

/// The place of a hut, if it is known.
fn place_of(fields: &HutFields) -> Option<Place> {
    let (latitude, longitude) = fields.latitude.zip(fields.longitude)?;
    Some(Place { latitude, longitude })
}

/// `GET /map/card/{slug}`: the card alone, for the script of the map.
pub async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    let (times, today) = (Times::new(&app, &visitor), app.today());
    let date = params.parsed("date", |text| date::parse(text, today))?.unwrap_or(today);
    // A card without a distance is better than none.
    let near = params.parsed("near", str::parse::<NearText>).ok().flatten();
    let to_read = slug.clone();
    let read = move |db: &mut Db| CardHut::read(db, &to_read, (date, NIGHTS), near.as_ref());
    let Some(hut) = app.read(read).await? else {
        return Err(Problem::not_found(format!("no hut has the slug {slug:?}")));
    };
    let card = hut.card((date, NIGHTS), &times, params.text("tab") == "new");
    Ok(page_with(StatusCode::OK, &card))
}
