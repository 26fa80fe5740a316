//! Texts from sites and people are shown as text: no page runs them as code, links to them, or loses its
//! layout because of them.

use diesel::connection::SimpleConnection;
use hut_availability::text::language::Language;

use super::Visit;
use crate::on_both_databases;
use crate::support::browser::{BrowserSettings, Window};
use crate::support::database::TestDatabase;
use crate::support::service::request_with;
use crate::support::{stored_watches, summer};

const SCRIPT: &str = "<script>document.title = `stolen`</script>";
const IMAGE: &str = r#""><img src=x onerror="document.title = `stolen`">"#;
const LINK: &str = "javascript:document.title=`stolen`";

/// Stores names, links and errors as an attacker would write them.
fn store_hostile_texts(database: &TestDatabase) {
    database.allow_violations("the error of a check that was not made");
    let long = "W".repeat(300);
    let of = |slug: &str| format!("(SELECT id FROM hut WHERE slug = '{slug}')");
    let (watzmannhaus, knorrhuette) = (of("watzmannhaus"), of("knorrhuette"));
    let sql = format!(
        "UPDATE hut SET name = '{SCRIPT}' WHERE slug = 'watzmannhaus';
         UPDATE hut SET name = '{IMAGE}' WHERE slug = 'knorrhuette';
         UPDATE hut SET name = '{long}' WHERE slug = 'stuedlhuette';
         UPDATE hut_source SET link = '{LINK}' WHERE hut_id = {watzmannhaus};
         UPDATE hut_source SET link = 'data:text/html,{SCRIPT}' WHERE hut_id = {knorrhuette};
         UPDATE hut_check SET consecutive_failures = 3, last_error = '{IMAGE}'
         WHERE hut_id = {knorrhuette};"
    );
    let mut db = database.open();
    db.batch_execute(&sql).unwrap();
    stored_watches::add_some(&mut db);
    db.batch_execute(&format!(
        "UPDATE watch SET name = '{SCRIPT}' WHERE is_tour;
         UPDATE watch SET name = '{long}', channels = '{long}' WHERE NOT is_tour;
         UPDATE delivery SET last_error = '{IMAGE}';"
    ))
    .unwrap();
}

/// Each page that shows these texts, and the texts that it shows.
const PAGES: [(&str, &str, &[&str]); 15] = [
    ("start", "/?all=1", &[SCRIPT, IMAGE]),
    ("availability", "/availability?days=1", &[SCRIPT, IMAGE]),
    ("huts", "/huts", &[SCRIPT, IMAGE]),
    ("hut", "/huts/watzmannhaus", &[SCRIPT]),
    ("night", "/huts/watzmannhaus/2026-07-18", &[SCRIPT]),
    ("night-data", "/huts/knorrhuette/2026-07-18", &[IMAGE]),
    ("history", "/history?q=knorr", &[IMAGE]),
    ("checks", "/checks", &[IMAGE]),
    ("stays", "/stays?hut=watzmannhaus,knorrhuette,stuedlhuette", &[SCRIPT, IMAGE]),
    (
        "stays-bad",
        "/stays?hut=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        &["<script>alert(1)</script>"],
    ),
    ("tours", "/tours?stage=watzmannhaus,knorrhuette,stuedlhuette", &[SCRIPT, IMAGE]),
    (
        "tours-bad",
        "/tours?stage=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        &["<script>alert(1)</script>"],
    ),
    ("watches", "/watches", &[SCRIPT, IMAGE]),
    ("search", "/availability?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", &[]),
    ("no-hut", "/huts/%3Cscript%3Ealert(1)%3C%2Fscript%3E", &["<script>alert(1)</script>"]),
];

/// Elements that exist only if a text was interpreted as HTML.
const INJECTED: &str =
    "main script, main img, [onerror], a[href^='javascript:' i], a[href^='data:' i]";

on_both_databases! {
    fn hostile_names_links_and_errors_stay_text(database) {
        let visit = Visit::start(database, BrowserSettings::default());
        if visit.is_none() {
            summer::fill(database);
        }
        store_hostile_texts(database);
        if let Some(mut visit) = visit {
            for window in [Window::Desktop, Window::Phone] {
                visit = visit.with_settings(BrowserSettings { window, ..BrowserSettings::default() });
                for (name, path, texts) in PAGES {
                    visit.open(path);
                    visit.browser.check_layout(&format!("hostile-{name}"));
                    assert_harmless(&visit, path, texts);
                }
            }
        }
        let service = summer::serve(database);
        // What a language changes is the text around the names.
        for language in Language::ALL {
            let header = format!("accept-language: {language}\r\n");
            for (_, path, texts) in PAGES {
                let page = request_with(service.address, &format!("GET {path}"), &header);
                assert!(page.text().contains(&format!("lang=\"{language}\"")), "{language} {path}");
                for text in texts {
                    assert!(page.text().contains(&escaped(text)), "{language} {path}: no {text}");
                }
                for text in [SCRIPT, IMAGE, "<script>alert"] {
                    assert!(!page.text().contains(text), "{language} {path}: {text} is not escaped");
                }
            }
        }
    }
}

/// The text as the templates write it.
fn escaped(text: &str) -> String {
    let written = |c: char| match c {
        '<' | '>' | '"' | '\'' | '&' => format!("&#{};", u32::from(c)),
        _ => c.into(),
    };
    text.chars().map(written).collect()
}

/// The texts are on the page, as texts.
fn assert_harmless(visit: &Visit, path: &str, texts: &[&str]) {
    let main = visit.browser.script("return document.querySelector('main').textContent", &[]);
    for text in texts {
        assert!(main.as_str().unwrap().contains(text), "no {text} at {path}: {main}");
    }
    let title = visit.browser.script("return document.title", &[]);
    assert_ne!(title, "stolen", "{path}");
    assert_eq!(visit.browser.count(INJECTED), 0, "{path}");
}
