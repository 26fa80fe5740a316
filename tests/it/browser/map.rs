//! The map: choosing its date by slider, field and links, with and without scripts.

use fantoccini::key::Key;
use serde_json::json;

use super::Visit;
use crate::on_both_databases;
use crate::support::browser::{BrowserSettings, Scripts};
use crate::support::say;

const SLIDER: &str = "form.slider input[type=range]";
const SHOW_NIGHT: &str = "form.slider button";
const DATE: &str = "main input[type=date]";
const SHOW: &str = "main form:not(.slider) button";

/// The number of huts on the map, as it says to screen readers, and in the table beside it.
fn hut_counts(visit: &Visit) -> (usize, usize) {
    let said = visit.browser.script("return document.querySelector('.map-said').textContent", &[]);
    let on_map = said.as_str().unwrap().split(' ').next().unwrap().parse().unwrap();
    (on_map, visit.browser.count("main table tbody tr"))
}

on_both_databases! {
    fn the_map_opens_on_the_weekend_and_follows_the_slider_and_the_date(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/map");
        // 15 July 2026 is a Wednesday.
        assert_eq!(visit.browser.value(DATE), "2026-07-18");
        assert!(visit.browser.text("h1").contains("18 July 2026"));
        assert_eq!(hut_counts(&visit), (32, 32));
        visit.browser.check_page("map");

        let paint = "return performance.getEntriesByName('first-contentful-paint')[0].startTime";
        let paint = visit.browser.script(paint, &[]);
        let sent = "return performance.getEntriesByType('navigation')[0].encodedBodySize";
        let sent = visit.browser.script(sent, &[]);
        say(&format!("first contentful paint of the map: {paint} ms, {sent} bytes of HTML"));

        // The keys move the slider, and its text names the day.
        visit.browser.script("document.querySelector(arguments[0]).focus()", &[SLIDER.into()]);
        visit.browser.press(Key::Right);
        let names = |day: &str| visit.browser.text("form.slider output") == day;
        visit.browser.wait_until("the next day", || names("2026-07-19"));
        visit.browser.click(SHOW_NIGHT);
        visit.wait_for_url("day=4");
        assert!(visit.browser.text("h1").contains("19 July 2026"));
        assert_eq!(visit.browser.value(DATE), "2026-07-19");

        // The map follows a slider when the pointer releases it.
        let release = "const slider = document.querySelector(arguments[0]);
            slider.value = arguments[1];
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            slider.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));";
        visit.browser.script(release, &[SLIDER.into(), json!(17)]);
        visit.wait_for_url("day=17");
        assert!(visit.browser.text("h1").contains("1 August 2026"));
        visit.browser.check_page("map-august");
    }

    fn the_map_changes_its_date_without_scripts(database) {
        let settings = BrowserSettings { scripts: Scripts::Off, ..BrowserSettings::default() };
        let Some(visit) = Visit::start(database, settings) else { return };
        visit.open("/map");
        visit.browser.check_page("map-without-scripts");
        // This is what the browser's own date picker does.
        let pick = "document.querySelector(arguments[0]).value = arguments[1]";
        visit.browser.script(pick, &[DATE.into(), "2026-08-01".into()]);
        visit.browser.click(SHOW);
        visit.wait_for_url("date=2026-08-01");
        assert!(visit.browser.text("h1").contains("1 August 2026"));
        assert_eq!(visit.browser.value(SLIDER), "17");

        visit.browser.script(pick, &[SLIDER.into(), "1".into()]);
        visit.browser.click(SHOW_NIGHT);
        visit.wait_for_url("day=1");
        assert!(visit.browser.text("h1").contains("16 July 2026"));
    }
}
