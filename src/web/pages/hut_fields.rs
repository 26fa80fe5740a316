//! The fields, booking sites and last check of a hut, as its page shows them. Pure functions.

use super::format::{self, Label};
use super::times::{Moment, Times};
use crate::db::check::HutCheck;
use crate::domain::field::HutFields;
use crate::domain::register::Hut;

/// A field with its name.
pub struct Field {
    pub name: &'static str,
    pub value: String,
}

/// A booking site that lists the hut.
pub struct SourceView {
    pub organization: String,
    pub source_hut_id: String,
    pub link: Option<String>,
    /// The text that the site gives as a link, if it is not an HTTP or HTTPS URL. It is shown, but not
    /// linked.
    pub invalid_link: Option<String>,
    /// A remark; may be empty.
    pub note: &'static str,
}

/// The last check.
pub struct CheckView {
    pub last_checked: Option<Moment>,
    pub last_success: Option<Moment>,
    pub failures: i32,
    pub failing_since: Option<Moment>,
    pub last_error: Option<String>,
}

/// The fields of a hut; a missing value is shown as "unknown".
#[must_use]
pub fn fields(hut: &HutFields) -> Vec<Field> {
    let unknown = || "unknown".to_owned();
    let coordinates = hut.latitude.zip(hut.longitude);
    let count = |places: Option<i16>| places.map_or_else(unknown, |places| places.to_string());
    let hut_type = |hut_type: Option<crate::domain::hut::HutType>| {
        hut_type.map_or_else(unknown, |hut_type| hut_type.label().to_owned())
    };
    let field = |name, value| Field { name, value };
    vec![
        field("Country", hut.country.clone().unwrap_or_else(unknown)),
        field(
            "Location",
            coordinates.map_or_else(unknown, |(lat, lon)| format!("{lat:.5}, {lon:.5}")),
        ),
        field("Elevation", hut.elevation.map_or_else(unknown, |metres| format!("{metres} m"))),
        field("Type with a warden", hut_type(hut.hut_type_open)),
        field("Places with a warden", count(hut.capacity_open)),
        field("Type without a warden", hut_type(hut.hut_type_closed)),
        field("Places without a warden", count(hut.capacity_closed)),
        field(
            "Polled",
            match (&hut.booking_ref, hut.is_active) {
                (None, _) => "no: the hut is not bookable".into(),
                (Some(_), false) => "no: the hut is inactive".into(),
                (Some(organization), true) => format!("yes, at {}", format::text(organization)),
            },
        ),
    ]
}

/// The booking sites that list the hut.
#[must_use]
pub fn sources(hut: &Hut) -> Vec<SourceView> {
    let sources = hut.sources.iter().map(|(organization, source)| {
        let link = format::web_link(source.link.as_deref());
        let invalid_link =
            if link.is_none() { source.link.as_deref().map(format::text) } else { None };
        let note = match (&source.moved_to, hut.fields.booking_ref.as_ref() == Some(organization)) {
            (Some(_), _) => "another hut has this ID now",
            (None, true) => "the source of the availability on this page",
            (None, false) => "",
        };
        SourceView {
            organization: format::text(organization),
            source_hut_id: format::text(&source.source_hut_id),
            link,
            invalid_link,
            note,
        }
    });
    sources.collect()
}

/// The last check of a hut.
#[must_use]
pub fn check(check: &HutCheck, times: &Times) -> CheckView {
    CheckView {
        last_checked: check.last_checked.map(|at| times.ago(at.into())),
        last_success: check.last_success.map(|at| times.ago(at.into())),
        failures: check.consecutive_failures,
        failing_since: check.failing_since.map(|at| times.at(at.into())),
        last_error: check.last_error.as_deref().map(format::text),
    }
}
