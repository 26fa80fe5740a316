//! The map: its date by slider, field and links, with scripts and without.

use fantoccini::key::Key;
use serde_json::json;

use super::Visit;
use crate::on_both_databases;
use crate::support::browser::{Person, Scripts};
use crate::support::say;

const SLIDER: &str = "form.slider input[type=range]";
const SHOW_NIGHT: &str = "form.slider button";
const DATE: &str = "main input[type=date]";
const SHOW: &str = "main form:not(.slider) button";

/// How many huts the map shows, and the table beside it.
fn shown(visit: &Visit) -> (usize, usize) {
    (visit.browser.count("svg.map a"), visit.browser.count("main table tbody tr"))
}

on_both_databases! {
    fn the_map_begins_with_the_weekend_and_moves(database) {
        let Some(visit) = Visit::start(database, Person::default()) else { return };
        visit.open("/");
        // 15 July 2026 is a Wednesday.
        assert_eq!(visit.browser.value(DATE), "2026-07-18");
        assert!(visit.browser.text("h1").contains("18 July 2026"));
        assert_eq!(shown(&visit), (24, 24));
        visit.browser.check_page("map");

        let paint = "return performance.getEntriesByName('first-contentful-paint')[0].startTime";
        let paint = visit.browser.script(paint, &[]);
        let sent = "return performance.getEntriesByType('navigation')[0].encodedBodySize";
        let sent = visit.browser.script(sent, &[]);
        say(&format!("first contentful paint of the map: {paint} ms, {sent} bytes of HTML"));

        // Keys move the slider, which says where it is.
        visit.browser.script("document.querySelector(arguments[0]).focus()", &[SLIDER.into()]);
        visit.browser.press(Key::Right);
        let says = |day: &str| visit.browser.text("form.slider output") == day;
        visit.browser.wait_until("the next day", || says("2026-07-19"));
        visit.browser.click(SHOW_NIGHT);
        visit.wait_for_place("day=4");
        assert!(visit.browser.text("h1").contains("19 July 2026"));
        assert_eq!(visit.browser.value(DATE), "2026-07-19");

        // A slider that is let go shows its day.
        let let_go = "const slider = document.querySelector(arguments[0]);
            slider.value = arguments[1];
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            slider.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));";
        visit.browser.script(let_go, &[SLIDER.into(), json!(17)]);
        visit.wait_for_place("day=17");
        assert!(visit.browser.text("h1").contains("1 August 2026"));
        visit.browser.check_page("map-august");
    }

    fn the_map_moves_without_scripts(database) {
        let person = Person { scripts: Scripts::Off, ..Person::default() };
        let Some(visit) = Visit::start(database, person) else { return };
        visit.open("/");
        visit.browser.check_page("map-without-scripts");
        // As the browser's own picker does it.
        let pick = "document.querySelector(arguments[0]).value = arguments[1]";
        visit.browser.script(pick, &[DATE.into(), "2026-08-01".into()]);
        visit.browser.click(SHOW);
        visit.wait_for_place("date=2026-08-01");
        assert!(visit.browser.text("h1").contains("1 August 2026"));
        assert_eq!(visit.browser.value(SLIDER), "17");

        visit.browser.script(pick, &[SLIDER.into(), "1".into()]);
        visit.browser.click(SHOW_NIGHT);
        visit.wait_for_place("day=1");
        assert!(visit.browser.text("h1").contains("16 July 2026"));
    }
}
