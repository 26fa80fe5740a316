//! Courses of huts from captured days, and from the history of a database.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, ensure};
use chrono::{NaiveDate, TimeDelta};

use super::world::{ChangeSpan, Course, Nights, midnight};
use crate::db::hut_history::HutHistory;
use crate::domain::availability::{Adjustments, SiteDay, SiteStatus};
use crate::domain::hut::HutTypes;
use crate::simulate::clock::today;
use crate::simulate::ffcam::snapshots as ffcam;
use crate::simulate::snapshots as hrs;

/// A change of the database happened at most this long before a check saw it.
const MAX_UNSEEN: TimeDelta = TimeDelta::hours(24);

/// The huts by slug, and their nights on each captured day.
type Days = BTreeMap<String, BTreeMap<NaiveDate, Nights>>;

/// The courses of the huts of a file of captured days: of hut-reservation.org or centrale.ffcam.fr, as its columns
/// say. Only captures of `days` count, and only nights within `ahead` days of their capture.
///
/// # Errors
/// The file cannot be read, or has not two captured days of any hut.
pub fn read(
    path: &Path,
    days: &RangeInclusive<NaiveDate>,
    ahead: i64,
) -> anyhow::Result<Vec<Course>> {
    let unreadable = || format!("cannot read {}", path.display());
    let mut captures = Days::new();
    let mut add = |hut: String, day: NaiveDate, night: SiteDay| {
        if days.contains(&day) && (0..ahead).contains(&(night.date - day).num_days()) {
            let state = night.state(&HutTypes::default(), &mut Adjustments::default());
            let nights: &mut Nights = captures.entry(hut).or_default().entry(day).or_default();
            nights.insert(night.date, state);
        }
    };
    if header(path).with_context(unreadable)? == ffcam::HEADER {
        for snapshot in ffcam::read(path).with_context(unreadable)? {
            let night = of_ffcam(&snapshot);
            add(snapshot.structure, today(snapshot.fetched_at), night);
        }
    } else {
        for snapshot in hrs::read(path).with_context(unreadable)? {
            let night = of_hrs(&snapshot);
            add(snapshot.hut_id, snapshot.fetched_on, night);
        }
    }
    let courses = captures.iter().filter_map(|(hut, days)| Course::of_days(hut, days));
    let courses: Vec<Course> = courses.collect();
    ensure!(
        !courses.is_empty(),
        "{} has no hut that was captured on two days from {} to {}",
        path.display(),
        days.start(),
        days.end()
    );
    Ok(courses)
}

fn header(path: &Path) -> std::io::Result<String> {
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(hrs::open(path)?), &mut line)?;
    Ok(line.trim_end().to_owned())
}

fn of_hrs(snapshot: &hrs::Snapshot) -> SiteDay {
    let is_closed = snapshot.hut_status == "CLOSED";
    SiteDay {
        date: snapshot.date,
        free: snapshot.free_beds.map(i64::from),
        total: Some(snapshot.total_sleeping_places.into()),
        status: if is_closed { SiteStatus::Closed } else { SiteStatus::Unsaid },
        unattended: false,
    }
}

fn of_ffcam(snapshot: &ffcam::FfcamSnapshot) -> SiteDay {
    SiteDay {
        date: snapshot.date,
        free: Some(snapshot.free.into()),
        total: None,
        status: SiteStatus::Unsaid,
        unattended: false,
    }
}

/// The course of a hut of a database over some days. A change is known by the check that saw it.
#[must_use]
pub fn of_history(hut: HutHistory, days: &RangeInclusive<NaiveDate>) -> Course {
    let (begin, end) = (midnight(*days.start()), midnight(*days.end()));
    let (mut nights, mut changes) = (Nights::new(), Vec::new());
    for (date, entries) in hut.entries {
        let mut before = None;
        for (at, state) in entries {
            let since = before.replace(at);
            if at <= begin {
                nights.insert(date, state);
            } else if at <= end {
                let earliest = since.unwrap_or(at).max(begin).max(at - MAX_UNSEEN);
                changes.push(ChangeSpan {
                    after: earliest,
                    until: at,
                    date,
                    state: Some(state),
                    is_new: since.is_none(),
                });
            }
        }
    }
    Course { slug: hut.slug, begin, end, nights, changes }
}

#[cfg(test)]
mod tests;
