//! Checks that every page must pass in every window size and colour scheme. They run on one database only,
//! because the pages look the same on both.

use super::Visit;
use crate::support::browser::{BrowserSettings, Colours, Window};
use crate::support::database::TestDatabase;
use crate::support::random::is_full;

/// A page of each kind, and of each kind of error.
const PAGES: [(&str, &str); 11] = [
    ("map", "/"),
    ("map-elsewhere", "/?date=2026-08-01"),
    ("availability", "/availability"),
    ("huts", "/huts"),
    ("hut", "/huts/watzmannhaus"),
    ("hut-chart", "/huts/watzmannhaus?night=2026-07-18"),
    ("night", "/huts/watzmannhaus/2026-07-18"),
    ("history", "/history"),
    ("checks", "/checks"),
    ("no-hut", "/huts/watzmanhaus"),
    ("bad-parameter", "/availability?days=2"),
];

fn every_page_passes_for(settings: BrowserSettings) {
    // Without HUT_FAULTS=full, two of the four settings are enough to see each window and each colour once.
    let is_one_of_few = (settings.window == Window::Phone) == (settings.colours == Colours::Dark);
    if !is_full() && !is_one_of_few {
        return;
    }
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, settings) else { return };
    let mut problems = Vec::new();
    for (name, path) in PAGES {
        visit.open(path);
        visit.browser.screenshot(name);
        problems.extend(visit.browser.problems().iter().map(|it| format!("{path}: {it}")));
        let (headings, language) =
            (visit.browser.texts("h1"), visit.browser.attribute("html", "lang"));
        assert_eq!((headings.len(), language.as_deref()), (1, Some("en")), "{path}");
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
