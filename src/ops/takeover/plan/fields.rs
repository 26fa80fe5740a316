//! The fields of a hut, and how its type is shown.

use std::collections::{BTreeMap, BTreeSet};

use super::taken::{NotTaken, Subject, TypeLook};
use crate::domain::field::{HutFields, MAX_NAME_LEN};
use crate::domain::hut::HutType;
use crate::domain::register::Hut;
use crate::domain::takeover::point::parse_point;
use crate::ops::takeover::theirs::register::{TheirHut, TheirType};
use crate::text::clean::tidy;

/// Metres above sea level, as `huts set` allows them.
const ELEVATIONS: std::ops::RangeInclusive<f64> = -500.0..=9000.0;

/// The longest identifier that is stored, in characters.
const MAX_IDENTIFIER_LEN: usize = 50;

/// The fields of a hut, without its organizations. Values that cannot be stored are unknown, and named.
///
/// # Errors
/// The hut cannot be taken.
pub fn typed(
    their: &TheirHut,
    types: &BTreeMap<i64, HutType>,
    not_taken: &mut BTreeSet<NotTaken>,
) -> Result<(i32, Hut), NotTaken> {
    let name = if their.slug.is_empty() { format!("hut {}", their.id) } else { their.slug.clone() };
    let refuse =
        |reason: String| NotTaken { subject: Subject::Hut, name: name.clone(), number: 1, reason };
    let Some(id) = i32::try_from(their.id).ok().filter(|id| *id > 0) else {
        return Err(refuse(format!("its ID {} is not from 1 to {}", their.id, i32::MAX)));
    };
    if their.slug.is_empty() {
        return Err(refuse("its slug is empty".into()));
    }
    let mut unknown = |field: &str, reason: String| {
        not_taken.insert(NotTaken {
            subject: Subject::Field,
            name: format!("{field} of {}", their.slug),
            number: 1,
            reason,
        });
    };
    let hut_name: String = tidy(&their.name).chars().take(MAX_NAME_LEN).collect();
    let mut fields = HutFields::new(
        their.slug.clone(),
        if hut_name.is_empty() { their.slug.clone() } else { hut_name },
    );
    let country = their.country.trim().to_ascii_uppercase();
    if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        fields.country = Some(country);
    } else if !country.is_empty() {
        unknown("country", format!("{:?} does not have two letters", their.country));
    }
    match their.location.as_deref().map(parse_point) {
        Some(Ok(Some(point))) => {
            (fields.latitude, fields.longitude) = (Some(point.latitude), Some(point.longitude));
        }
        Some(Err(why)) => {
            let text = their.location.as_deref().unwrap_or_default();
            unknown("location", format!("{text:?} is not a point: {why}"));
        }
        Some(Ok(None)) | None => {}
    }
    if let Some(metres) = their.elevation {
        if ELEVATIONS.contains(&metres) {
            #[expect(clippy::cast_possible_truncation, reason = "it is within the range of i16")]
            let metres = metres.round() as i16;
            fields.elevation = Some(metres);
        } else {
            let (min, max) = (ELEVATIONS.start(), ELEVATIONS.end());
            unknown("elevation", format!("{metres} is not from {min} to {max}"));
        }
    }
    let mut capacity = |field, places: Option<i32>| {
        let places = places?;
        let stored = i16::try_from(places).ok().filter(|places| *places >= 0);
        if stored.is_none() {
            unknown(field, format!("{places} is not from 0 to {}", i16::MAX));
        }
        stored
    };
    fields.capacity_open = capacity("capacity_open", their.capacity_open);
    fields.capacity_closed = capacity("capacity_closed", their.capacity_closed);
    fields.hut_type_open = their.hut_type_open.and_then(|id| types.get(&id).copied());
    fields.hut_type_closed = their.hut_type_closed.and_then(|id| types.get(&id).copied());
    (fields.is_active, fields.is_public) = (their.is_active, their.is_public);
    Ok((id, Hut::new(fields)))
}

/// How a hut type is shown. What cannot be stored is left as it is, and named.
pub fn type_look(
    their: &TheirType,
    hut_type: HutType,
    not_taken: &mut BTreeSet<NotTaken>,
) -> TypeLook {
    let mut leave = |reason: String| {
        not_taken.insert(NotTaken {
            subject: Subject::HutType,
            name: their.slug.clone(),
            number: 1,
            reason,
        });
    };
    let identifier = their.identifier.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let identifier = identifier.filter(|text| {
        let is_short = text.chars().count() <= MAX_IDENTIFIER_LEN;
        if !is_short {
            leave(format!("its identifier {text:?} has more than {MAX_IDENTIFIER_LEN} characters"));
        }
        is_short
    });
    let color = their.color.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let stored = color.and_then(parse_color);
    if let (Some(color), None) = (color, &stored) {
        leave(format!("its colour {color:?} is not one such as #c1440e"));
    }
    TypeLook {
        hut_type,
        identifier: identifier.map(str::to_owned),
        color: stored,
        order: their.order.and_then(|order| i32::try_from(order).ok()),
    }
}

/// `#RRGGBB`, `#RRGGBBAA` or `#RGB` as `#rrggbb`.
fn parse_color(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?.to_ascii_lowercase();
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        6 | 8 => Some(format!("#{}", &digits[..6])),
        3 => Some(format!(
            "#{}",
            digits.chars().flat_map(|digit| [digit, digit]).collect::<String>()
        )),
        _ => None,
    }
}
