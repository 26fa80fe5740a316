//! The clock of a fake booking site.

use std::sync::RwLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::runtime::clock::Clock;

/// The date in the time zone of the huts, Europe/Zurich.
#[must_use]
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&chrono_tz::Europe::Zurich).date_naive()
}

/// The site's clock. Tests may set it while the site is running.
pub struct SiteClock(RwLock<Clock>);

impl From<Clock> for SiteClock {
    fn from(clock: Clock) -> Self {
        Self(RwLock::new(clock))
    }
}

impl SiteClock {
    /// The current time at the site.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.read().expect("no thread panics while it sets the clock").now()
    }

    /// Sets the clock, from the next request on.
    pub fn set(&self, clock: Clock) {
        *self.0.write().expect("no thread panics while it sets the clock") = clock;
    }
}
