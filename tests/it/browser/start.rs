//! The question of the start page, as a person asks it.

use fantoccini::key::Key;

use super::Visit;
use crate::on_both_databases;
use crate::support::browser::{BrowserSettings, Scripts, Window};
use crate::support::database::{TestDatabase, number};
use crate::support::say;

const FIND: &str = "form.question > button";
const HEADLINE: &str = "#answer .headline";
const ROWS: &str = "#answer table.nights tbody tr";

/// The huts with room for a group on a night.
fn huts_with_room(database: &TestDatabase, date: &str, places: u32) -> i64 {
    let query = format!(
        "SELECT count(*) AS number FROM hut_availability
         WHERE availability_date = '{date}' AND free >= {places} AND reservation_status = 'possible'"
    );
    number(&mut database.open(), &query)
}

fn fill(visit: &Visit, name: &str, value: &str) {
    // This is what the browser's own date picker does, too.
    let fill = "const field = document.querySelector(`form.question [name=${arguments[0]}]`);
        field.value = arguments[1];
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    visit.browser.script(fill, &[name.into(), value.into()]);
}

on_both_databases! {
    fn four_people_look_for_a_bed_on_a_saturday(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/");
        let one = huts_with_room(database, "2026-07-18", 1);
        let headline = visit.browser.text(HEADLINE);
        assert!(headline.starts_with(&format!("{one} huts have room for 1 person")), "{headline}");
        visit.browser.check_page("start");
        let paint = "return performance.getEntriesByName('first-contentful-paint')[0].startTime";
        let paint = visit.browser.script(paint, &[]);
        let sent = "return performance.getEntriesByType('navigation')[0].encodedBodySize";
        let sent = visit.browser.script(sent, &[]);
        say(&format!("first contentful paint of the start page: {paint} ms, {sent} bytes of HTML"));

        // The form sends itself: the answer is replaced, the field keeps the focus, and the address follows.
        visit.browser.script("window.sameDocument = true", &[]);
        visit.browser.fill("form.question [name=places]", "4");
        visit.browser.press(Key::Tab);
        visit.wait_for_url("places=4");
        let four = huts_with_room(database, "2026-07-18", 4);
        let expected = format!("{four} huts have room for 4 people on Saturday 18 July");
        visit.browser.wait_until("the answer", || visit.browser.text(HEADLINE) == expected);
        assert_eq!(visit.browser.script("return window.sameDocument", &[]), true);
        assert!(!visit.path_and_query().contains("where="), "{}", visit.path_and_query());

        // Another person opens the address.
        let address = visit.path_and_query();
        visit.open("/huts");
        visit.open(&address);
        assert_eq!(visit.browser.text(HEADLINE), expected);
        assert_eq!(visit.browser.value("form.question [name=places]"), "4");
        let stays = visit.browser.count(&format!("{ROWS} a.stay"));
        assert_eq!(stays, usize::try_from(four).unwrap().min(50));

        // Back shows the question before.
        visit.browser.script("history.back()", &[]);
        visit.wait_for_url("/huts");
    }

    fn two_nights_around_a_hut_with_the_nearest_first(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/");
        visit.browser.fill("form.question [name=nights]", "2");
        visit.browser.fill("form.question [name=where]", "Watzmannhaus");
        visit.browser.fill("form.question [name=km]", "60");
        visit.browser.click(FIND);
        visit.wait_for_url("km=60");
        visit.browser.wait_until("the answer", || visit.browser.text(HEADLINE).contains("2 nights"));
        let distances: Vec<f64> = visit
            .browser
            .texts(&format!("{ROWS} th small"))
            .iter()
            .map(|text| text.split(' ').next().unwrap().parse().unwrap())
            .collect();
        assert!(!distances.is_empty() && distances.is_sorted(), "{distances:?}");
        visit.browser.check_page("start-near");

        // What cannot be read is said, beside the field, and the field keeps it.
        fill(&visit, "where", "Atlantis");
        visit.wait_for_url("Atlantis");
        visit.browser.wait_until("a problem", || visit.browser.count(".problem[role=alert]") == 1);
        assert_eq!(visit.browser.value("form.question [name=where]"), "Atlantis");
        let invalid = visit.browser.attribute("form.question [name=where]", "aria-invalid");
        assert_eq!(invalid.as_deref(), Some("true"));
    }

    fn the_question_works_without_scripts(database) {
        let settings = BrowserSettings { scripts: Scripts::Off, ..BrowserSettings::default() };
        let Some(visit) = Visit::start(database, settings) else { return };
        visit.open("/");
        visit.browser.fill("form.question [name=places]", "4");
        visit.browser.click(FIND);
        visit.wait_for_url("places=4");
        let four = huts_with_room(database, "2026-07-18", 4);
        assert!(visit.browser.text(HEADLINE).starts_with(&format!("{four} huts")));
        assert_eq!(visit.path_and_query(), "/?from=2026-07-18&nights=1&places=4");
        visit.browser.click_link("Week after »");
        visit.wait_for_url("from=2026-07-25");
        assert!(visit.browser.text(HEADLINE).ends_with("for 4 people on Saturday 25 July"));
    }

    fn the_language_of_the_pages_can_be_chosen_and_stays(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/?places=4");
        visit.browser.click("footer [lang=de]");
        visit.browser.wait_until("German", || visit.browser.attribute("html", "lang").as_deref() == Some("de"));
        assert_eq!(visit.path_and_query(), "/?places=4", "the address stays the same");
        assert!(visit.browser.text(HEADLINE).contains("Platz für 4 Personen am Samstag, 18. Juli"));
        visit.open("/huts/watzmannhaus/2026-07-18");
        assert_eq!(visit.browser.attribute("html", "lang").as_deref(), Some("de"));
        assert!(visit.browser.text("h1").contains("Samstag, 18. Juli 2026"));
        visit.browser.click("footer [lang=en]");
        visit.browser.wait_until("English", || visit.browser.attribute("html", "lang").as_deref() == Some("en"));
    }
}

/// On one database only, because the layout does not depend on it.
#[test]
fn a_phone_shows_a_card_for_each_hut() {
    let database = TestDatabase::sqlite();
    let settings = BrowserSettings { window: Window::Phone, ..BrowserSettings::default() };
    let Some(visit) = Visit::start(&database, settings) else { return };
    visit.open("/?places=2");
    let is_card = "const row = document.querySelector(arguments[0]);
        const [name, night] = [row.querySelector('th'), row.querySelector('td')];
        return name.getBoundingClientRect().bottom <= night.getBoundingClientRect().top + 1;";
    assert_eq!(visit.browser.script(is_card, &[ROWS.into()]), true);
    visit.browser.check_page("start-phone");
}

#[test]
fn a_printed_list_is_one_sheet() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, BrowserSettings::default()) else { return };
    for path in ["/?all=1", "/availability", "/huts", "/stays"] {
        visit.open(path);
        assert_eq!(visit.browser.sheets(), 1, "{path}");
    }
}
