//! A real Chromium without a screen, driven over WebDriver.

mod checks;
mod command;
mod driver;
mod paper;
mod pointer;
mod pool;

use std::future::Future;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Url;
use serde_json::{Value, json};

pub use self::checks::{Rules, Scope};
pub use self::paper::sheets;
use self::pool::Session;

/// How long a test waits for a page before it gives up. Enough on a busy machine.
const WAIT_TIMEOUT: Duration = Duration::from_secs(120);

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

/// Whether the scripts of a page run. The scripts of a test always run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scripts {
    #[default]
    On,
    Off,
}

/// The settings of a browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BrowserSettings {
    pub window: Window,
    pub colours: Colours,
    pub scripts: Scripts,
}

/// A browser for one test. Once it is dropped, another test with the same settings may get it, because starting
/// a browser takes seconds.
pub struct Browser {
    session: Session,
    settings: BrowserSettings,
}

impl Browser {
    /// Returns none where Chromium or axe-core is missing, and prints to stderr that the test is skipped.
    pub fn start(settings: BrowserSettings) -> Option<Self> {
        checks::axe()?;
        let driver = driver::url()?;
        let session = Session::take(settings, || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.unwrap();
            let client = runtime.block_on(
                ClientBuilder::new(HttpConnector::new())
                    .capabilities(capabilities(settings))
                    .connect(driver),
            );
            (client.unwrap(), runtime)
        });
        let browser = Self { session, settings };
        // Discards the messages and the language of the previous test.
        browser.console_errors();
        let _ = browser.block_on(browser.client().delete_all_cookies());
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
        let found = self.client().wait().at_most(WAIT_TIMEOUT).for_element(Locator::Css(css));
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

    /// How many elements match in the page of a frame, which may be of another origin.
    pub fn count_in_frame(&self, frame: &str, css: &str) -> usize {
        self.wait(self.find(frame).enter_frame());
        let count = self.count(css);
        self.wait(self.client().enter_parent_frame());
        count
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
        let found = self.client().wait().at_most(WAIT_TIMEOUT).for_element(Locator::LinkText(text));
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

    /// Waits until a condition holds. `event` describes it in the failure message.
    pub fn wait_until(&self, event: &str, condition: impl Fn() -> bool) {
        let start = Instant::now();
        while !condition() {
            assert!(
                start.elapsed() < WAIT_TIMEOUT,
                "timed out waiting for {event} at {}",
                self.url()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn capabilities(settings: BrowserSettings) -> fantoccini::wd::Capabilities {
    let mut options = json!({
        // `--no-sandbox`: the sandbox needs a user other than root and rights that containers lack. Only
        // our own pages are opened. `--disable-dev-shm-usage`: containers have a small /dev/shm.
        "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,900",
            // The browser does nothing but show the page: no updates, no other requests, no graphics card.
            "--disable-gpu", "--disable-extensions", "--disable-background-networking",
            "--disable-component-update", "--no-first-run"],
    });
    if settings.window == Window::Phone {
        let metrics = json!({ "width": 390, "height": 844, "pixelRatio": 2, "mobile": true });
        options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
    }
    if settings.colours == Colours::Dark {
        let dark = json!("--blink-settings=preferredColorScheme=0");
        options["args"].as_array_mut().unwrap().push(dark);
    }
    if settings.scripts == Scripts::Off {
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
