//! The fields, booking sites and last check of a hut, as its page shows them. Pure functions.

use super::format::{self, Label};
use super::times::{Moment, Times};
use crate::db::check::HutCheck;
use crate::domain::field::HutFields;
use crate::domain::register::Hut;
use crate::text::texts::Texts;

/// A field with its name.
pub struct Field {
    pub name: String,
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
    pub note: String,
}

/// The last check.
pub struct CheckView {
    pub last_checked: Option<Moment>,
    pub last_success: Option<Moment>,
    pub failures: i32,
    pub failing_since: Option<Moment>,
    /// The last answer, if the last checks have failed since.
    pub not_checked_since: Option<Moment>,
    pub last_error: Option<String>,
}

/// The link to the page where the hut is booked.
pub struct Booking {
    pub link: String,
    pub label: String,
}

/// Country, elevation and booking site, as far as they are known.
#[must_use]
pub fn facts(t: Texts, hut: &Hut) -> Vec<String> {
    let Hut { fields, .. } = hut;
    let country = fields.country.as_deref().map(|code| format::country(t, code));
    let metres = fields.elevation.map(|metres| t.with("metres", "metres", metres).to_string());
    country.into_iter().chain(metres).chain(site(hut)).collect()
}

/// The booking site of the hut: the host of its page, or the organization if no page is known.
fn site(hut: &Hut) -> Option<String> {
    let (organization, source) = hut.followed()?;
    let link = format::web_link(source.link.as_deref());
    Some(link.and_then(|link| host(&link)).unwrap_or_else(|| format::text(organization)))
}

/// The host of a link, as people know it.
#[must_use]
pub fn host(link: &str) -> Option<String> {
    let url: reqwest::Url = link.parse().ok()?;
    let host = url.host_str()?;
    Some(format::text(host.strip_prefix("www.").unwrap_or(host)))
}

/// The page where the hut is booked; none if it is not known.
#[must_use]
pub fn booking(t: Texts, hut: &Hut) -> Option<Booking> {
    let (_, source) = hut.followed()?;
    let link = format::web_link(source.link.as_deref())?;
    let label = t.with("book-at", "organization", site(hut)?).to_string();
    Some(Booking { link, label })
}

/// What hikers may want to know of a hut; a missing value is shown as "unknown".
#[must_use]
pub fn about(t: Texts, hut: &HutFields) -> Vec<Field> {
    let unknown = || t.get("unknown");
    let coordinates = hut.latitude.zip(hut.longitude);
    let count = |places: Option<i16>| places.map_or_else(unknown, |places| places.to_string());
    let hut_type = |hut_type: Option<crate::domain::hut::HutType>| {
        hut_type.map_or_else(unknown, |hut_type| hut_type.label(t))
    };
    let field = |name, value| Field { name: t.get(name), value };
    vec![
        field(
            "location",
            coordinates.map_or_else(unknown, |(lat, lon)| format!("{lat:.5}, {lon:.5}")),
        ),
        field("type-open", hut_type(hut.hut_type_open)),
        field("places-open", count(hut.capacity_open)),
        field("type-closed", hut_type(hut.hut_type_closed)),
        field("places-closed", count(hut.capacity_closed)),
    ]
}

/// Whether the hut is polled, and where.
#[must_use]
pub fn polled(t: Texts, hut: &HutFields) -> Field {
    let value = match (&hut.booking_ref, hut.is_active) {
        (None, _) => t.get("not-bookable"),
        (Some(_), false) => t.get("inactive"),
        (Some(organization), true) => {
            t.with("polled-at", "organization", format::text(organization)).to_string()
        }
    };
    Field { name: t.get("polled"), value }
}

/// The booking sites that list the hut.
#[must_use]
pub fn sources(t: Texts, hut: &Hut) -> Vec<SourceView> {
    let sources = hut.sources.iter().map(|(organization, source)| {
        let link = format::web_link(source.link.as_deref());
        let invalid_link =
            if link.is_none() { source.link.as_deref().map(format::text) } else { None };
        let note = match (&source.moved_to, hut.fields.booking_ref.as_ref() == Some(organization)) {
            (Some(_), _) => t.get("source-moved"),
            (None, true) => t.get("source-of-page"),
            (None, false) => String::new(),
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
        not_checked_since: check
            .last_success
            .filter(|_| check.consecutive_failures > 0)
            .map(|at| times.at(at.into())),
        failures: check.consecutive_failures,
        failing_since: check.failing_since.map(|at| times.at(at.into())),
        last_error: check.last_error.as_deref().map(format::text),
    }
}
