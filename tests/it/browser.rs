//! The web pages in a real browser.

mod everywhere;
mod finds_problems;
mod hostile;
mod hut;
mod keyboard;
mod lists;
mod map_frames;
mod map_moves;
mod odd_nights;
mod start;

use crate::support::browser::{Browser, BrowserSettings};
use crate::support::database::TestDatabase;
use crate::support::random::is_skipped_as_long;
use crate::support::service::Service;
use crate::support::summer;

/// A browser, and a service with the data of a summer.
struct Visit {
    browser: Browser,
    service: Service,
}

impl Visit {
    /// Returns none if no browser is installed; and without `HUT_FAULTS=full` on PostgreSQL. The HTML of the pages is
    /// tested on both databases (`pages`), and what a browser makes of it does not depend on them.
    fn start(database: &TestDatabase, settings: BrowserSettings) -> Option<Self> {
        if !database.is_sqlite() && is_skipped_as_long("a test in the browser, on PostgreSQL") {
            return None;
        }
        let browser = Browser::start(settings)?;
        summer::fill(database);
        Some(Self { browser, service: summer::serve(database) })
    }

    /// Visits the same pages in a browser with other settings.
    fn with_settings(self, settings: BrowserSettings) -> Self {
        // The pool of browsers is small, so this one is returned to it first.
        drop(self.browser);
        let browser = Browser::start(settings).expect("a browser started before");
        Self { browser, service: self.service }
    }

    fn open(&self, path: &str) {
        self.browser.goto(&format!("http://{}{path}", self.service.address));
    }

    /// The path and query of the current page.
    fn path_and_query(&self) -> String {
        let url = self.browser.url();
        url.query().map_or_else(|| url.path().into(), |query| format!("{}?{query}", url.path()))
    }

    fn wait_for_url(&self, part: &str) {
        let is_open = || self.path_and_query().contains(part);
        self.browser.wait_until(&format!("a URL with {part}"), is_open);
    }
}
