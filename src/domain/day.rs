//! Calendar days as instants.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// An instant, and the day in a timezone to which it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    pub at: DateTime<Utc>,
    pub today: NaiveDate,
    /// When the day began.
    pub midnight: DateTime<Utc>,
}

impl Now {
    #[must_use]
    pub fn new(at: DateTime<Utc>, timezone: Tz) -> Self {
        let today = at.with_timezone(&timezone).date_naive();
        Self { at, today, midnight: start_of(today, timezone) }
    }
}

/// The instant at which a day begins in a timezone.
#[must_use]
pub fn start_of(day: NaiveDate, timezone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Where the clocks skip the hour after midnight, the day begins an hour later.
    let start = midnight.and_local_timezone(timezone).earliest();
    start.map_or_else(|| midnight.and_utc(), |start| start.to_utc())
}
