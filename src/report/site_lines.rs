//! Lines about one site that several reports share.

use crate::domain::failure::Failure;
use crate::domain::mass_change::MassChange;
use crate::domain::shrunk::Shrunk;
use crate::domain::unknown_values::{UnknownValue, UnknownValues};
use crate::text::humanize::pluralize;

/// The line about a mass change: most known nights of a site have changed at once.
pub fn mass_change(organization: &str, MassChange { huts, share }: &MassChange) -> String {
    let (huts, percent) = (pluralize(*huts, "hut"), (share * 100.0).floor());
    format!(
        "{organization}: mass change: {percent} % of the nights changed at once, at {huts}; check whether the \
         site's answers are right"
    )
}

/// The line about huts whose checks no longer list many of their coming nights.
pub fn shrunk(organization: &str, Shrunk { huts, nights, share }: &Shrunk) -> String {
    let (huts, nights) = (pluralize(*huts, "hut"), pluralize(*nights, "night"));
    let percent = (share * 100.0).floor();
    format!(
        "{organization}: {nights} are no longer listed, {percent} % of the coming ones of {huts}; check whether \
         the site's answers are right"
    )
}

/// The line about values that the program does not know: `hrs: unknown values: hutStatus "FOO" on 3 dates`.
pub fn unknown_values(organization: &str, values: &UnknownValues) -> String {
    let value = |UnknownValue { field, value, count }| {
        format!("{field} {value:?} on {}", pluralize(count, "date"))
    };
    let values: Vec<String> = values.iter().map(value).collect();
    format!("{organization}: values that this version does not know: {}", values.join(", "))
}

/// The line about an abandoned site: how many of its huts were skipped, and why.
pub fn site_abandoned(organization: &str, skipped: usize, why: &Failure) -> String {
    format!("{organization}: {} skipped: {why}", pluralize(skipped, "hut"))
}
