//! Warnings about answers that may be the site's mistake. The answers are stored all the same.

use crate::domain::mass_change::MassChange;
use crate::domain::run::RunResult;
use crate::domain::shrunk::Shrunk;
use crate::domain::unknown_values::UnknownValue;

/// Warns of sites where unusually many nights have changed or are no longer listed, and of values that this version
/// does not know.
pub fn warn(run: &RunResult) {
    for site in run.sites() {
        let organization = site.organization;
        if let Some(MassChange { huts, share }) = site.mass_change {
            tracing::warn!(
                organization,
                huts,
                share,
                "mass change: check whether the site's answers are right"
            );
        }
        if let Some(Shrunk { huts, nights, share }) = site.shrunk {
            tracing::warn!(
                organization,
                huts,
                nights,
                share,
                "huts no longer list many of their coming nights: check whether the site's answers are right"
            );
        }
        for UnknownValue { field, value, count } in site.unknown_values.iter() {
            tracing::warn!(
                organization,
                field,
                value,
                count,
                "this version does not know a value of the site"
            );
        }
    }
}
