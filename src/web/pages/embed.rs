//! Pages for frames of other websites: `/embed/map` and `/embed/huts/{slug}`. They are there only if the operator allows
//! it, and they are the only pages that a frame may show. Their links open new tabs.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::Response;

use super::format::hut_url;
use super::layout::{Layout, Section, page_with};
use super::map::{Card, CardHut, MapComponent, MapContext, MapRequest};
use super::params::Params;
use super::start::{Found, Question, headline, marks};
use super::times::Times;
use crate::db::connection::Db;
use crate::db::pages::huts;
use crate::query::date;
use crate::text::texts::Texts;
use crate::web::app::App;
use crate::web::problem::{Problem, unknown_path};
use crate::web::security::{embedded_policy, header_value};
use crate::web::visitor::Visitor;

/// How many nights of a hut are shown: two weeks.
const NIGHTS: u16 = 14;

#[derive(Template)]
#[template(path = "embed.html")]
struct EmbedPage {
    layout: Layout,
    heading: String,
    /// The same on a page of the service.
    url: String,
    card: Option<Card>,
    map: Option<MapComponent>,
}

/// `GET /embed/map`: the map of a question, with the parameters of the start page.
pub async fn map(
    State(app): State<App>,
    uri: Uri,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    only_if_allowed(&app, &uri).await?;
    let (times, t, today) = (Times::new(&app, &visitor), visitor.t, app.today());
    let request = MapRequest::read(&params)?;
    let to_read = params.clone();
    let read = app.read(move |db| match Question::read(&to_read, &huts::load(db)?, today) {
        Ok(question) => Found::load(db, question),
        Err(problem) => diesel::QueryResult::Ok(Err(problem)),
    });
    let found = read.await??;
    let (answers, question) = (found.answers()?, &found.question);
    let huts = marks(&answers, question, &times);
    let context = context(&app, &params, &request, (t, question.group.places));
    if let Some(response) = MapComponent::answer_to_script(&huts, &context) {
        return Ok(may_be_framed(&app, response));
    }
    let rooms = answers.iter().filter(|answer| !answer.stays.is_empty()).count();
    let heading = headline(t, question, rooms, today);
    let page = EmbedPage {
        layout: Layout::new(&visitor, heading.clone(), Section::None),
        heading,
        url: format!("/{}", params.link_with(&[])),
        card: None,
        map: Some(MapComponent::new(&huts, &context)),
    };
    Ok(may_be_framed(&app, page_with(StatusCode::OK, &page)))
}

/// `GET /embed/huts/{slug}`: the next nights of a hut, where to book, and a map with `map=1`.
pub async fn hut(
    State(app): State<App>,
    Path(slug): Path<String>,
    uri: Uri,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    only_if_allowed(&app, &uri).await?;
    let (times, today) = (Times::new(&app, &visitor), app.today());
    let date = params.parsed("date", |text| date::parse(text, today))?.unwrap_or(today);
    let request = MapRequest::read(&params)?;
    let to_read = slug.clone();
    let read = move |db: &mut Db| CardHut::read(db, &to_read, (date, NIGHTS), None);
    let Some(found) = app.read(read).await? else {
        return Err(Problem::not_found(format!("no hut has the slug {slug:?}")));
    };
    let card = found.card((date, NIGHTS), &times, true);
    let huts: Vec<_> = found.on_map(date, 1, &times).into_iter().collect();
    let context = context(&app, &params, &request, (visitor.t, 1));
    if let Some(response) = MapComponent::answer_to_script(&huts, &context) {
        return Ok(may_be_framed(&app, response));
    }
    let has_map = params.text("map") == "1" && !huts.is_empty();
    let page = EmbedPage {
        layout: Layout::new(&visitor, card.name.clone(), Section::None),
        heading: card.name.clone(),
        url: hut_url(&slug),
        map: has_map.then(|| MapComponent::new(&huts, &context)),
        card: Some(card),
    };
    Ok(may_be_framed(&app, page_with(StatusCode::OK, &page)))
}

fn context<'a>(
    app: &'a App,
    params: &'a Params,
    request: &'a MapRequest,
    (t, places): (Texts, u16),
) -> MapContext<'a> {
    MapContext { params, request, t, tiles: app.map_tiles(), new_tab: true, places, near: "" }
}

/// Without the operator's permission, the paths are as unknown as any other.
async fn only_if_allowed(app: &App, uri: &Uri) -> Result<(), Problem> {
    match app.framing() {
        Some(_) => Ok(()),
        None => Err(unknown_path(uri.clone()).await),
    }
}

/// Adds the policy that allows frames; the policy of all other pages forbids them.
fn may_be_framed(app: &App, mut response: Response) -> Response {
    if let Some(framing) = app.framing() {
        let policy = header_value(&embedded_policy(framing, app.map_tiles()));
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
