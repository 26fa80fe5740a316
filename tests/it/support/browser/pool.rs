//! A pool of browsers, which the tests use one after another.

use std::collections::HashMap;
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};

use fantoccini::Client;
use tokio::runtime::Runtime;

use super::BrowserSettings;

/// The maximum number of browsers in use at the same time. Each keeps a core busy.
const MAX_IN_USE: usize = 2;

#[derive(Default)]
struct Pool {
    in_use: usize,
    idle: HashMap<BrowserSettings, Vec<(Client, Runtime)>>,
}

static POOL: LazyLock<Mutex<Pool>> = LazyLock::new(Mutex::default);
static RETURNED: Condvar = Condvar::new();

/// A browser in use, and the runtime of its client. Chromium ends together with its driver.
pub struct Session {
    settings: BrowserSettings,
    /// None once it is returned to the pool.
    browser: Option<(Client, Runtime)>,
}

impl Session {
    /// Waits until fewer than `MAX_IN_USE` browsers are in use. Starts a browser if none with these settings is
    /// idle.
    pub fn take(settings: BrowserSettings, start: impl FnOnce() -> (Client, Runtime)) -> Self {
        let pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pool = RETURNED
            .wait_while(pool, |pool| pool.in_use >= MAX_IN_USE)
            .unwrap_or_else(PoisonError::into_inner);
        pool.in_use += 1;
        let idle = pool.idle.get_mut(&settings).and_then(Vec::pop);
        drop(pool);
        let mut session = Self { settings, browser: idle };
        session.browser.get_or_insert_with(start);
        session
    }

    pub fn client(&self) -> &Client {
        &self.browser.as_ref().expect("the browser is in use").0
    }

    pub fn runtime(&self) -> &Runtime {
        &self.browser.as_ref().expect("the browser is in use").1
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        pool.in_use -= 1;
        // A failed test may leave its browser in any state, so that one is not used again.
        if let Some(browser) = self.browser.take()
            && !std::thread::panicking()
        {
            pool.idle.entry(self.settings).or_default().push(browser);
        }
        RETURNED.notify_one();
    }
}
