//! Lines about one site that several reports share.

use crate::domain::failure::Failure;
use crate::domain::mass_change::MassChange;
use crate::text::humanize::pluralize;

/// The line about a mass change: most known nights of a site have changed at once.
pub fn mass_change(organization: &str, MassChange { huts, share }: &MassChange) -> String {
    let (huts, percent) = (pluralize(*huts, "hut"), (share * 100.0).floor());
    format!(
        "{organization}: mass change: {percent} % of the nights changed at once, at {huts}; check whether the \
         site's answers are right"
    )
}

/// The line about an abandoned site: how many of its huts were skipped, and why.
pub fn site_abandoned(organization: &str, skipped: usize, why: &Failure) -> String {
    format!("{organization}: {} skipped: {why}", pluralize(skipped, "hut"))
}
