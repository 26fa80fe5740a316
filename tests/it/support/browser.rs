//! A real Chromium without a screen, driven over WebDriver.

mod checks;
mod driver;
mod pool;

use std::future::Future;
use std::str::FromStr;
use std::time::{Duration, Instant};

use axum::http::Method;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use fantoccini::actions::{
    Actions, InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
    TouchActions, WheelAction, WheelActions,
};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use pool::Session;
use reqwest::Url;
use serde_json::{Value, json};

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

    /// Scrolls the middle of an element into view, and returns it in CSS pixels.
    fn middle(&self, css: &str) -> (f64, f64) {
        let middle = "const it = document.querySelector(arguments[0]);
            it.scrollIntoView({ block: 'center', behavior: 'instant' });
            const box = it.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];";
        let middle = self.script(middle, &[css.into()]);
        serde_json::from_value::<(f64, f64)>(middle).unwrap()
    }

    /// Turns the wheel over the middle of an element.
    pub fn wheel(&self, css: &str, delta_y: i64) {
        let (x, y) = self.middle(css);
        let (x, y) = (x as i64, y as i64);
        let mut actions = WheelActions::new("wheel".into());
        actions.push(WheelAction::Scroll { duration: None, x, y, delta_x: 0, delta_y });
        self.wait(self.client().perform_actions(actions));
    }

    /// Drags the middle of an element with the mouse.
    pub fn drag(&self, css: &str, (x, y): (f64, f64)) {
        let actions = MouseActions::new("mouse".into());
        self.wait(self.client().perform_actions(stroke(actions, self.middle(css), (x, y))));
    }

    /// Moves a finger that begins in the middle of an element.
    pub fn swipe(&self, css: &str, by: (f64, f64)) {
        let actions = TouchActions::new("finger".into());
        self.wait(self.client().perform_actions(stroke(actions, self.middle(css), by)));
    }

    /// Taps the middle of an element with a finger.
    pub fn tap(&self, css: &str) {
        self.swipe(css, (0.0, 0.0));
    }

    /// Moves two fingers from 20 pixels left and right of the middle of an element away from each other.
    pub fn spread(&self, css: &str, by: f64) {
        let (x, y) = self.middle(css);
        let finger = |name: &str, side: f64| {
            stroke(TouchActions::new(name.into()), (x + side * 20.0, y), (side * by, 0.0))
        };
        let actions = Actions::from(finger("left", -1.0)).and(finger("right", 1.0));
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

    /// The page as it is printed on A4, as PDF.
    pub fn print(&self) -> Vec<u8> {
        let body = json!({ "page": { "width": 21.0, "height": 29.7 }, "background": true });
        let pdf = self.send_command("print", body);
        BASE64_STANDARD.decode(pdf.as_str().unwrap()).unwrap()
    }

    /// The number of sheets of A4 that the page takes on paper.
    pub fn sheets(&self) -> usize {
        sheets(&self.print())
    }

    /// Shows the page with the style of paper, until `emulate_screen`.
    pub fn emulate_paper(&self) {
        self.emulate_medium("print");
    }

    pub fn emulate_screen(&self) {
        self.emulate_medium("");
    }

    fn emulate_medium(&self, medium: &str) {
        let body = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "media": medium } });
        self.send_command("goog/cdp/execute", body);
    }

    /// Sends Chromium a command that WebDriver itself does not have.
    fn send_command(&self, path: &'static str, body: Value) -> Value {
        self.wait(self.client().issue_cmd(DriverCommand { path, body }))
    }
}

/// Presses a pointer at a point, moves it in some steps, and releases it.
fn stroke<T: InputSource<Action = PointerAction>>(
    pointer: T,
    from: (f64, f64),
    by: (f64, f64),
) -> T {
    const STEPS: i32 = 5;
    let move_to = |x, y| PointerAction::MoveTo { duration: Some(Duration::from_millis(20)), x, y };
    let pressed = pointer
        .then(move_to(from.0, from.1))
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
    let steps = (1..=STEPS).map(|step| f64::from(step) / f64::from(STEPS));
    let moved = steps.fold(pressed, |pointer, part| {
        pointer.then(move_to(from.0 + by.0 * part, from.1 + by.1 * part))
    });
    moved.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })
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

/// A POST request to the driver, with a path below that of the session.
#[derive(Debug)]
struct DriverCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for DriverCommand {
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

/// The number of pages of a PDF: each is an object of this type; `/Pages` is the list of them.
pub fn sheets(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.split("/Type /Page").skip(1).filter(|rest| !rest.starts_with('s')).count()
}
