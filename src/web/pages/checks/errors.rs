//! The errors of the failing huts by their kind. Pure functions.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::db::pages::checks::CheckedHut;
use crate::web::pages::format;

/// The huts of a kind that are named.
const MAX_NAMED: usize = 3;

/// A kind of error at a booking site.
pub struct KindRow {
    pub organization: String,
    /// A kind of the report, such as `timeout`; empty if the error is not stored.
    pub kind: String,
    pub huts: usize,
    /// The first huts, each with its link.
    pub first: Vec<(String, String)>,
    pub more: usize,
    /// The message of the first hut.
    pub example: String,
}

/// The errors by booking site and kind, the most huts first.
#[must_use]
pub fn by_kind(failing: &[&CheckedHut]) -> Vec<KindRow> {
    let mut kinds: BTreeMap<(&str, &str), Vec<&CheckedHut>> = BTreeMap::new();
    for hut in failing {
        let organization = hut.booking_ref.as_deref().unwrap_or_default();
        kinds.entry((organization, kind_and_message(hut).0)).or_default().push(hut);
    }
    let mut rows: Vec<KindRow> = kinds.into_iter().map(row).collect();
    rows.sort_by_key(|row| Reverse(row.huts));
    rows
}

fn row(((organization, kind), huts): ((&str, &str), Vec<&CheckedHut>)) -> KindRow {
    let named = huts.iter().take(MAX_NAMED);
    KindRow {
        organization: format::text(organization),
        kind: format::text(kind),
        first: named.map(|hut| (format::hut_url(&hut.slug), format::text(&hut.name))).collect(),
        more: huts.len().saturating_sub(MAX_NAMED),
        example: huts.first().map(|hut| format::text(kind_and_message(hut).1)).unwrap_or_default(),
        huts: huts.len(),
    }
}

/// An error is stored as its kind, a colon and a message.
fn kind_and_message(hut: &CheckedHut) -> (&str, &str) {
    let error = hut.check.last_error.as_deref().unwrap_or_default();
    error.split_once(": ").unwrap_or(("", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::check::HutCheck;

    fn hut(slug: &str, organization: &str, error: Option<&str>) -> CheckedHut {
        CheckedHut {
            slug: slug.into(),
            name: slug.to_uppercase(),
            is_active: true,
            booking_ref: Some(organization.into()),
            check: HutCheck { last_error: error.map(str::to_owned), ..HutCheck::default() },
        }
    }

    #[test]
    fn errors_are_grouped_by_site_and_kind_and_the_most_come_first() {
        let huts = [
            hut("a", "hrs", Some("timeout: no answer within 30 s")),
            hut("b", "hrs", Some("connect: connection refused")),
            hut("c", "hrs", Some("connect: connection reset")),
            hut("d", "ffcam", Some("connect: connection refused")),
            hut("e", "hrs", None),
        ];
        let rows = by_kind(&huts.iter().collect::<Vec<_>>());
        let rows: Vec<_> = rows
            .iter()
            .map(|row| (row.organization.as_str(), row.kind.as_str(), row.huts, &*row.example))
            .collect();
        assert_eq!(
            rows,
            [
                ("hrs", "connect", 2, "connection refused"),
                ("ffcam", "connect", 1, "connection refused"),
                ("hrs", "", 1, ""),
                ("hrs", "timeout", 1, "no answer within 30 s"),
            ]
        );
    }
}
