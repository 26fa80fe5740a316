//! Lines about one site that several reports have in common.

use crate::domain::failure::Failure;
use crate::domain::mass_change::MassChange;
use crate::text::humanize::pluralize;

/// A line for a site of whose huts most of what was known has changed at once.
pub fn mass_change(organization: &str, MassChange { huts, share }: &MassChange) -> String {
    let (huts, percent) = (pluralize(*huts, "hut"), (share * 100.0).floor());
    format!("{organization}: mass change: {percent} % at once, at {huts}; look whether it is true")
}

/// A line for a site that was left: so many of its huts were skipped, and why.
pub fn left(organization: &str, skipped: usize, why: &Failure) -> String {
    format!("{organization}: {} skipped: {why}", pluralize(skipped, "hut"))
}
