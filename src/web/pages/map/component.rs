//! The map as a part that any page includes: `{{ map }}` in its template, and the script `layout.map_script_url` in its
//! head. The page answers the script with [`MapComponent::answer_to_script`], and allows the operator's tiles with
//! `map::with_tiles`.
//!
//! The path of the data: a page makes a [`MapHut`] of each hut that it shows. The huts are sorted by importance. The
//! frame is what the address asks for, or is fitted to the huts. In each view of the frame, huts that would overlap
//! become clusters, and names go where there is room. A template writes the SVG. The script asks the same page, with
//! the parameter `view`, for the map alone, and puts it in the place of the old one.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::StatusCode;
use axum::response::Response;

use super::base::BASE;
use super::frame::{self, Frame, moved, scaled, text, within_limits};
use super::mark::MapHut;
use super::paths::Paths;
use super::request::MapRequest;
use super::view::{Drawing, MarkKind, Shape, View, view};
use crate::domain::geo::Bounds;
use crate::query::fit::Fit;
use crate::text::texts::Texts;
use crate::web::app::MapTiles;
use crate::web::pages::layout::page_with;
use crate::web::pages::params::Params;

/// What a page says of its map besides the huts.
#[derive(Clone, Copy)]
pub struct MapContext<'a> {
    /// The parameters of the page. The links of the map keep them.
    pub params: &'a Params,
    pub request: &'a MapRequest,
    pub t: Texts,
    pub tiles: Option<&'a MapTiles>,
    /// Whether links to huts open a new tab, because the map is embedded in another website.
    pub new_tab: bool,
    /// How many people shall fit.
    pub places: u16,
    /// The place from which cards measure the distance, as the API takes it; may be empty.
    pub near: &'a str,
}

/// The map with its legend.
#[derive(Template)]
#[template(path = "map/component.html")]
pub struct MapComponent {
    frame: MapFrame,
    t: Texts,
    new_tab: bool,
    legend: [(Fit, &'static str, String); 5],
    attribution: Option<String>,
    near: String,
}

impl HtmlSafe for MapComponent {}

/// The part of the map that the script replaces.
#[derive(Template)]
#[template(path = "map/frame.html")]
struct MapFrame {
    paths: Paths,
    views: Vec<View>,
    tools: Vec<Tool>,
    t: Texts,
    new_tab: bool,
}

impl HtmlSafe for MapFrame {}

/// A link that moves the map; none where it cannot move further.
struct Tool {
    name: &'static str,
    label: String,
    sign: &'static str,
    link: Option<String>,
}

impl MapComponent {
    /// Draws a map of huts. Huts that [`frame::is_on_map`] refuses are left out.
    #[must_use]
    pub fn new(huts: &[MapHut], context: &MapContext<'_>) -> Self {
        let t = context.t;
        let fits = match context.places {
            0 | 1 => t.get("map-fits"),
            places => {
                let people = t.count("people", places).to_string();
                t.with("map-fits-group", "people", people).to_string()
            }
        };
        Self {
            frame: MapFrame::new(huts, context),
            new_tab: context.new_tab,
            t,
            legend: [
                (Fit::Fits, "12", fits),
                (Fit::Ask, "?", t.get("map-ask")),
                (Fit::Full, "0", t.get("map-full")),
                (Fit::Closed, "×", t.get("night-closed")),
                (Fit::Unknown, "–", t.get("unknown")),
            ],
            near: context.near.to_owned(),
            attribution: context.tiles.map(|tiles| tiles.attribution.clone()),
        }
    }

    /// The response to the script, which asks for the map alone; none if the address asks for a page.
    #[must_use]
    pub fn answer_to_script(huts: &[MapHut], context: &MapContext<'_>) -> Option<Response> {
        context.request.view?;
        Some(page_with(StatusCode::OK, &MapFrame::new(huts, context)))
    }
}

impl MapFrame {
    fn new(huts: &[MapHut], context: &MapContext<'_>) -> Self {
        let MapContext { params, request, t, tiles, new_tab, .. } = *context;
        let mut huts: Vec<&MapHut> =
            huts.iter().filter(|hut| frame::is_on_map(hut.place)).collect();
        huts.sort_by(|a, b| a.order().cmp(&b.order()));
        let places = || huts.iter().map(|hut| hut.place);
        let bounds = request.bounds.unwrap_or_else(|| within_limits(frame::fitted(places())));
        let shapes: &[Shape] = match request.view {
            Some(_) => &[Shape::Exact],
            None => &[Shape::Wide, Shape::Narrow],
        };
        let frame_of = |shape: Shape| {
            let size = request.view.unwrap_or_else(|| shape.least_size());
            Frame::around(&bounds, size)
        };
        let first = frame_of(shapes[0]);
        let server = tiles.map(|tiles| &tiles.server);
        let drawing = Drawing { huts: &huts, first: &first, params, server, t };
        let draw = |shape: &Shape| view(*shape, &frame_of(*shape), &drawing);
        let views: Vec<View> = shapes.iter().map(draw).collect();
        // A rectangle may be too small for the largest scale, and a view of the script shows exactly its own area.
        let shows_more = request.view.is_some() || !first.can_zoom_in();
        let shown = if shows_more { first.bounds() } else { bounds };
        Self {
            paths: BASE.draw(&first),
            tools: tools(&shown, &first, params, request.bounds.is_some(), t),
            views,
            t,
            new_tab,
        }
    }
}

/// The links that move the map.
fn tools(shown: &Bounds, frame: &Frame, params: &Params, is_chosen: bool, t: Texts) -> Vec<Tool> {
    let link = |bounds: Bounds| params.link_with(&[("bbox", &text(&bounds)), ("view", "")]);
    let tool = |name, sign, link| Tool { name, label: t.get(&format!("map-{name}")), sign, link };
    let towards = |east: f64, south: f64| {
        let to = moved(shown, east, south);
        (text(&to) != text(shown)).then(|| link(to))
    };
    let closer = frame.can_zoom_in().then(|| link(scaled(shown, 0.5)));
    let wider = (!frame::is_whole(shown)).then(|| link(within_limits(scaled(shown, 2.0))));
    let all = is_chosen.then(|| params.link_with(&[("bbox", ""), ("view", "")]));
    vec![
        tool("in", "+", closer),
        tool("out", "−", wider),
        tool("all", "⤢", all),
        tool("west", "←", towards(-0.5, 0.0)),
        tool("north", "↑", towards(0.0, -0.5)),
        tool("south", "↓", towards(0.0, 0.5)),
        tool("east", "→", towards(0.5, 0.0)),
    ]
}

#[cfg(test)]
mod tests;
