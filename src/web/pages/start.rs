//! The start page: which huts have room for a group, on a map and as a grid of huts and nights.

mod answer;
mod find;
mod grid;
mod headline;
mod marks;
pub mod question;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};

use self::answer::{Counts, HutAnswer, position};
pub use self::find::Found;
use self::grid::Row;
pub use self::headline::headline;
pub use self::marks::marks;
pub use self::question::Question;
use self::question::{SortBy, canonical};
use super::follow::{Follow, SearchParams};
use super::format;
use super::group::{WeekdayBox, weekday_boxes};
use super::layout::{Layout, Section, page_with};
use super::map::{MapComponent, MapContext, MapRequest, is_on_map, with_tiles};
use super::night_columns::NightColumn;
use super::page_links::Links;
use super::params::{Choice, Params};
use super::times::Times;
use crate::db::pages::huts::{self, ListedHut};
use crate::query::date;
use crate::query::paging::{Page, ROWS_OF_PAGE};
use crate::text::texts::Texts;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    layout: Layout,
    params: Params,
    problem: Option<Problem>,
    form: Form,
    found: Option<FoundView>,
}

struct Form {
    from: String,
    /// What may be typed as a place: the names of huts and countries.
    places: Vec<String>,
    weekdays: Vec<WeekdayBox>,
    sorts: Vec<Choice>,
}

/// The answer to a question.
struct FoundView {
    map: MapComponent,
    /// Huts whose place is not known, or outside the map.
    not_on_map: usize,
    headline: String,
    /// How many huts have no room, and why.
    others: String,
    /// What to do next if no hut has room.
    advice: Option<String>,
    /// The first night with room, if there is none on the nights of the question.
    next_night: Option<NightLink>,
    nights: Vec<NightLink>,
    columns: Vec<NightColumn>,
    rows: Vec<Row>,
    caption: String,
    links: Links,
    follow: Follow,
    geojson: String,
}

/// A link to the same question on another night.
struct NightLink {
    label: String,
    link: String,
    is_chosen: bool,
}

/// What the page needs of the database.
struct Read {
    huts: Vec<ListedHut>,
    /// A problem if the question is not valid.
    found: Result<Found, Problem>,
}

/// `GET /`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    let today = app.today();
    if let Some(query) = canonical(&params, today) {
        let query = if query == "?" { "" } else { query.as_str() };
        return Ok(Redirect::to(&format!("/{query}")).into_response());
    }
    let times = Times::new(&app, &visitor);
    let to_read = params.clone();
    let read = app.read(move |db| {
        let huts = huts::load(db)?;
        let found = match Question::read(&to_read, &huts, today) {
            Ok(question) => Found::load(db, question)?,
            Err(problem) => Err(problem),
        };
        diesel::QueryResult::Ok(Read { huts, found })
    });
    let Read { huts, found } = read.await?;
    let request = MapRequest::read(&params);
    let (request, found) = match request {
        Ok(request) => (request, found),
        Err(problem) => (MapRequest::default(), Err(problem)),
    };
    if let Ok(found) = &found
        && request.view.is_some()
    {
        let answers = found.answers()?;
        let huts = marks(&answers, &found.question, &times);
        let context = map_context(&app, visitor.t, &params, (&request, &found.question));
        if let Some(response) = MapComponent::answer_to_script(&huts, &context) {
            return Ok(with_tiles(&app, response));
        }
    }
    let found = found.and_then(|found| view(&app, &params, (&request, &found), &times));
    let (found, problem) = match found {
        Ok(found) => (Some(found), None),
        Err(problem) => (None, Some(problem)),
    };
    let t = visitor.t;
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let from = params.given("from").map(|text| date::parse(text, today));
    let headline = found.as_ref().map(|found| found.headline.clone());
    let page = StartPage {
        layout: Layout::new(&visitor, t.get("start-title"), Section::Start)
            .described(headline.unwrap_or_default()),
        form: Form {
            from: match from {
                Some(Ok(date)) => date.to_string(),
                _ => Question::default_on(today).from().to_string(),
            },
            places: places(t, &huts),
            weekdays: weekday_boxes(t, &params),
            sorts: params.choices::<SortBy>(t, "sort"),
        },
        problem,
        found,
        params,
    };
    Ok(with_tiles(&app, page_with(status, &page)))
}

fn map_context<'a>(
    app: &'a App,
    t: Texts,
    params: &'a Params,
    (request, question): (&'a MapRequest, &'a Question),
) -> MapContext<'a> {
    MapContext {
        params,
        request,
        t,
        tiles: app.map_tiles(),
        new_tab: false,
        places: question.group.places,
        near: question.place.api.text("near"),
    }
}

fn view(
    app: &App,
    params: &Params,
    (request, found): (&MapRequest, &Found),
    times: &Times,
) -> Result<FoundView, Problem> {
    let t = times.t;
    let (question, huts) = (&found.question, &found.huts);
    let answers = found.answers()?;
    let counts = Counts::of(&answers);
    let marks = marks(&answers, question, times);
    let not_on_map = answers.len() - marks.iter().filter(|hut| is_on_map(hut.place)).count();
    let map = MapComponent::new(&marks, &map_context(app, t, params, (request, question)));
    let today = times.limits.today;
    let is_listed = |answer: &HutAnswer<'_>| question.shows_all || answer.may_have_room();
    let listed: Vec<(usize, HutAnswer<'_>)> =
        answers.into_iter().filter(is_listed).enumerate().collect();
    let cursor = position(&question.cursor, &listed)?;
    let count = listed.len();
    let page = Page::of_sorted(listed, &cursor, ROWS_OF_PAGE, |(at, _), key| at.cmp(key));
    let links = Links::new(&page, params, |(_, answer)| answer.hut.hut.slug.clone());
    let columns: Vec<NightColumn> =
        question.columns().into_iter().map(|date| NightColumn::new(t, date)).collect();
    let advice = match counts.room {
        0 if huts.is_empty() => Some(t.get("no-huts-yet")),
        0 if counts == Counts::default() => Some(t.get("other-place")),
        0 => Some(t.get("other-night")),
        _ => None,
    };
    let link_to = |label: String, night: NaiveDate| NightLink {
        label,
        link: params.link_with(&[("from", &night.to_string())]),
        is_chosen: question.from() == night,
    };
    Ok(FoundView {
        map,
        not_on_map,
        headline: headline(t, question, counts.room, today),
        others: headline::others(t, &counts),
        advice,
        next_night: found.next.map(|night| link_to(t.day_in_full(night), night)),
        nights: night_links(t, question.from(), today)
            .map(|(label, night)| link_to(label, night))
            .collect(),
        rows: page.rows.iter().map(|(_, it)| grid::row(it, question, &columns, times)).collect(),
        columns,
        caption: links.caption(t, t.count("huts", count).to_string(), ROWS_OF_PAGE),
        links,
        follow: follow(question),
        geojson: format!(
            "/v1/huts/availability/{}.geojson?days={}",
            question.from(),
            question.nights
        ),
    })
}

/// Other nights that people look for.
fn night_links(
    t: Texts,
    from: NaiveDate,
    today: NaiveDate,
) -> impl Iterator<Item = (String, NaiveDate)> {
    let weekend = date::parse("weekend", today).ok();
    let later = |days| format::linkable_date(from.checked_add_days(Days::new(days)));
    let earlier = |days| {
        format::linkable_date(from.checked_sub_days(Days::new(days))).filter(|day| *day >= today)
    };
    [
        ("earlier-week", earlier(7)),
        ("earlier-night", earlier(1)),
        ("tonight", Some(today)),
        ("tomorrow", today.succ_opt()),
        ("weekend", weekend),
        ("later-night", later(1)),
        ("later-week", later(7)),
    ]
    .into_iter()
    .filter_map(move |(id, night)| Some((t.get(id), night?)))
}

/// The names of what may be typed as a place.
fn places(t: Texts, huts: &[ListedHut]) -> Vec<String> {
    let is_polled = |hut: &&ListedHut| hut.is_active && hut.booking_ref.is_some();
    let countries = Params::default().countries(t, huts).into_iter().map(|choice| choice.label);
    let names = huts.iter().filter(is_polled).map(|hut| format::text(&hut.name));
    countries.chain(names).collect()
}

/// The same search in the API and as feeds.
fn follow(question: &Question) -> Follow {
    const NAMES: SearchParams = SearchParams {
        joined: &[],
        others: &[
            "from", "to", "nights", "places", "weekday", "hut", "name", "country", "near", "km",
        ],
    };
    Follow::new("/v1/stays", &question.api_params(), &NAMES, &[])
}
