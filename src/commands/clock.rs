//! What a run does about clocks that are wrong, and about instants in the future that were stored by one.

use std::ops::RangeInclusive;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::db::connection::Db;
use crate::db::timestamp;
use crate::domain::calendar::is_date;
use crate::domain::failure::{ErrorKind, Failure};
use crate::domain::run::HutResult;
use crate::domain::schedule::SelectedHut;
use crate::runtime::clock::{Clock, MAX_DIFFERENCE, clocks_differ};

/// Refuses an `--as-of` in the future. `consequence` says what it would do.
///
/// # Errors
/// The instant is in the future, and `--allow-future` is not given.
pub fn refuse_future(clock: Clock, allow_future: bool, consequence: &str) -> anyhow::Result<()> {
    let now = Clock::System.now();
    match clock {
        Clock::StoppedAt(at) if at > now && !allow_future => bail!(
            "--as-of {} is in the future, because it is {} now: {consequence}; if you want that, add \
             --allow-future",
            in_seconds(at),
            in_seconds(now)
        ),
        _ => Ok(()),
    }
}

/// Refuses an `--as-of` so late, or so early, that the run would store dates which the databases do not store alike.
///
/// # Errors
/// One of the dates is none of the years 1 to 9999.
pub fn refuse_odd_dates(dates: &RangeInclusive<NaiveDate>) -> anyhow::Result<()> {
    let (first, last) = (dates.start(), dates.end());
    if !is_date(*first) || !is_date(*last) {
        bail!(
            "the run would store the dates {first} to {last}, and dates are of the years 1 to 9999: give an --as-of \
             or --days that stays within them"
        );
    }
    Ok(())
}

/// Compares this machine's clock with the database's.
///
/// # Errors
/// They differ by more than [`MAX_DIFFERENCE`], in either direction.
pub fn compare_with_database(db: &mut Db, clock: Clock) -> anyhow::Result<()> {
    // SQLite has no clock of its own.
    if clock != Clock::System || matches!(db, Db::Sqlite(_)) {
        return Ok(());
    }
    let database = timestamp::now(db).context("cannot read the clock of the database")?;
    let (here, database) = (clock.now(), DateTime::<Utc>::from(database));
    if (here - database).abs() > MAX_DIFFERENCE {
        bail!("the clocks differ: {}", clocks_differ(here, database));
    }
    Ok(())
}

/// Takes out the huts whose last check is stored at an instant in the future. They are not asked, because every
/// answer would be older than what is stored. Returns the other huts, and the results of these.
pub fn refuse_huts_of_the_future(
    huts: Vec<SelectedHut>,
    clock: Clock,
    now: DateTime<Utc>,
) -> (Vec<SelectedHut>, Vec<HutResult>) {
    if clock != Clock::System {
        return (huts, Vec::new());
    }
    let (refused, huts): (Vec<_>, Vec<_>) =
        huts.into_iter().partition(|hut| hut.latest_instant > Some(now + MAX_DIFFERENCE));
    let result = |hut: SelectedHut| {
        let at = hut.latest_instant.map(in_seconds).unwrap_or_default();
        let now = in_seconds(now);
        let why = format!(
            "its last check is stored at {at}, but it is {now} now, so the hut is not asked: if this machine's clock \
             is right, run `hut-availability repair`"
        );
        HutResult::failed(&hut, Failure::new(ErrorKind::Clock, &why))
    };
    (huts, refused.into_iter().map(result).collect())
}

fn in_seconds(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
