//! Calendar days as instants.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// The instant at which a day begins in a timezone.
#[must_use]
pub fn start_of(day: NaiveDate, timezone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Where the clocks skip the hour after midnight, the day begins an hour later.
    let start = midnight.and_local_timezone(timezone).earliest();
    start.map_or_else(|| midnight.and_utc(), |start| start.to_utc())
}
