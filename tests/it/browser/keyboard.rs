//! The pages by keyboard alone. On one database: what can be reached does not depend on it.

use fantoccini::key::Key;
use serde::Deserialize;

use super::Visit;
use crate::support::browser::Person;
use crate::support::database::TestDatabase;

/// More than any page has before its table.
const MAX_STOPS: usize = 60;

/// Where the focus is.
#[derive(Debug, Deserialize)]
struct Focus {
    /// As in a selector.
    tag: String,
    text: String,
    place: String,
    is_seen: bool,
}

fn focus(visit: &Visit) -> Focus {
    let script = "const it = document.activeElement;
        const style = getComputedStyle(it);
        const box = it.getBoundingClientRect();
        const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        const region = it.closest('header, table, form, footer, svg');
        return {
            tag: it.localName,
            text: it.textContent.trim() || it.name || '',
            place: region ? region.localName : '',
            is_seen: ring && box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0
                && box.left < innerWidth && box.top < innerHeight,
        };";
    serde_json::from_value(visit.browser.script(script, &[])).unwrap()
}

/// Tabs until a link of the table has the focus, and tells of each stop on the way.
fn tab_to_the_table(visit: &Visit) -> Vec<Focus> {
    let mut stops = Vec::new();
    while stops.len() < MAX_STOPS {
        visit.browser.press(Key::Tab);
        let stop = focus(visit);
        assert!(stop.is_seen, "the focus is not seen: {stop:?} at {}", visit.place());
        let is_in_table = stop.place == "table";
        stops.push(stop);
        if is_in_table {
            return stops;
        }
    }
    panic!("no way to the table: {stops:#?}");
}

#[test]
fn tab_leads_from_the_skip_link_over_the_filter_into_the_table() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, Person::default()) else { return };
    for path in ["/availability", "/history", "/huts"] {
        visit.open(path);
        let stops = tab_to_the_table(&visit);
        assert!(stops[0].text.starts_with("Skip"), "{path}: {:?}", stops[0]);
        let passes = |tag: &str| stops.iter().any(|stop| stop.place == "form" && stop.tag == tag);
        assert!(passes("input") && passes("button"), "{path}: {stops:#?}");
    }
}

#[test]
fn the_skip_link_skips() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, Person::default()) else { return };
    visit.open("/availability");
    visit.browser.press(Key::Tab);
    visit.browser.press(Key::Enter);
    visit.browser.press(Key::Tab);
    let next = focus(&visit);
    assert!(next.place != "header" && next.is_seen, "{next:?}");
}

#[test]
fn a_filter_and_a_link_work_by_keyboard() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, Person::default()) else { return };
    visit.open("/availability");
    visit.browser.script("document.querySelector('form.filter [name=q]').focus()", &[]);
    "knorr".chars().for_each(|letter| visit.browser.press(letter));
    visit.browser.press(Key::Enter);
    visit.wait_for_place("q=knorr");
    let stops = tab_to_the_table(&visit);
    assert!(!stops.is_empty());
    while !focus(&visit).text.contains("Knorrhütte") {
        visit.browser.press(Key::Tab);
        assert_eq!(focus(&visit).place, "table");
    }
    visit.browser.press(Key::Enter);
    visit.wait_for_place("/huts/knorrhuette");
    assert_eq!(visit.browser.text("h1"), "Knorrhütte");
}
