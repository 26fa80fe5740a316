//! Tiles of other servers, and the map in a frame of another website. On one database only, because the database makes
//! no difference here.

use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::support::browser::{Browser, BrowserSettings};
use crate::support::database::TestDatabase;
use crate::support::raw_site::RawSite;
use crate::support::service::{Service, serve_command};
use crate::support::summer;

/// A PNG of one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0x64, 0xf8, 0xcf, 0x50, 0x0f, 0, 3, 0x86, 1, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0,
    0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

fn start(database: &TestDatabase, args: &[&str]) -> Service {
    summer::fill(database);
    Service::spawn(serve_command(&database.url).args(["--as-of", summer::NOW]).args(args))
}

#[test]
fn tiles_are_loaded_from_the_server_of_the_operator_only() {
    let database = TestDatabase::sqlite();
    let Some(browser) = Browser::start(BrowserSettings::default()) else { return };
    let paths = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&paths);
    let site = RawSite::start(move |request, stream| {
        asked.lock().unwrap().push(request.head.split(' ').nth(1).unwrap().to_owned());
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: {}\r\n\r\n",
            PNG.len()
        );
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(PNG));
    });
    let tiles = format!("{}/tiles/{{z}}/{{x}}/{{y}}.png", site.url());
    let service = start(&database, &["--map-tiles", &tiles, "--map-attribution", "© Test tiles"]);
    browser.goto(&format!("http://{}/map", service.address));
    browser.wait_until("tiles", || !paths.lock().unwrap().is_empty());
    assert!(browser.text(".map-source").contains("© Test tiles"));
    browser.check_page("map-tiles");
    let hosts = "return [...new Set(performance.getEntriesByType('resource').map((it) => new URL(it.name).host))]";
    let mut hosts: Vec<String> = serde_json::from_value(browser.script(hosts, &[])).unwrap();
    hosts.sort();
    let mut expected =
        vec![service.address.to_string(), site.url().trim_start_matches("http://").to_owned()];
    expected.sort();
    assert_eq!(hosts, expected);
    assert!(
        paths
            .lock()
            .unwrap()
            .iter()
            .all(|path| path.starts_with("/tiles/") && path.ends_with(".png"))
    );
    drop(service);

    // Without the flag, a browser asks nobody else.
    let service = start(&database, &[]);
    browser.goto(&format!("http://{}/map", service.address));
    let hosts = "return [...new Set(performance.getEntriesByType('resource').map((it) => new URL(it.name).host))]";
    let hosts: Vec<String> = serde_json::from_value(browser.script(hosts, &[])).unwrap();
    assert_eq!(hosts, [service.address.to_string()]);
}

#[test]
fn another_website_shows_embedded_pages_and_no_others() {
    let database = TestDatabase::sqlite();
    let Some(browser) = Browser::start(BrowserSettings::default()) else { return };
    let service = start(&database, &["--allow-embedding"]);
    let address = service.address;
    // A website of another origin, whose frames show the path of its address.
    let site = RawSite::start(move |request, stream| {
        let path = request.head.split(' ').nth(1).unwrap();
        let page = format!(
            "<!DOCTYPE html><html lang=en><title>Elsewhere</title><iframe title=map width=700 height=700 \
             src=\"http://{address}{path}\" onload=\"document.title = 'loaded'\"></iframe>"
        );
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n",
            page.len()
        );
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(page.as_bytes()));
    });
    for (path, is_shown) in [
        ("/embed/map?from=weekend", true),
        ("/embed/huts/watzmannhaus?map=1", true),
        ("/?from=2026-07-18", false),
        ("/huts/watzmannhaus", false),
    ] {
        browser.goto(&format!("{}{path}", site.url()));
        browser
            .wait_until("the frame", || browser.script("return document.title", &[]) == "loaded");
        // The error page of a browser that refuses a frame has no heading and no map.
        assert_eq!(browser.count_in_frame("iframe", ".map, .card") > 0, is_shown, "{path}");
        // The next page must not be blamed for what the browser says of a refused frame.
        browser.console_errors();
    }
}
