//! The time at a fake booking site.

use std::sync::RwLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::runtime::clock::Clock;

/// The calendar day of the huts.
#[must_use]
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&chrono_tz::Europe::Zurich).date_naive()
}

/// The site's time, which a test may set while the site is running.
pub struct SiteClock(RwLock<Clock>);

impl From<Clock> for SiteClock {
    fn from(clock: Clock) -> Self {
        Self(RwLock::new(clock))
    }
}

impl SiteClock {
    /// What time it is at the site.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.read().expect("nobody panics while setting it").now()
    }

    /// Makes it another time at the site, from the next request on.
    pub fn set(&self, clock: Clock) {
        *self.0.write().expect("nobody panics while setting it") = clock;
    }
}
