//! Checks the stored summary of a hut's listed dates against the dates.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::db::check::Listed;
use crate::domain::diff::StoredDay;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::state::State;
use crate::domain::tier::TierSpan;

/// The contradictions between a stored summary and the listed rows. None if no summary is stored.
#[must_use]
pub fn contradictions(stored: &Listed, rows: &BTreeMap<NaiveDate, StoredDay>) -> Vec<String> {
    let Some(digest) = &stored.content_digest else { return Vec::new() };
    let days: BTreeMap<NaiveDate, State> =
        rows.iter().map(|(date, row)| (*date, row.state)).collect();
    let sources: BTreeSet<_> =
        rows.values().map(|row| (&row.organization, &row.source_hut_id)).collect();
    let mut wrong = Vec::new();
    match sources.first().filter(|_| sources.len() == 1) {
        None => wrong.push(format!(
            "content_digest is for one source, but the {} listed dates have {} sources",
            rows.len(),
            sources.len()
        )),
        Some((organization, source_hut_id)) => {
            let fingerprint = Fingerprint::new(organization, source_hut_id, days.iter());
            if fingerprint.digest != *digest {
                wrong
                    .push(format!("content_digest does not match the {} listed dates", rows.len()));
            }
            let counts = |dates, bookable| format!("{dates} listed, {bookable} of them bookable");
            let (expected, actual) = (
                counts(fingerprint.dates as i32, fingerprint.bookable as i32),
                counts(stored.dates_listed.unwrap_or(-1), stored.dates_bookable.unwrap_or(-1)),
            );
            if actual != expected {
                wrong.push(format!("hut_check counts {actual}, but the rows are {expected}"));
            }
        }
    }
    if let (Some(tier), Some(from), Some(until), Some(next_days)) =
        (stored.tier, stored.tier_from, stored.tier_until, stored.tier_next_days)
    {
        let span = TierSpan::new(from, next_days.unsigned_abs().into(), &days);
        if span.tier != tier || span.until < until {
            wrong.push(format!(
                "the stored tier is {tier} from {from} to {until}, by {next_days} days, but the listed dates make it {} until {}",
                span.tier, span.until
            ));
        }
    }
    wrong
}
