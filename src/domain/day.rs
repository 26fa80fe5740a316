//! Calendar days as instants.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// The instant at which a day begins.
#[must_use]
pub fn start_of(day: NaiveDate, timezone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // A day that begins with an hour that the clocks leave out begins an hour later.
    let start = midnight.and_local_timezone(timezone).earliest();
    start.map_or_else(|| midnight.and_utc(), |start| start.to_utc())
}
