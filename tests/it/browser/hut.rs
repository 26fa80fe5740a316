//! The page of a hut: the questions of a hiker, and how it looks with the data of some years.

use diesel::connection::SimpleConnection;
use serde_json::json;

use super::Visit;
use crate::on_both_databases;
use crate::support::browser::{BrowserSettings, Colours, Window, sheets};
use crate::support::database::TestDatabase;

/// The most screens of a phone that a page is high.
const MAX_SCREENS: f64 = 12.0;

/// Gives a hut the history of earlier years, so that there are similar nights. Each of them changed once a week: the
/// later the year, the earlier the places went.
fn store_earlier_years(database: &TestDatabase, slug: &str) {
    database.allow_violations("histories of nights that no check has found");
    let is_sqlite = database.is_sqlite();
    let (night, from, until, number) = if is_sqlite {
        (
            "date('2026-07-18', '-' || ((year * 52 + week) * 7) || ' days')",
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', night, '-' || ((ago + 1) * 7) || ' days')",
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', night, '-' || (ago * 7) || ' days')",
            "max(0, min(40, (ago - 1 - year - week) * 8))",
        )
    } else {
        (
            "date '2026-07-18' - (year * 52 + week) * 7",
            "(night - (ago + 1) * 7)::timestamp AT TIME ZONE 'UTC'",
            "(night - ago * 7)::timestamp AT TIME ZONE 'UTC'",
            "greatest(0, least(40, (ago - 1 - year - week) * 8))",
        )
    };
    let rows = format!(
        "WITH RECURSIVE
            years (year) AS (SELECT 1 UNION ALL SELECT year + 1 FROM years WHERE year < 4),
            weeks (week) AS (SELECT 0 UNION ALL SELECT week + 1 FROM weeks WHERE week < 3),
            agos (ago) AS (SELECT 0 UNION ALL SELECT ago + 1 FROM agos WHERE ago < 20),
            nights AS (SELECT hut.id, {night} AS night, year, week FROM hut, years, weeks WHERE slug = '{slug}')"
    );
    let sql = format!(
        "INSERT INTO availability
            (hut_id, availability_date, source_organization, source_hut_id, free, total, hut_type,
             reservation_status, first_checked, last_checked)
         {rows} SELECT id, night, 'hrs', '1', 0, 40, 'hut', 'not_possible', {from}, {until}
         FROM nights, agos WHERE ago = 0;
         INSERT INTO availability_change
            (hut_id, availability_date, first_checked, last_checked, free, total, hut_type, reservation_status)
         {rows} SELECT id, night, {from}, {until}, {number}, 40, 'hut',
            CASE WHEN {number} > 0 THEN 'possible' ELSE 'not_possible' END
         FROM nights, agos;"
    );
    database.open().batch_execute(&sql).unwrap();
}

fn screens(visit: &Visit) -> f64 {
    let ratio =
        "return document.documentElement.scrollHeight / document.documentElement.clientHeight";
    visit.browser.script(ratio, &[]).as_f64().unwrap()
}

on_both_databases! {
    fn a_hiker_finds_a_stay_for_a_group_and_keeps_the_group_on_the_way(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        visit.open("/huts/watzmannhaus");
        visit.browser.fill("form.group [name=places]", "3");
        visit.browser.fill("form.group [name=nights]", "2");
        visit.browser.click("form.group button");
        visit.wait_for_url("places=3&nights=2");
        let title = visit.browser.text(".next-stays h2");
        assert_eq!(title, "Next free stays for 3 people, 2 nights");
        visit.browser.check_page("hut-group");
        let first = visit.browser.text(".next-stays li a");
        visit.browser.click(".next-stays li a");
        visit.wait_for_url("?nights=2&places=3");
        let night = visit.browser.text("h1");
        // `Sat 18 Jul 2026 – …` is on the page of `Saturday 18 July 2026`.
        let day = first.split_whitespace().nth(1).unwrap();
        assert!(night.contains("Watzmannhaus") && night.contains(&format!(" {day} ")), "{night}, {first}");
        visit.browser.click("h1 a");
        visit.wait_for_url("places=3");
        assert_eq!(visit.browser.value("form.group [name=places]"), "3");
    }

    fn a_hiker_finds_a_hut_nearby_for_the_same_night(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        // A hut next to this one, with room.
        let place = "SELECT latitude + 0.01 FROM hut WHERE slug = 'watzmannhaus'";
        let longitude = "SELECT longitude FROM hut WHERE slug = 'watzmannhaus'";
        database.open().batch_execute(&format!(
            "UPDATE hut SET latitude = ({place}), longitude = ({longitude}) WHERE slug = 'knorrhuette';
             UPDATE availability SET free = 9, total = 40, reservation_status = 'possible'
             WHERE availability_date = '2026-07-22' AND hut_id = (SELECT id FROM hut WHERE slug = 'knorrhuette')"
        )).unwrap();
        database.allow_violations("a night that no check has found");
        visit.open("/huts/watzmannhaus?places=2");
        visit.browser.script("document.querySelector('.one-night [name=night]').value = '2026-07-22'", &[]);
        visit.browser.click(".one-night form button");
        visit.wait_for_url("night=2026-07-22");
        let row = visit.browser.text(".neighbours tbody tr");
        assert!(row.contains("Knorrhütte") && row.contains("1.1 km") && row.contains("9 places free"), "{row}");
        visit.browser.check_page("hut-neighbours");
        visit.browser.click(".neighbours tbody th a");
        visit.wait_for_url("/huts/knorrhuette?night=2026-07-22&places=2");
        assert_eq!(visit.browser.text("h1"), "Knorrhütte");
    }

    fn a_hiker_sees_how_such_nights_filled_up(database) {
        let Some(visit) = Visit::start(database, BrowserSettings::default()) else { return };
        store_earlier_years(database, "watzmannhaus");
        for path in ["/huts/watzmannhaus?night=2026-07-18", "/huts/watzmannhaus/2026-07-18"] {
            visit.open(path);
            let words = visit.browser.text(".compared");
            assert!(words.contains("earlier Saturdays in July") && words.contains("days before"), "{words}");
            assert_eq!((visit.browser.count("svg .band"), visit.browser.count("svg .median")), (1, 1));
        }
    }
}

/// Shows the page in a language of the switch.
fn open_in(visit: &Visit, language: &str, path: &str) {
    visit
        .open(&format!("/language/{language}?to={}", path.replace('?', "%3F").replace('&', "%26")));
    assert_eq!(visit.browser.attribute("html", "lang").as_deref(), Some(language), "{path}");
}

#[test]
fn the_page_passes_in_every_language_with_the_data_of_years() {
    let database = TestDatabase::sqlite();
    let settings =
        |window, colours| BrowserSettings { window, colours, ..BrowserSettings::default() };
    let Some(mut visit) = Visit::start(&database, settings(Window::Desktop, Colours::Light)) else {
        return;
    };
    store_earlier_years(&database, "watzmannhaus");
    let path = "/huts/watzmannhaus?night=2026-07-18&nights=2&places=2";
    for (window, colours) in [
        (Window::Desktop, Colours::Light),
        (Window::Phone, Colours::Light),
        (Window::Phone, Colours::Dark),
    ] {
        visit = visit.with_settings(settings(window, colours));
        let languages: &[&str] =
            if colours == Colours::Light { &["de", "fr", "it", "sl", "en"] } else { &["en"] };
        for &language in languages {
            open_in(&visit, language, path);
            let name = format!("hut-years-{language}");
            if language == "en" {
                visit.browser.check_page(&name);
            } else {
                visit.browser.check_layout(&name);
            }
            let high = screens(&visit);
            assert!(high <= MAX_SCREENS, "{language}, {window:?}: {high:.1} screens");
        }
        visit.open("/huts/watzmannhaus/2026-07-18?places=2");
        visit.browser.check_page("night-years");
    }
}

#[test]
fn what_is_folded_can_be_opened() {
    let database = TestDatabase::sqlite();
    let settings = BrowserSettings { window: Window::Phone, ..BrowserSettings::default() };
    let Some(visit) = Visit::start(&database, settings) else { return };
    visit.open("/huts/watzmannhaus");
    let shown = || visit.browser.text("main").contains("Failures in a row");
    assert!(!shown(), "the numbers of operators are folded");
    visit.browser.click(".operators > summary");
    visit.browser.wait_until("the numbers of operators", shown);
    visit.browser.check_page("hut-operators");
}

#[test]
fn a_printed_hut_is_one_sheet_without_navigation() {
    let database = TestDatabase::sqlite();
    let Some(visit) = Visit::start(&database, BrowserSettings::default()) else { return };
    visit.open("/huts/watzmannhaus?nights=2&places=2");
    let pdf = visit.browser.print();
    if let Some(directory) = std::env::var_os("HUT_SCREENSHOTS") {
        std::fs::write(std::path::Path::new(&directory).join("hut.pdf"), &pdf).unwrap();
    }
    assert_eq!(sheets(&pdf), 1);
    let hidden = "const style = element => getComputedStyle(element).display;
        return [...document.querySelectorAll(arguments[0])].filter(it => style(it) !== 'none').length";
    visit.browser.emulate_paper();
    for css in [".one-night", ".operators", "form.group", ".downloads", ".site"] {
        assert_eq!(visit.browser.script(hidden, &[json!(css)]), json!(0), "{css}");
    }
    for css in [".next-stays", ".month", "h1"] {
        assert_ne!(visit.browser.script(hidden, &[json!(css)]), json!(0), "{css}");
    }
    visit.browser.emulate_screen();
}
