//! Ends a command whose PostgreSQL server no longer answers.
//!
//! TCP notices a host that has disappeared ([`super::postgres`]). It does not notice a server, a pooler or a proxy that
//! accepts everything and answers nothing.

use std::cell::RefCell;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, sleep, spawn};
use std::time::{Duration, Instant};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::Db;
use super::open::{Access, connect};
use crate::domain::database_url::DatabaseUrl;

/// How long a statement may wait before a message says so.
pub const NOTICE_AFTER: Duration = Duration::from_secs(5);

/// How often the watch looks.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// How long a second connection may take to find out whether the server still works on a statement.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

thread_local! {
    static OF_THREAD: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// Watches the statements of a thread, which waits for one at a time.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Waiting>>);

#[derive(Clone, Default)]
struct Waiting {
    since: Option<Instant>,
    /// The database that was opened last.
    url: Option<DatabaseUrl>,
    is_committing: bool,
    has_noticed: bool,
}

impl Watch {
    /// Watches all PostgreSQL connections that this thread opens from now on. When one is silent for `timeout`, `end`
    /// is called with the reason, on another thread.
    pub fn start(timeout: Duration, end: impl FnOnce(String) + Send + 'static) {
        let watch = Self::default();
        OF_THREAD.set(Some(watch.clone()));
        // Without a thread to spare there is no watch.
        let _ = Builder::new().spawn(move || end(watch.wait_for_silence(timeout)));
    }

    /// The watch of this thread, if there is one.
    #[must_use]
    pub fn of_thread() -> Option<Self> {
        OF_THREAD.with_borrow(Clone::clone)
    }

    /// Watches the wait for a row of a statement whose rows arrive one by one. Between two rows this program may wait
    /// for whoever reads its output.
    pub fn around<T>(next: impl FnOnce() -> T) -> T {
        let watch = Self::of_thread();
        watch.iter().for_each(Self::begin);
        let next = next();
        watch.iter().for_each(Self::end);
        next
    }

    /// A connection to this database is opened.
    pub fn begin_connecting(&self, url: &DatabaseUrl) {
        self.waiting(|waiting| waiting.url = Some(url.clone()));
        self.begin();
    }

    /// A statement is sent.
    pub fn begin(&self) {
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

    fn wait_for_silence(&self, timeout: Duration) -> String {
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
        "{url} has not answered for {} s, and is given {} s: it is busy or cannot be reached, or all connections of \
         a pooler before it are in use",
        NOTICE_AFTER.as_secs(),
        timeout.as_secs()
    )
}

/// Asks on a second connection whether the server works on a statement that was sent as long ago as this.
fn is_working(url: &DatabaseUrl, waited: Duration) -> bool {
    let (sender, receiver) = mpsc::channel();
    let url = url.clone();
    // The thread is left behind if it gets no answer.
    spawn(move || {
        let asked = connect(&url, Access::ReadOnly)
            .and_then(|mut db| Ok(has_old_statement(&mut db, waited)?));
        let _ = sender.send(asked);
    });
    match receiver.recv_timeout(PROBE_TIMEOUT) {
        Ok(Ok(is_working)) => is_working,
        Ok(Err(error)) => {
            tracing::debug!("{error:#}");
            false
        }
        Err(_) => false,
    }
}

/// Whether the server works on a statement of this user that is older than half of this.
fn has_old_statement(db: &mut Db, waited: Duration) -> QueryResult<bool> {
    let condition = format!(
        "EXISTS (SELECT 1 FROM pg_stat_activity WHERE usename = current_user AND datname = current_database() \
         AND state = 'active' AND pid <> pg_backend_pid() \
         AND query_start < clock_timestamp() - interval '{} s')",
        waited.as_secs() / 2
    );
    diesel::select(sql::<Bool>(&condition)).get_result(db)
}
