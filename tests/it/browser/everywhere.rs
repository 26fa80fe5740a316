//! What holds on every page, whatever the window and the colours. On one database: what is seen does
//! not depend on it.

use super::Visit;
use crate::support::browser::{Colours, Person, Window};
use crate::support::chance::is_full;
use crate::support::database::TestDatabase;

/// Each kind of page, and those of errors.
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

fn every_page_passes_for(person: Person) {
    // In few runs each window and each colour is seen once.
    let is_one_of_few = (person.window == Window::Phone) == (person.colours == Colours::Dark);
    if !is_full() && !is_one_of_few {
        return;
    }
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, person) else { return };
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
    every_page_passes_for(Person::default());
}

#[test]
fn every_page_passes_in_the_dark() {
    every_page_passes_for(Person { colours: Colours::Dark, ..Person::default() });
}

#[test]
fn every_page_passes_on_a_phone() {
    every_page_passes_for(Person { window: Window::Phone, ..Person::default() });
}

#[test]
fn every_page_passes_on_a_phone_in_the_dark() {
    every_page_passes_for(Person {
        window: Window::Phone,
        colours: Colours::Dark,
        ..Person::default()
    });
}
