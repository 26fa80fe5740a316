//! What is kept in short of a hut's listed dates, against the dates.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::db::check::Listed;
use crate::domain::availability::State;
use crate::domain::diff::StoredDay;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::tier::TierSpan;

/// What of `kept` the rows that are listed do not say. Nothing where nothing is kept.
#[must_use]
pub fn contradictions(kept: &Listed, rows: &BTreeMap<NaiveDate, StoredDay>) -> Vec<String> {
    let Some(digest) = &kept.content_digest else { return Vec::new() };
    let days: BTreeMap<NaiveDate, State> =
        rows.iter().map(|(date, row)| (*date, row.state)).collect();
    let sources: BTreeSet<_> =
        rows.values().map(|row| (&row.organization, &row.source_hut_id)).collect();
    let mut wrong = Vec::new();
    match sources.first().filter(|_| sources.len() == 1) {
        None => wrong.push(format!(
            "content_digest is of one source, yet the {} listed dates are of {}",
            rows.len(),
            sources.len()
        )),
        Some((organization, source_hut_id)) => {
            let content = Fingerprint::new(organization, source_hut_id, days.iter());
            if content.digest != *digest {
                wrong
                    .push(format!("content_digest is not that of the {} listed dates", rows.len()));
            }
            let counts = |dates, bookable| format!("{dates} listed, {bookable} of them bookable");
            let (said, so) = (
                counts(kept.dates_listed.unwrap_or(-1), kept.dates_bookable.unwrap_or(-1)),
                counts(content.dates as i32, content.bookable as i32),
            );
            if said != so {
                wrong.push(format!("its dates are said to be {said}; they are {so}"));
            }
        }
    }
    if let (Some(tier), Some(from), Some(until), Some(next_days)) =
        (kept.tier, kept.tier_from, kept.tier_until, kept.tier_next_days)
    {
        let span = TierSpan::new(from, next_days.unsigned_abs().into(), &days);
        if span.tier != tier || span.until < until {
            wrong.push(format!(
                "the tier is said to be {tier} from {from} to {until}, by {next_days} days; by its dates it is {} to {}",
                span.tier, span.until
            ));
        }
    }
    wrong
}
