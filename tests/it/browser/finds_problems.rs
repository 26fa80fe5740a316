//! Tests of the page checks: they find every problem of a page that is bad on purpose, and none in a good
//! page.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use hut_availability::web::server::LIMITS;

use crate::support::browser::{Browser, BrowserSettings, Colours, Rules, Scope, Scripts, Window};
use crate::support::random::is_full;
use crate::support::service::TestServer;

const GOOD: &str = r#"<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Good</title>
<main><h1>Good</h1><p>A hut.</p><noscript><p id="without">no scripts</p></noscript></main>"#;

/// A page with an image without a text alternative, grey text on grey, a style and a script that the policy
/// forbids, a missing file, and content wider than any window.
const BAD: &str = r#"<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Bad</title>
<link rel="stylesheet" href="/bad.css">
<main><h1>Bad</h1><p class="grey">A hut.</p><img src="/missing.png" width="5000" height="9">
<p style="color: red">styled</p><script>document.title = 'ran'</script></main>"#;

const BAD_CSS: &str = ".grey { color: #aaa; background: #bbb; }";

/// A page with grey text in the third and the fifth row of a table, and in the second month of a calendar.
const ROWS: &str = r#"<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Rows</title><link rel="stylesheet" href="/bad.css">
<main><h1>Rows</h1><table><thead><tr><th scope="col">Hut</th></tr></thead><tbody>
<tr><td>one</td></tr><tr><td>two</td></tr><tr><td><span class="grey" id="third">three</span></td></tr>
<tr><td>four</td></tr><tr><td><span class="grey" id="fifth">five</span></td></tr></tbody></table>
<div><table class="month"><tbody><tr><td>first</td></tr></tbody></table><table class="month"><tbody><tr><td>
<span class="grey" id="second">second</span></td></tr></tbody></table></div></main>"#;

fn pages() -> TestServer {
    let policy = ("content-security-policy", "default-src 'self'; img-src 'self' data:");
    let css = ([("content-type", "text/css")], BAD_CSS);
    let router = Router::new()
        .route("/good", get(move || async move { ([policy], Html(GOOD)) }))
        .route("/rows", get(move || async move { ([policy], Html(ROWS)) }))
        .route("/bad", get(move || async move { ([policy], Html(BAD)) }))
        .route("/bad.css", get(move || async move { css }));
    TestServer::start(router, LIMITS)
}

#[test]
fn a_bad_page_fails_every_check() {
    let pages = pages();
    let Some(browser) = Browser::start(BrowserSettings::default()) else { return };
    browser.goto(&format!("http://{}/bad", pages.address));
    let problems = browser.problems(Rules::All, Scope::Page);
    for expected in [
        "image-alt",
        "color-contrast",
        "Applying inline style violates the following Content Security Policy",
        "Executing inline script violates the following Content Security Policy",
        "/missing.png - Failed to load resource",
        "pixels wider than its window",
    ] {
        let found = problems.iter().any(|problem| problem.contains(expected));
        assert!(found, "{expected:?} is missing in {problems:#?}");
    }
    assert_eq!(browser.script("return document.title", &[]), "Bad");
    let finds = |rules| {
        let problems = browser.problems(rules, Scope::Page);
        ["image-alt", "color-contrast"].map(|rule| problems.iter().any(|it| it.contains(rule)))
    };
    assert_eq!(finds(Rules::AllButContrast), [true, is_full()]);
    assert_eq!(finds(Rules::Contrast), [is_full(), true]);
}

#[test]
fn repeated_rows_are_left_out_only_where_they_may_be() {
    let pages = pages();
    let Some(browser) = Browser::start(BrowserSettings::default()) else { return };
    browser.goto(&format!("http://{}/rows", pages.address));
    let names = |problems: Vec<String>| {
        ["third", "fifth", "second"].map(|id| problems.iter().any(|problem| problem.contains(id)))
    };
    assert_eq!(names(browser.problems(Rules::All, Scope::Page)), [true; 3]);
    let few = browser.problems(Rules::Contrast, Scope::FirstRows);
    assert_eq!(names(few), [true, is_full(), is_full()]);
    let is_shown = "return document.querySelector('#fifth').checkVisibility()";
    assert_eq!(browser.script(is_shown, &[]), true, "the row is hidden for axe-core only");
}

#[test]
fn a_good_page_passes_in_every_browser() {
    let pages = pages();
    for (settings, width, dark, without_scripts) in [
        (BrowserSettings::default(), 1280, false, 0),
        (BrowserSettings { window: Window::Phone, ..BrowserSettings::default() }, 390, false, 0),
        (BrowserSettings { colours: Colours::Dark, ..BrowserSettings::default() }, 1280, true, 0),
        (BrowserSettings { scripts: Scripts::Off, ..BrowserSettings::default() }, 1280, false, 1),
    ] {
        let Some(browser) = Browser::start(settings) else { return };
        browser.goto(&format!("http://{}/good", pages.address));
        assert_eq!(browser.problems(Rules::All, Scope::Page), Vec::<String>::new(), "{settings:?}");
        assert_eq!(browser.script("return innerWidth", &[]), width);
        let prefers_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
        assert_eq!(browser.script(prefers_dark, &[]), dark);
        assert_eq!(browser.texts("#without").len(), without_scripts, "{settings:?}");
    }
}
