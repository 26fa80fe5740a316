//! The pages can be used with the keyboard alone. On one database only, because the database makes no
//! difference here.

use fantoccini::key::Key;
use serde::Deserialize;

use super::Visit;
use crate::support::browser::BrowserSettings;
use crate::support::database::TestDatabase;

/// The maximum number of Tab presses. No page has that many elements to focus before its table.
const MAX_STOPS: usize = 60;

/// The element that has the focus.
#[derive(Debug, Deserialize)]
struct Focus {
    /// The name of the element, as in a selector.
    tag: String,
    text: String,
    region: String,
    is_visible: bool,
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
            region: region ? region.localName : '',
            is_visible: ring && box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0
                && box.left < innerWidth && box.top < innerHeight,
        };";
    serde_json::from_value(visit.browser.script(script, &[])).unwrap()
}

/// Presses Tab until a link of the table has the focus. Returns every stop on the way.
fn tab_to_the_table(visit: &Visit) -> Vec<Focus> {
    let mut stops = Vec::new();
    while stops.len() < MAX_STOPS {
        visit.browser.press(Key::Tab);
        let stop = focus(visit);
        assert!(
            stop.is_visible,
            "the focus is not visible: {stop:?} at {}",
            visit.path_and_query()
        );
        let is_in_table = stop.region == "table";
        stops.push(stop);
        if is_in_table {
            return stops;
        }
    }
    panic!("Tab does not reach the table: {stops:#?}");
}

#[test]
fn tab_goes_from_the_skip_link_through_the_filter_to_the_table() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, BrowserSettings::default()) else { return };
    for path in ["/availability", "/huts"] {
        visit.open(path);
        let stops = tab_to_the_table(&visit);
        assert!(stops[0].text.starts_with("Skip"), "{path}: {:?}", stops[0]);
        let passes = |tag: &str| stops.iter().any(|stop| stop.region == "form" && stop.tag == tag);
        assert!(passes("input") && passes("button"), "{path}: {stops:#?}");
    }
}

#[test]
fn the_skip_link_skips_the_header() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, BrowserSettings::default()) else { return };
    visit.open("/availability");
    visit.browser.press(Key::Tab);
    visit.browser.press(Key::Enter);
    visit.browser.press(Key::Tab);
    let next = focus(&visit);
    assert!(next.region != "header" && next.is_visible, "{next:?}");
}

#[test]
fn a_filter_and_a_link_work_by_keyboard() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, BrowserSettings::default()) else { return };
    visit.open("/availability");
    visit.browser.script("document.querySelector('form.filter [name=q]').focus()", &[]);
    "knorr".chars().for_each(|letter| visit.browser.press(letter));
    visit.browser.press(Key::Enter);
    visit.wait_for_url("q=knorr");
    let stops = tab_to_the_table(&visit);
    assert!(!stops.is_empty());
    while !focus(&visit).text.contains("Knorrhütte") {
        visit.browser.press(Key::Tab);
        assert_eq!(focus(&visit).region, "table");
    }
    visit.browser.press(Key::Enter);
    visit.wait_for_url("/huts/knorrhuette");
    assert_eq!(visit.browser.text("h1"), "Knorrhütte");
}
