//! Closed and withdrawn nights, unpublished numbers and old figures look right in both colour schemes. On one
//! database only, because the pages look the same on both.

use diesel::connection::SimpleConnection;

use super::Visit;
use crate::support::browser::{BrowserSettings, Colours, Rules, Scope, Window};
use crate::support::database::TestDatabase;

/// Stores a night of each kind, on the Saturday of the map, and an old figure. Hides most of the other huts, because
/// the checks of many equal rows take long.
fn store_odd_nights(database: &TestDatabase) {
    database.allow_violations("nights that no check has found");
    let set = |slug: &str, fields: &str| {
        format!(
            "UPDATE availability SET {fields} WHERE availability_date = '2026-07-18'
             AND hut_id = (SELECT id FROM hut WHERE slug = '{slug}');"
        )
    };
    let at = "last_checked = '2026-07-13T06:00:00.000000Z'";
    let sql = [
        set("watzmannhaus", "free = 0, total = 0, reservation_status = 'not_possible'"),
        set("knorrhuette", "free = NULL, total = 40, reservation_status = 'possible'"),
        set(
            "stuedlhuette",
            &format!("free = 12, total = 40, reservation_status = 'possible', withdrawn = 1, {at}"),
        ),
        "UPDATE hut_check SET tier = 'high';".into(),
        "UPDATE hut SET is_public = 0 WHERE id % 4 <> 0 AND slug NOT IN ('watzmannhaus', 'knorrhuette', 'stuedlhuette')"
            .into(),
    ];
    database.open().batch_execute(&sql.concat()).unwrap();
}

#[test]
fn every_kind_of_night_passes_in_both_colour_schemes() {
    let database = TestDatabase::sqlite();
    let settings =
        |colours, window| BrowserSettings { colours, window, ..BrowserSettings::default() };
    let first = settings(Colours::Light, Window::Desktop);
    let Some(mut visit) = Visit::start(&database, first) else { return };
    store_odd_nights(&database);
    let second = settings(Colours::Dark, Window::Phone);
    for (settings, rules) in [(first, Rules::All), (second, Rules::Contrast)] {
        visit = visit.with_settings(settings);
        for (name, path, words) in [
            ("start", "/?all=1", "Of the others:"),
            ("availability", "/availability?days=30&q=knorr", "ask (40 in all)"),
            ("closed-year", "/huts/watzmannhaus", "×"),
            ("closed", "/huts/watzmannhaus/2026-07-18", "closed"),
            ("withdrawn-year", "/huts/stuedlhuette", "12†!"),
            (
                "withdrawn",
                "/huts/stuedlhuette/2026-07-18",
                "The booking site no longer lists this night.",
            ),
            ("ask", "/huts/knorrhuette/2026-07-18", "ask: free places of 40 not published"),
        ] {
            visit.open(path);
            visit.browser.screenshot(&format!("odd-{name}"));
            // A year has the odd nights in its first month.
            let scope = if name.ends_with("-year") { Scope::FirstRows } else { Scope::Page };
            let problems = visit.browser.problems(rules, scope);
            assert!(problems.is_empty(), "{path}, {settings:?}:\n{}", problems.join("\n"));
            let main = visit.browser.text("main");
            assert!(main.contains(words), "{words:?} is missing at {path}: {main}");
        }
        visit.open("/?from=2026-07-18");
        let huts = visit.browser.texts("main table tbody th a");
        assert!(
            huts.contains(&"Knorrhütte".to_owned()) && !huts.contains(&"Watzmannhaus".to_owned()),
            "{huts:?}"
        );
    }
}
