//! Checks that every page must pass in every window size and colour scheme. They run on one database only,
//! because the pages look the same on both.

use hut_availability::text::language::Language;

use super::Visit;
use crate::support::browser::{BrowserSettings, Colours, Rules, Scope, Window};
use crate::support::database::{TestDatabase, violations};
use crate::support::random::is_full;
use crate::support::stored_watches;

/// A page of each kind, and of each kind of error. A variant without styles of its own has the name of its page, a
/// hyphen and another word.
const PAGES: [(&str, &str); 22] = [
    ("start", "/"),
    ("start-near", "/?from=2026-08-01&nights=2&places=4&where=watzmannhaus&km=60"),
    ("start-weekends", "/?from=2026-07-15&nights=2&weekday=fri&all=1"),
    ("start-nothing", "/?from=2026-07-18&places=900"),
    ("refused", "/?from=2026-07-18&where=atlantis"),
    ("map", "/map"),
    ("map-closer", "/map?bbox=10.5,46.7,12.5,47.6"),
    ("availability", "/availability"),
    ("huts", "/huts"),
    ("hut", "/huts/watzmannhaus"),
    ("hut-chart", "/huts/watzmannhaus?night=2026-07-18"),
    ("night", "/huts/watzmannhaus/2026-07-18"),
    ("changes", "/history"),
    ("changes-freed", "/history?freed=1"),
    ("checks", "/checks"),
    ("stays", "/stays?nights=2&places=4&near=watzmannhaus&km=60"),
    ("stays-one-night", "/stays?weekday=fri,sat"),
    ("tours", "/tours?stage=watzmannhaus,knorrhuette&stage=stuedlhuette:2"),
    ("tours-empty", "/tours?stage=watzmannhaus&places=900"),
    ("watches", "/watches"),
    ("missing", "/huts/watzmanhaus"),
    ("bad", "/availability?days=2"),
];

/// The most screens that a page is high.
const MAX_SCREENS: f64 = 12.0;

fn every_page_passes_for(settings: BrowserSettings) {
    // Without HUT_FAULTS=full, two of the four settings are enough to see each window and each colour once.
    let is_one_of_few = (settings.window == Window::Phone) == (settings.colours == Colours::Dark);
    if !is_full() && !is_one_of_few {
        return;
    }
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, settings) else { return };
    add_watches(&database);
    let mut problems = Vec::new();
    for (name, path) in PAGES {
        visit.open(path);
        visit.browser.screenshot(name);
        // On a phone, the colours of each kind of page are enough. A variant has those of its page.
        let rules = match settings.window {
            Window::Desktop => Rules::All,
            Window::Phone if name.contains('-') => Rules::None,
            Window::Phone => Rules::Contrast,
        };
        let found = visit.browser.problems(rules, Scope::FirstRows);
        problems.extend(found.iter().map(|it| format!("{path}: {it}")));
        assert_language(&visit, "en", path);
        let screens = visit.browser.script(
            "return document.documentElement.scrollHeight / document.documentElement.clientHeight",
            &[],
        );
        let screens = screens.as_f64().unwrap();
        if screens > MAX_SCREENS {
            problems.push(format!("{path}: it is {screens:.1} screens high"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

fn add_watches(database: &TestDatabase) {
    let mut db = database.open();
    stored_watches::add_some(&mut db);
    assert_eq!(violations(&mut db), []);
}

fn assert_language(visit: &Visit, expected: &str, path: &str) {
    let (headings, language) = (visit.browser.texts("h1"), visit.browser.attribute("html", "lang"));
    assert_eq!((headings.len(), language.as_deref()), (1, Some(expected)), "{path}");
}

/// The names of weekdays and the texts of buttons have other lengths. German has the longest words, so that it is
/// enough without `HUT_FAULTS=full`.
#[test]
fn every_page_passes_in_each_language() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, BrowserSettings::default()) else { return };
    add_watches(&database);
    let mut problems = Vec::new();
    let all = Language::ALL.into_iter().filter(|language| *language != Language::English);
    for language in all.filter(|language| is_full() || *language == Language::German) {
        visit.open(&format!("/language/{language}"));
        for (name, path) in PAGES {
            visit.open(path);
            visit.browser.screenshot(&format!("{name}-{language}"));
            let found = visit.browser.problems(Rules::None, Scope::Page);
            problems.extend(found.iter().map(|it| format!("{language} {path}: {it}")));
            assert_language(&visit, language.code(), path);
        }
    }
    visit.open("/language/en");
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
