//! The browsers that were started, for one test after another.

use std::collections::HashMap;
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};

use fantoccini::Client;
use tokio::runtime::Runtime;

use super::BrowserSettings;

/// Browsers that are in use at a time: each keeps a core busy.
const MOST: usize = 2;

#[derive(Default)]
struct Pool {
    in_use: usize,
    idle: HashMap<BrowserSettings, Vec<(Client, Runtime)>>,
}

static POOL: LazyLock<Mutex<Pool>> = LazyLock::new(Mutex::default);
static RETURNED: Condvar = Condvar::new();

/// A browser that is in use, and the runtime that its client was made on. They end with their driver.
pub struct Session {
    person: BrowserSettings,
    /// None once it is given back.
    browser: Option<(Client, Runtime)>,
}

impl Session {
    /// Waits for its turn; starts a browser where none of this person is idle.
    pub fn take(person: BrowserSettings, start: impl FnOnce() -> (Client, Runtime)) -> Self {
        let pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pool = RETURNED
            .wait_while(pool, |pool| pool.in_use >= MOST)
            .unwrap_or_else(PoisonError::into_inner);
        pool.in_use += 1;
        let idle = pool.idle.get_mut(&person).and_then(Vec::pop);
        drop(pool);
        let mut session = Self { person, browser: idle };
        session.browser.get_or_insert_with(start);
        session
    }

    pub fn client(&self) -> &Client {
        &self.browser.as_ref().expect("it is in use").0
    }

    pub fn runtime(&self) -> &Runtime {
        &self.browser.as_ref().expect("it is in use").1
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        pool.in_use -= 1;
        // One that a test has failed with may be anywhere.
        if let Some(browser) = self.browser.take()
            && !std::thread::panicking()
        {
            pool.idle.entry(self.person).or_default().push(browser);
        }
        RETURNED.notify_one();
    }
}
