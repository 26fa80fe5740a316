//! Which kinds of failures of a site were warned of, so that a site that is down fills no log.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;

use super::error::SourceError;
use crate::domain::failure::ErrorKind;

/// The kinds of failures so far.
#[derive(Debug, Default)]
pub struct Warnings(Mutex<HashSet<ErrorKind>>);

impl Warnings {
    /// Warns of a request that is sent again after a failure, if that is the first one of its kind.
    pub fn of_retry(&self, url: &Url, error: &SourceError, wait: Duration) {
        let message = format!("{url}: {error}; trying again in {:.1} s", wait.as_secs_f64());
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(error.kind()) {
            tracing::warn!("{message}; --verbose shows the next tries of this kind, too");
        } else {
            tracing::debug!("{message}");
        }
    }
}
