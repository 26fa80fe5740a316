//! The pages in a real browser.

mod everywhere;
mod finds_problems;
mod hostile;
mod keyboard;
mod lists;
mod map;

use crate::support::browser::{Browser, Person};
use crate::support::database::TestDatabase;
use crate::support::service::Service;
use crate::support::summer;

/// A person before the pages of a summer.
struct Visit {
    browser: Browser,
    service: Service,
}

impl Visit {
    /// None where there is no browser.
    fn start(database: &TestDatabase, person: Person) -> Option<Self> {
        let browser = Browser::start(person)?;
        summer::fill(database);
        Some(Self { browser, service: summer::serve(database) })
    }

    /// The same pages before another person.
    fn of(self, person: Person) -> Self {
        // Given back first: there are few.
        drop(self.browser);
        let browser = Browser::start(person).expect("there was one before");
        Self { browser, service: self.service }
    }

    fn open(&self, path: &str) {
        self.browser.goto(&format!("http://{}{path}", self.service.address));
    }

    /// The path and the query of where the person is.
    fn place(&self) -> String {
        let url = self.browser.url();
        url.query().map_or_else(|| url.path().into(), |query| format!("{}?{query}", url.path()))
    }

    fn wait_for_place(&self, part: &str) {
        let is_there = || self.place().contains(part);
        self.browser.wait_until(&format!("a URL with {part}"), is_there);
    }
}
