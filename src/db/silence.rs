//! Ends a command whose PostgreSQL server no longer answers.
//!
//! TCP notices a host that has disappeared ([`super::postgres`]). It does not notice a server, a pooler or a proxy that
//! accepts everything and answers nothing.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use crate::domain::database_url::DatabaseUrl;

/// How long a statement may wait before a message says so.
pub const NOTICE_AFTER: Duration = Duration::from_secs(5);

/// How often the watch looks.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

thread_local! {
    static OF_THREAD: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// Watches the statements of a thread, which waits for one at a time.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Waiting>>);

#[derive(Clone, Default)]
struct Waiting {
    since: Option<Instant>,
    /// The database that is waited for.
    url: Option<DatabaseUrl>,
    is_committing: bool,
    has_noticed: bool,
}

impl Watch {
    /// Watches all PostgreSQL connections that this thread opens from now on. When one is silent for `timeout`, and
    /// `is_working` does not find that its server still works, `end` is called with the reason, on another thread.
    pub fn start(
        timeout: Duration,
        is_working: fn(&DatabaseUrl, Duration) -> bool,
        end: impl FnOnce(String) + Send + 'static,
    ) {
        let watch = Self::default();
        OF_THREAD.set(Some(watch.clone()));
        // Without a thread to spare there is no watch.
        let _ = Builder::new().spawn(move || end(watch.wait_for_silence(timeout, is_working)));
    }

    /// The watch of this thread, if there is one.
    #[must_use]
    pub fn of_thread() -> Option<Self> {
        OF_THREAD.with_borrow(Clone::clone)
    }

    /// Watches the wait for a row of a statement whose rows arrive one by one. Between two rows the program may wait
    /// until its output is read, and that is no silence of the database.
    pub fn around<T>(next: impl FnOnce() -> T) -> T {
        let watch = Self::of_thread();
        watch.iter().for_each(Self::begin_again);
        let next = next();
        watch.iter().for_each(Self::end);
        next
    }

    /// A connection to this database is opened, or a statement is sent to it.
    pub fn begin(&self, url: &DatabaseUrl) {
        self.waiting(|waiting| {
            waiting.since = Some(Instant::now());
            if waiting.url.as_ref() != Some(url) {
                waiting.url = Some(url.clone());
            }
        });
    }

    /// The program waits for another row of a statement.
    fn begin_again(&self) {
        self.waiting(|waiting| waiting.since = Some(Instant::now()));
    }

    /// The next statement is a COMMIT.
    pub fn begin_commit(&self) {
        self.waiting(|waiting| waiting.is_committing = true);
    }

    /// A statement is answered.
    pub fn end(&self) {
        self.waiting(|waiting| (waiting.since, waiting.is_committing) = (None, false));
    }

    fn waiting<T>(&self, with: impl FnOnce(&mut Waiting) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn wait_for_silence(
        &self,
        timeout: Duration,
        is_working: fn(&DatabaseUrl, Duration) -> bool,
    ) -> String {
        // A slow statement of a server that works is asked about again after the same time.
        let mut next_probe = timeout;
        loop {
            sleep(POLL_INTERVAL);
            let (waited, url) = self.waiting(|waiting| {
                let waited = waiting.since.map(|since| since.elapsed()).unwrap_or_default();
                (waited, waiting.url.clone())
            });
            let Some(url) = url else { continue };
            if waited < NOTICE_AFTER {
                next_probe = timeout;
            } else if self.waiting(|waiting| !std::mem::replace(&mut waiting.has_noticed, true)) {
                tracing::warn!("{}", notice(&url, timeout));
            }
            if waited >= next_probe {
                if !is_working(&url, waited) {
                    let unknown = match self.waiting(|waiting| waiting.is_committing) {
                        true => {
                            ", so it is not known whether the last changes are stored: run the command once more"
                        }
                        false => "",
                    };
                    return format!("{url} has not answered for {} s{unknown}", waited.as_secs());
                }
                next_probe = waited + timeout;
            }
        }
    }
}

/// What is said when a database does not answer soon.
#[must_use]
pub fn notice(url: &DatabaseUrl, timeout: Duration) -> String {
    format!(
        "{url} has not answered for {} s; the program waits for up to {} s. It is busy or cannot be reached, or all \
         connections of a pooler before it are in use",
        NOTICE_AFTER.as_secs(),
        timeout.as_secs()
    )
}
