//! One view of the map as its template draws it: marks, names and tiles of a frame. Pure functions.
//!
//! Marks keep their size in CSS pixels however wide the browser shows the view: their positions are parts of the view,
//! and only the base map is stretched. So marks that do not overlap in a view of the least width do not overlap in a
//! wider one either.

use super::base::{BASE, Town};
use super::cluster::{self, Mark};
use super::frame::{Frame, Point, Size, around, scaled, text};
use super::label::{Area, Label, Labels};
use super::mark::MapHut;
use super::projection::WorldPoint;
use super::tiles::{TileImage, tiles};
use crate::domain::geo::Bounds;
use crate::domain::tile_server::TileServer;
use crate::query::fit::Fit;
use crate::text::texts::Texts;
use crate::web::pages::params::Params;

/// What the mark of a single hut is drawn in, and that of a cluster.
const HUT: Size = Size { width: 30.0, height: 30.0 };
const CLUSTER: Size = Size { width: 48.0, height: 30.0 };

/// From this scale on, huts have their names: a view of 640 pixels is 120 km wide in the Alps.
const NAMES_FROM: f64 = 150_000.0;
/// With at most so many marks, huts have their names at every scale.
const FEW_MARKS: usize = 12;
/// The scale from which towns of the ranks 1, 2 and 3 have their names.
const TOWNS_FROM: [f64; 3] = [0.0, 25_000.0, 60_000.0];
/// From this width on, in CSS pixels, lakes have their names.
const LAKE_FROM: f64 = 16.0;
const TOWN: Size = Size { width: 6.0, height: 6.0 };

/// A cluster opens at most so many times as large, so that readers see where they are.
const MAX_OPENED: f64 = 8.0;
/// How much more than its huts an opened cluster shows.
const AROUND_HUTS: f64 = 1.4;

/// How a view is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Where the page gives the map at least 640 pixels.
    Wide,
    /// Where it gives less.
    Narrow,
    /// For exactly the size that the script named.
    Exact,
}

impl Shape {
    /// The class of the view.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
            Self::Exact => "exact",
        }
    }

    /// The least size at which the style sheet shows the view, in the proportions that it gives it.
    #[must_use]
    pub fn least_size(self) -> Size {
        match self {
            Self::Wide | Self::Exact => Size { width: 640.0, height: 420.0 },
            Self::Narrow => Size { width: 290.0, height: 290.0 },
        }
    }

    /// What a mark needs in a view of a width. Marks for fingers are 44 pixels high.
    fn space(self, width: f64) -> Size {
        let is_narrow = self == Self::Narrow || width < Self::Wide.least_size().width;
        Size { width: 46.0, height: if is_narrow { 44.0 } else { 34.0 } }
    }
}

/// A view of the map.
pub struct View {
    pub class: &'static str,
    /// What the view shows, as the parameter `bbox`.
    pub bounds: String,
    /// The part of the base map, as an SVG says it: in tenths of pixels of the first view.
    pub ground: String,
    /// In the pixels of the view.
    pub tiles: Vec<TileImage>,
    pub size: Size,
    pub names: Vec<Name>,
    pub marks: Vec<MarkView>,
    /// How many huts the view shows, and how many of them fit.
    pub said: String,
}

/// A name of the base map.
pub struct Name {
    /// Percent of the view.
    pub x: String,
    pub y: String,
    /// `town` or `lake`
    pub class: &'static str,
    pub label: Label,
}

/// A mark of one hut or of several.
pub struct MarkView {
    /// Percent of the view.
    pub x: String,
    pub y: String,
    pub fit: Fit,
    pub sign: String,
    pub kind: MarkKind,
    /// The slug of the most important hut, by which a mark is found again in the next view.
    pub key: String,
}

pub enum MarkKind {
    Hut {
        url: String,
        name: String,
        words: String,
        label: Option<Label>,
    },
    /// `words` say how many huts there are, and how many of them fit.
    Cluster {
        link: String,
        words: String,
    },
}

/// What all views of a map have in common.
#[derive(Clone, Copy)]
pub struct Drawing<'a> {
    /// The huts that are on the map, in their order.
    pub huts: &'a [&'a MapHut],
    /// The frame of the base map.
    pub first: &'a Frame,
    pub params: &'a Params,
    pub server: Option<&'a TileServer>,
    pub t: Texts,
}

/// Draws a view.
#[must_use]
pub fn view(shape: Shape, frame: &Frame, drawing: &Drawing<'_>) -> View {
    let Drawing { huts, first, server, .. } = *drawing;
    let points: Vec<Point> = huts.iter().map(|hut| frame.point(hut.place)).collect();
    let marks = cluster::marks(&points, frame, shape.space(frame.size.width));
    let size = |mark: &Mark| if mark.huts.len() == 1 { HUT } else { CLUSTER };
    let taken = marks.iter().map(|mark| Area::around(mark.at, size(mark))).collect();
    let mut labels = Labels::new(frame.size, taken);
    let has_names = frame.scale >= NAMES_FROM || marks.len() <= FEW_MARKS;
    // Huts get their names first, and of these the ones with the most room.
    let mut views: Vec<MarkView> = Vec::with_capacity(marks.len());
    for mark in &marks {
        views.push(mark_view(mark, frame, drawing, has_names.then_some(&mut labels)));
    }
    // What is drawn last lies on top.
    views.reverse();
    let shown = || marks.iter().flat_map(|mark| &mark.huts);
    View {
        class: shape.class(),
        bounds: text(&frame.bounds()),
        ground: ground(frame, first),
        tiles: server.map(|server| tiles(server, frame)).unwrap_or_default(),
        size: frame.size,
        names: if server.is_some() { Vec::new() } else { names(frame, &mut labels) },
        marks: views,
        said: words(&shown().copied().collect::<Vec<_>>(), drawing),
    }
}

fn mark_view(
    mark: &Mark,
    frame: &Frame,
    drawing: &Drawing<'_>,
    labels: Option<&mut Labels>,
) -> MarkView {
    let Drawing { huts, params, .. } = *drawing;
    let first = huts[mark.huts[0]];
    let (x, y) = percent(mark.at, frame);
    let (sign, kind) = if mark.huts.len() == 1 {
        let label = labels.and_then(|labels| labels.beside(&first.name, mark.at, HUT));
        let (url, name, words) = (first.url.clone(), first.name.clone(), first.words.clone());
        (first.sign(), MarkKind::Hut { url, name, words, label })
    } else {
        let (fitting, to_ask) = counts(&mark.huts, huts);
        let bounds = opened(mark, frame, huts);
        let link = params.link_with(&[("bbox", &text(&bounds)), ("view", "")]);
        let kind = MarkKind::Cluster { link, words: words(&mark.huts, drawing) };
        (cluster_sign(mark.huts.len(), fitting, to_ask), kind)
    };
    MarkView { x, y, fit: first.fit, sign, kind, key: first.slug.clone() }
}

/// How many of some huts fit, and how many have to be asked.
fn counts(some: &[usize], huts: &[&MapHut]) -> (usize, usize) {
    let count = |fit| some.iter().filter(|hut| huts[**hut].fit == fit).count();
    (count(Fit::Fits), count(Fit::Ask))
}

/// `12 huts, 7 with room, 2 to ask`
fn words(some: &[usize], Drawing { huts, t, .. }: &Drawing<'_>) -> String {
    let (fitting, to_ask) = counts(some, huts);
    let huts = t.count("huts", some.len()).to_string();
    if to_ask == 0 {
        return t.with("map-cluster", "huts", huts).and("fitting", fitting).to_string();
    }
    let words = t.with("map-cluster-ask", "huts", huts).and("fitting", fitting);
    words.and("ask", to_ask).to_string()
}

/// `7/12`: so many huts of all fit. Where that is too long for the mark, only those that fit.
fn cluster_sign(all: usize, fitting: usize, to_ask: usize) -> String {
    let known = if fitting == 0 && to_ask > 0 { "?".to_owned() } else { fitting.to_string() };
    let sign = format!("{known}/{all}");
    if sign.len() <= 5 { sign } else { known }
}

/// What a cluster leads to: its huts, on a map that is not much larger.
fn opened(mark: &Mark, frame: &Frame, huts: &[&MapHut]) -> Bounds {
    let places = mark.huts.iter().map(|hut| huts[*hut].place);
    let shown = frame.bounds();
    let Some(huts) = around(places) else { return shown };
    let least = scaled(&shown, 1.0 / MAX_OPENED);
    let widened = |from: f64, to: f64, least: f64| {
        let (middle, span) = (f64::midpoint(from, to), ((to - from) * AROUND_HUTS).max(least));
        (middle - span / 2.0, middle + span / 2.0)
    };
    let (west, east) = widened(huts.west, huts.east, least.east - least.west);
    let (south, north) = widened(huts.south, huts.north, least.north - least.south);
    Bounds { west, south, east, north }
}

/// The names of towns and lakes that have room.
fn names(frame: &Frame, labels: &mut Labels) -> Vec<Name> {
    let base = &*BASE;
    let point = |at: WorldPoint| Some(frame.of_world(at)).filter(|point| frame.shows(*point));
    let mut names = Vec::new();
    let mut add = |class, at, label: Option<Label>| {
        let (x, y) = percent(at, frame);
        names.extend(label.map(|label| Name { x, y, class, label }));
    };
    let has_name = |town: &&Town| {
        let from = TOWNS_FROM[usize::from(town.rank.clamp(1, 3)) - 1];
        frame.scale >= from
    };
    for town in base.towns.iter().filter(has_name) {
        let Some(at) = point(town.at) else { continue };
        add("town", at, labels.beside(&town.name, at, TOWN));
    }
    for lake in base.lakes.iter().filter(|lake| lake.width * frame.scale >= LAKE_FROM) {
        let Some(at) = point(lake.middle) else { continue };
        add("lake", at, labels.over(&lake.name, at));
    }
    names
}

/// The rectangle of a frame in the base map, which is drawn for the first frame.
fn ground(frame: &Frame, first: &Frame) -> String {
    let corner = first.of_world(frame.corner);
    let ratio = first.scale / frame.scale;
    let Size { width, height } = frame.size;
    format!(
        "{:.0} {:.0} {:.0} {:.0}",
        corner.x * 10.0,
        corner.y * 10.0,
        width * ratio * 10.0,
        height * ratio * 10.0
    )
}

fn percent(at: Point, frame: &Frame) -> (String, String) {
    let percent = |part: f64, whole: f64| format!("{:.2}%", part / whole * 100.0);
    (percent(at.x, frame.size.width), percent(at.y, frame.size.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_says_how_many_of_its_huts_fit() {
        for (all, fitting, to_ask, sign) in
            [(12, 7, 3, "7/12"), (12, 0, 3, "?/12"), (3, 0, 0, "0/3"), (547, 103, 9, "103")]
        {
            assert_eq!(cluster_sign(all, fitting, to_ask), sign);
        }
    }
}
