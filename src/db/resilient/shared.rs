//! What the connections of one run share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::outage::{Outage, TimeLimits};
use crate::db::open::Access;
use crate::db::postgres::{has_pooler, is_pooled};
use crate::db::sqlite::file::HeldFile;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::signal::Signal;
use crate::runtime::timing::Meter;

/// The purpose of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Storing results, which must not be lost.
    Storing,
    /// Coordinating with other runs.
    Coordinating,
}

/// What the connections of one run share.
pub(super) struct Shared {
    /// None for a database in memory, which cannot be reopened.
    pub url: Option<DatabaseUrl>,
    /// The file that every connection must hold; by default any.
    pub file: HeldFile,
    pub access: Access,
    pub stop: watch::Receiver<Option<Signal>>,
    pub meter: Meter,
    pub limits: TimeLimits,
    pub outage: Mutex<Outage>,
}

impl Shared {
    /// Whether there is a pooler that keeps nothing between two transactions.
    pub fn is_pooled(&self) -> bool {
        self.url.as_ref().is_some_and(is_pooled)
    }

    /// Whether there is a pooler, which may have no second connection to give.
    pub fn has_pooler(&self) -> bool {
        self.url.as_ref().is_some_and(has_pooler)
    }

    pub fn outage(&self) -> MutexGuard<'_, Outage> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
