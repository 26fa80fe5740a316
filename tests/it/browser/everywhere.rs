//! Checks that every page must pass in every window size and colour scheme. They run on one database only,
//! because the pages look the same on both.

use super::Visit;
use crate::support::browser::{BrowserSettings, Colours, Window};
use crate::support::database::TestDatabase;
use crate::support::random::is_full;
use crate::support::stored_watches;

/// A page of each kind, and of each kind of error.
const PAGES: [(&str, &str); 16] = [
    ("map", "/"),
    ("map-elsewhere", "/?date=2026-08-01"),
    ("availability", "/availability"),
    ("huts", "/huts"),
    ("hut", "/huts/watzmannhaus"),
    ("hut-chart", "/huts/watzmannhaus?night=2026-07-18"),
    ("night", "/huts/watzmannhaus/2026-07-18"),
    ("history", "/history"),
    ("checks", "/checks"),
    ("stays", "/stays?nights=2&places=4&near=watzmannhaus&km=60"),
    ("stays-one-night", "/stays?weekday=fri,sat"),
    ("tours", "/tours?stage=watzmannhaus,knorrhuette&stage=stuedlhuette:2"),
    ("tours-empty", "/tours?stage=watzmannhaus&places=900"),
    ("watches", "/watches"),
    ("no-hut", "/huts/watzmanhaus"),
    ("bad-parameter", "/availability?days=2"),
];

/// The most screens that a page is high.
const MAX_SCREENS: f64 = 12.0;

/// Lists of 50 rows, which are cards on a phone.
const LONG_PAGES: [&str; 2] = ["availability", "history"];

fn every_page_passes_for(settings: BrowserSettings) {
    // Without HUT_FAULTS=full, two of the four settings are enough to see each window and each colour once.
    let is_one_of_few = (settings.window == Window::Phone) == (settings.colours == Colours::Dark);
    if !is_full() && !is_one_of_few {
        return;
    }
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, settings) else { return };
    stored_watches::add_some(&mut database.open());
    let mut problems = Vec::new();
    for (name, path) in PAGES {
        visit.open(path);
        visit.browser.screenshot(name);
        problems.extend(visit.browser.problems().iter().map(|it| format!("{path}: {it}")));
        let (headings, language) =
            (visit.browser.texts("h1"), visit.browser.attribute("html", "lang"));
        assert_eq!((headings.len(), language.as_deref()), (1, Some("en")), "{path}");
        let screens = visit.browser.script(
            "return document.documentElement.scrollHeight / document.documentElement.clientHeight",
            &[],
        );
        let screens = screens.as_f64().unwrap();
        if screens > MAX_SCREENS && !LONG_PAGES.contains(&name) {
            problems.push(format!("{path}: it is {screens:.1} screens high"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn every_page_passes_on_a_desktop() {
    every_page_passes_for(BrowserSettings::default());
}

#[test]
fn every_page_passes_in_dark_colours() {
    every_page_passes_for(BrowserSettings { colours: Colours::Dark, ..BrowserSettings::default() });
}

#[test]
fn every_page_passes_on_a_phone() {
    every_page_passes_for(BrowserSettings { window: Window::Phone, ..BrowserSettings::default() });
}

#[test]
fn every_page_passes_on_a_phone_in_dark_colours() {
    every_page_passes_for(BrowserSettings {
        window: Window::Phone,
        colours: Colours::Dark,
        ..BrowserSettings::default()
    });
}
