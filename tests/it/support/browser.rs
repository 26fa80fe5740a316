//! A real Chromium without a screen, driven over WebDriver.

mod checks;
mod driver;
mod pool;

use std::future::Future;
use std::str::FromStr;
use std::time::{Duration, Instant};

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use pool::Session;
use reqwest::Url;
use serde_json::{Value, json};

/// How long a page may take to become what a test waits for, on a busy machine.
const OUTAGE_TIMEOUT: Duration = Duration::from_secs(120);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Window {
    /// 1280 by 900 pixels.
    #[default]
    Desktop,
    /// 390 by 844, which is narrower than a window of the desktop can be.
    Phone,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Colours {
    #[default]
    Light,
    Dark,
}

/// Whether the pages' own scripts run; those of a test always do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scripts {
    #[default]
    On,
    Off,
}

/// What a person has set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BrowserSettings {
    pub window: Window,
    pub colours: Colours,
    pub scripts: Scripts,
}

/// A browser that is the test's own until it is dropped; then another test of the same person gets it, since
/// to start one takes seconds.
pub struct Browser {
    session: Session,
    person: BrowserSettings,
}

impl Browser {
    /// Returns none where Chromium or axe-core is missing, and prints to stderr that the test is skipped.
    pub fn start(person: BrowserSettings) -> Option<Self> {
        checks::axe()?;
        let driver = driver::url()?;
        let session = Session::take(person, || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.unwrap();
            let client = runtime.block_on(
                ClientBuilder::new(HttpConnector::new())
                    .capabilities(capabilities(person))
                    .connect(driver),
            );
            (client.unwrap(), runtime)
        });
        let browser = Self { session, person };
        // What the test before has left in the console.
        browser.console_errors();
        Some(browser)
    }

    fn client(&self) -> &Client {
        self.session.client()
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.session.runtime().block_on(future)
    }

    fn wait<T>(&self, command: impl Future<Output = Result<T, CmdError>>) -> T {
        self.block_on(command).unwrap_or_else(|error| panic!("{error} at {}", self.url()))
    }

    pub fn goto(&self, url: &str) {
        self.block_on(self.client().goto(url)).unwrap();
    }

    pub fn url(&self) -> Url {
        self.block_on(self.client().current_url()).unwrap()
    }

    /// Waits for the first element that matches the selector.
    fn find(&self, css: &str) -> Element {
        let found = self.client().wait().at_most(OUTAGE_TIMEOUT).for_element(Locator::Css(css));
        let found = self.block_on(found);
        found.unwrap_or_else(|error| panic!("no {css} at {}: {error}", self.url()))
    }

    /// The visible text of the first matching element.
    pub fn text(&self, css: &str) -> String {
        self.wait(self.find(css).text())
    }

    /// The visible texts of all elements that match now, possibly none.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let list = "return [...document.querySelectorAll(arguments[0])].map(it => it.innerText)";
        serde_json::from_value(self.script(list, &[css.into()])).unwrap()
    }

    /// How many elements match now.
    pub fn count(&self, css: &str) -> usize {
        let count = "return document.querySelectorAll(arguments[0]).length";
        serde_json::from_value(self.script(count, &[css.into()])).unwrap()
    }

    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.wait(self.find(css).attr(name))
    }

    /// The current value of a form control.
    pub fn value(&self, css: &str) -> String {
        self.wait(self.find(css).prop("value")).unwrap()
    }

    pub fn click(&self, css: &str) {
        self.wait(self.find(css).click());
    }

    /// Follows the first link with this text.
    pub fn click_link(&self, text: &str) {
        let found =
            self.client().wait().at_most(OUTAGE_TIMEOUT).for_element(Locator::LinkText(text));
        self.wait(self.wait(found).click());
    }

    /// Replaces the content of a form control by typing.
    pub fn fill(&self, css: &str, text: &str) {
        let control = self.find(css);
        self.wait(control.clear());
        self.wait(control.send_keys(text));
    }

    /// Chooses an option by its value.
    pub fn select(&self, css: &str, value: &str) {
        self.wait(self.find(css).select_by_value(value));
    }

    /// Presses a key in the focused element: a named key or a letter.
    pub fn press(&self, key: impl Into<char>) {
        let value = key.into();
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.wait(self.client().perform_actions(actions));
    }

    /// Runs a script of the test in the page, and returns its result.
    pub fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.wait(self.client().execute(script, arguments.to_vec()))
    }

    /// Waits until `holds` returns true. `what` describes the condition in the failure message.
    pub fn wait_until(&self, what: &str, holds: impl Fn() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < OUTAGE_TIMEOUT, "still not: {what}, at {}", self.url());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends Chromium a command that WebDriver itself does not have.
    fn ask(&self, path: &'static str, body: Value) -> Value {
        self.wait(self.client().issue_cmd(Ask { path, body }))
    }
}

fn capabilities(person: BrowserSettings) -> fantoccini::wd::Capabilities {
    let mut options = json!({
        // No sandbox: it needs another user than root, and what containers may not do. It is our own
        // pages that are opened. No /dev/shm: containers have little.
        "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,900",
            // Nothing but the page: no updates, no other requests, no drawing by a graphics card that is not there.
            "--disable-gpu", "--disable-extensions", "--disable-background-networking",
            "--disable-component-update", "--no-first-run"],
    });
    if person.window == Window::Phone {
        let metrics = json!({ "width": 390, "height": 844, "pixelRatio": 2, "mobile": true });
        options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
    }
    if person.colours == Colours::Dark {
        let dark = json!("--blink-settings=preferredColorScheme=0");
        options["args"].as_array_mut().unwrap().push(dark);
    }
    if person.scripts == Scripts::Off {
        let block = 2;
        options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": block });
    }
    let Value::Object(capabilities) = json!({
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    }) else {
        unreachable!("an object")
    };
    capabilities
}

/// A POST request to the driver, with a path below that of the session.
#[derive(Debug)]
struct Ask {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Ask {
    fn endpoint(
        &self,
        base_url: &Url,
        session: Option<&str>,
    ) -> Result<Url, <Url as FromStr>::Err> {
        base_url.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
