//! The map moves by wheel, mouse, fingers, keys and links, and its marks open cards.

use fantoccini::key::Key;
use serde::Deserialize;

use super::Visit;
use crate::on_both_databases;
use crate::support::browser::{BrowserSettings, Colours, Scripts, Window};
use crate::support::database::TestDatabase;

const CANVAS: &str = ".map-canvas";

/// What the map shows.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
struct Area {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Area {
    fn width(self) -> f64 {
        self.east - self.west
    }
}

fn area(visit: &Visit) -> Area {
    let script = "const views = [...document.querySelectorAll('.map-view')];
        const view = views.find((it) => it.getClientRects().length > 0);
        const [west, south, east, north] = view.dataset.bounds.split(',').map(Number);
        return { west, south, east, north };";
    serde_json::from_value(visit.browser.script(script, &[])).unwrap()
}

/// Waits until the map shows another area, and returns it.
fn next_area(visit: &Visit, before: Area) -> Area {
    let is_there = || {
        let busy = visit.browser.count("[data-map][aria-busy]");
        area(visit) != before && busy == 0 && visit.browser.count(".map-view.exact") == 1
    };
    visit.browser.wait_until("another area", is_there);
    area(visit)
}

fn focus_canvas(visit: &Visit) {
    visit.browser.script("document.querySelector(arguments[0]).focus()", &[CANVAS.into()]);
}

/// The marks of the visible view, as the boxes of their shapes, and whether any two of them overlap.
fn overlapping_marks(visit: &Visit) -> (usize, usize) {
    let script = "const boxes = [...document.querySelectorAll('.map-view .spot')]
            .filter((it) => it.getClientRects().length > 0)
            .map((it) => it.querySelector('.shape:not(.behind)').getBoundingClientRect());
        let overlaps = 0;
        boxes.forEach((a, at) => boxes.slice(0, at).forEach((b) => {
            if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) overlaps += 1;
        }));
        return [boxes.length, overlaps];";
    serde_json::from_value(visit.browser.script(script, &[])).unwrap()
}

on_both_databases! {
    fn the_map_moves_by_wheel_mouse_and_keys_and_its_address_can_be_shared(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/?from=2026-07-18");
        let whole = area(&visit);
        visit.browser.wheel(CANVAS, -700);
        let closer = next_area(&visit, whole);
        assert!(closer.width() < whole.width() * 0.6, "{closer:?} in {whole:?}");
        visit.browser.drag(CANVAS, (150.0, 0.0));
        let west = next_area(&visit, closer);
        assert!(west.west < closer.west && (west.width() / closer.width() - 1.0).abs() < 0.01, "{west:?} after {closer:?}");
        focus_canvas(&visit);
        visit.browser.press('-');
        let wider = next_area(&visit, west);
        assert!((wider.width() / west.width() - 2.0).abs() < 0.01);
        visit.browser.press('+');
        let again = next_area(&visit, wider);
        assert!((again.width() / west.width() - 1.0).abs() < 0.01);
        visit.browser.press(Key::Right);
        let east = next_area(&visit, again);
        assert!(east.west > again.west);
        visit.browser.press(Key::Down);
        let south = next_area(&visit, east);
        assert!(south.south < east.south);
        assert_eq!(overlapping_marks(&visit).1, 0);
        // The address of the moved map shows the same area to anyone.
        let address = visit.path_and_query();
        assert!(address.contains("bbox=") && address.contains("from=2026-07-18") && !address.contains("view="), "{address}");
        visit.open(&address);
        let shared = area(&visit);
        assert!((shared.west - south.west).abs() < 0.01 && (shared.south - south.south).abs() < 0.01, "{shared:?} and {south:?}");
        // All huts again.
        visit.browser.click("[data-tool=all]");
        let all = next_area(&visit, shared);
        assert!((all.width() / whole.width() - 1.0).abs() < 0.01, "{all:?} and {whole:?}");
        assert!(!visit.path_and_query().contains("bbox="));
        visit.browser.check_page("map-moved");
    }
}

#[test]
fn fingers_move_and_enlarge_the_map() {
    let database = TestDatabase::sqlite();
    let phone = BrowserSettings { window: Window::Phone, ..BrowserSettings::default() };
    let Some(visit) = Visit::start(&database, phone) else { return };
    visit.open("/");
    assert_eq!(overlapping_marks(&visit).1, 0);
    let whole = area(&visit);
    visit.browser.spread(CANVAS, 60.0);
    let closer = next_area(&visit, whole);
    assert!(closer.width() < whole.width() * 0.6, "{closer:?} in {whole:?}");
    visit.browser.swipe(CANVAS, (-100.0, 0.0));
    let east = next_area(&visit, closer);
    assert!(
        east.west > closer.west && (east.width() / closer.width() - 1.0).abs() < 0.02,
        "{east:?} after {closer:?}"
    );
    let touch = "return [...document.querySelectorAll('.map-view .hit')]
        .filter((it) => it.getClientRects().length > 0)
        .map((it) => [it.getBoundingClientRect().width, it.getBoundingClientRect().height])
        .filter(([width, height]) => width < 43.5 || height < 33.5)";
    assert_eq!(visit.browser.script(touch, &[]), serde_json::json!([]));
    visit.browser.check_page("map-by-fingers");
}

#[test]
fn the_map_moves_by_links_without_scripts() {
    let database = TestDatabase::sqlite();
    let settings = BrowserSettings { scripts: Scripts::Off, ..BrowserSettings::default() };
    let Some(visit) = Visit::start(&database, settings) else { return };
    visit.open("/?from=2026-07-18");
    let whole = area(&visit);
    visit.browser.click("[data-tool=in]");
    visit.wait_for_url("bbox=");
    let closer = area(&visit);
    assert!((closer.width() / whole.width() - 0.5).abs() < 0.02, "{closer:?} in {whole:?}");
    visit.browser.click("[data-tool=east]");
    visit.browser.wait_until("the next area", || area(&visit) != closer);
    assert!(area(&visit).west > closer.west);
    visit.browser.click("[data-tool=all]");
    visit.browser.wait_until("the whole area", || !visit.path_and_query().contains("bbox="));
    // A cluster leads to its huts, and the mark of a hut to the page of its night.
    while visit.browser.count(".wide [data-hut]") == 0 {
        let before = area(&visit);
        visit.browser.click(".wide [data-cluster] .shape:not(.behind)");
        visit.browser.wait_until("the huts of a cluster", || area(&visit) != before);
    }
    visit.browser.check_page("map-without-scripts-closer");
    visit.browser.click(".wide [data-hut] .shape");
    visit.wait_for_url("/huts/");
    assert!(visit.path_and_query().ends_with("/2026-07-18"));
}

/// Opens clusters until the map has a mark of a single hut that can be booked.
fn open_clusters(visit: &Visit) {
    while visit.browser.count(".map-view.exact [data-hut].fits") == 0 {
        let before = area(visit);
        let focus = "const all = [...document.querySelectorAll('.spot.cluster.fits[href]')];
            all.find((it) => it.getClientRects().length > 0).focus()";
        visit.browser.script(focus, &[]);
        visit.browser.press(Key::Enter);
        next_area(visit, before);
    }
}

#[test]
fn clusters_open_and_a_mark_opens_a_card_by_keyboard() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, BrowserSettings::default()) else { return };
    visit.open("/?from=2026-07-18");
    open_clusters(&visit);
    assert_eq!(overlapping_marks(&visit).1, 0);
    let slug = "const mark = document.querySelector('.map-view.exact [data-hut].fits');
        mark.focus();
        return mark.dataset.hut";
    let slug = visit.browser.script(slug, &[]).as_str().unwrap().to_owned();
    visit.browser.press(Key::Enter);
    visit.browser.wait_until("a card", || visit.browser.count(".map-card") == 1);
    assert_eq!(visit.browser.count(".map-card .card-nights li"), 7);
    assert!(visit.browser.attribute(".map-card .book", "href").unwrap().starts_with("http"));
    let hut = visit.browser.attribute(".map-card .card-links a:not(.book)", "href").unwrap();
    assert_eq!(hut, format!("/huts/{slug}"));
    visit.browser.check_page("map-card");
    visit.browser.press(Key::Escape);
    visit.browser.wait_until("no card", || visit.browser.count(".map-card") == 0);
    let focused = visit.browser.script("return document.activeElement.dataset.hut", &[]);
    assert_eq!(focused, slug, "the focus is on the mark again");
    // The focus survives the next map, and a screen reader is told what it shows.
    let before = area(&visit);
    visit.browser.press('+');
    next_area(&visit, before);
    let focused = "const it = document.activeElement; return it.dataset.hut ?? it.className";
    let focused = visit.browser.script(focused, &[]);
    assert!(focused == slug.as_str() || focused == "map-canvas", "{focused}");
    assert!(
        visit
            .browser
            .script("return document.querySelector('[data-map-status]').textContent", &[])
            .as_str()
            .unwrap()
            .contains("with room")
    );
}

#[test]
fn a_tap_opens_a_card_in_dark_colours() {
    let database = TestDatabase::sqlite();
    let phone = BrowserSettings {
        window: Window::Phone,
        colours: Colours::Dark,
        ..BrowserSettings::default()
    };
    let Some(visit) = Visit::start(&database, phone) else { return };
    visit.open("/?from=2026-07-18");
    open_clusters(&visit);
    visit.browser.tap(".map-view.exact [data-hut].fits .shape");
    visit.browser.wait_until("a card", || visit.browser.count(".map-card .book") == 1);
    visit.browser.check_page("map-card-on-a-phone");
    visit.browser.click(".map-close");
    visit.browser.wait_until("no card", || visit.browser.count(".map-card") == 0);
}
