//! The fields of a hut as text, as a file, `huts set` and a discovery write them.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::domain::hut::HutType;
use crate::domain::organization::Organizations;
use crate::text::clean::tidy;

/// The fields of a hut.
#[derive(Clone, Debug, PartialEq)]
pub struct HutFields {
    pub slug: String,
    pub name: String,
    /// Two letters, ISO 3166
    pub country: Option<String>,
    /// Degrees, WGS84
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Metres above sea level
    pub elevation: Option<i16>,
    pub hut_type_open: Option<HutType>,
    pub hut_type_closed: Option<HutType>,
    /// Places with a warden, and without one
    pub capacity_open: Option<i16>,
    pub capacity_closed: Option<i16>,
    pub is_active: bool,
    /// False: the hut is polled and stored, but readers do not see it.
    pub is_public: bool,
    /// The organization whose bookings we follow. None: the hut is not bookable.
    pub booking_ref: Option<String>,
}

impl HutFields {
    /// A hut with all other fields unknown.
    #[must_use]
    pub fn new(slug: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            slug: slug.into(),
            name: name.into(),
            country: None,
            latitude: None,
            longitude: None,
            elevation: None,
            hut_type_open: None,
            hut_type_closed: None,
            capacity_open: None,
            capacity_closed: None,
            is_active: true,
            is_public: true,
            booking_ref: None,
        }
    }
}

/// A field of a hut, named as in the database.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    Slug,
    Name,
    Country,
    Latitude,
    Longitude,
    Elevation,
    HutTypeOpen,
    HutTypeClosed,
    CapacityOpen,
    CapacityClosed,
    IsActive,
    IsPublic,
    BookingRef,
}

impl Field {
    /// Sets the field from text. An empty text makes the field unknown, if it may be unknown.
    ///
    /// # Errors
    /// What is wrong with the text, which is quoted. The hut is unchanged then.
    pub fn set(
        self,
        hut: &mut HutFields,
        text: &str,
        organizations: &Organizations,
    ) -> Result<(), String> {
        let field = self.into();
        match self {
            Self::Slug => hut.slug = slug(text)?,
            Self::Name => hut.name = name(text)?,
            Self::Country => hut.country = country(text)?,
            Self::Latitude => hut.latitude = number(field, text, "a number", -90.0..=90.0)?,
            Self::Longitude => hut.longitude = number(field, text, "a number", -180.0..=180.0)?,
            Self::Elevation => hut.elevation = number(field, text, WHOLE, -500..=9000)?,
            Self::HutTypeOpen => hut.hut_type_open = optional(text, |text| one_of(field, text))?,
            Self::HutTypeClosed => {
                hut.hut_type_closed = optional(text, |text| one_of(field, text))?;
            }
            Self::CapacityOpen => hut.capacity_open = number(field, text, WHOLE, 0..=i16::MAX)?,
            Self::CapacityClosed => hut.capacity_closed = number(field, text, WHOLE, 0..=i16::MAX)?,
            Self::IsActive => hut.is_active = yes_or_no(field, text)?,
            Self::IsPublic => hut.is_public = yes_or_no(field, text)?,
            Self::BookingRef => {
                let organization = optional(text, |slug| organizations.find(field, slug))?;
                hut.booking_ref = organization.map(|organization| organization.to_string());
            }
        }
        Ok(())
    }

    /// The field as text that [`Field::set`] accepts. Empty if the field is unknown.
    #[must_use]
    pub fn text(self, hut: &HutFields) -> String {
        fn format(value: Option<impl Display>) -> String {
            value.map(|value| value.to_string()).unwrap_or_default()
        }
        match self {
            Self::Slug => hut.slug.clone(),
            Self::Name => hut.name.clone(),
            Self::Country => format(hut.country.as_ref()),
            Self::Latitude => format(hut.latitude),
            Self::Longitude => format(hut.longitude),
            Self::Elevation => format(hut.elevation),
            Self::HutTypeOpen => format(hut.hut_type_open),
            Self::HutTypeClosed => format(hut.hut_type_closed),
            Self::CapacityOpen => format(hut.capacity_open),
            Self::CapacityClosed => format(hut.capacity_closed),
            Self::IsActive => hut.is_active.to_string(),
            Self::IsPublic => hut.is_public.to_string(),
            Self::BookingRef => format(hut.booking_ref.as_ref()),
        }
    }

    /// Whether discoveries set the field, unless it is pinned.
    #[must_use]
    pub fn is_discovered(self) -> bool {
        !matches!(self, Self::Slug | Self::IsPublic | Self::BookingRef)
    }

    /// Copies the field from one hut to another.
    pub fn copy(self, from: &HutFields, to: &mut HutFields) {
        match self {
            Self::Slug => to.slug.clone_from(&from.slug),
            Self::Name => to.name.clone_from(&from.name),
            Self::Country => to.country.clone_from(&from.country),
            Self::Latitude => to.latitude = from.latitude,
            Self::Longitude => to.longitude = from.longitude,
            Self::Elevation => to.elevation = from.elevation,
            Self::HutTypeOpen => to.hut_type_open = from.hut_type_open,
            Self::HutTypeClosed => to.hut_type_closed = from.hut_type_closed,
            Self::CapacityOpen => to.capacity_open = from.capacity_open,
            Self::CapacityClosed => to.capacity_closed = from.capacity_closed,
            Self::IsActive => to.is_active = from.is_active,
            Self::IsPublic => to.is_public = from.is_public,
            Self::BookingRef => to.booking_ref.clone_from(&from.booking_ref),
        }
    }
}

/// The longest name, in characters.
pub const MAX_NAME_LEN: usize = 200;

fn name(text: &str) -> Result<String, String> {
    let tidy = tidy(text);
    let text = required("name", &tidy)?;
    if text.chars().count() > MAX_NAME_LEN {
        return Err(format!("the name is longer than {MAX_NAME_LEN} characters"));
    }
    if !text.contains(char::is_alphanumeric) {
        return Err(format!("the name {text:?} has no letter"));
    }
    Ok(text.to_owned())
}

/// Checks that a text is not empty.
pub fn required<'a>(field: &str, text: &'a str) -> Result<&'a str, String> {
    if text.is_empty() { Err(format!("{field} is empty")) } else { Ok(text) }
}

fn optional<T>(text: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some) }
}

/// Slugs are parts of URLs and file names, so they have plain characters only. Huts that were taken over have slugs with
/// capitals and underscores.
fn slug(text: &str) -> Result<String, String> {
    let text = required("slug", text)?;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.chars().all(is_allowed) && !text.starts_with('-') && !text.ends_with('-') {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "the slug {text:?} must have only letters a-z and A-Z, digits, hyphens and underscores"
        ))
    }
}

fn country(text: &str) -> Result<Option<String>, String> {
    optional(text, |text| match text.to_ascii_uppercase() {
        code if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(code),
        _ => Err(format!("the country {text:?} must have two letters, such as CH")),
    })
}

fn yes_or_no(field: &str, text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(format!("{field} {text:?} must be true or false")),
    }
}

/// Parses one of the names of an enum.
pub fn one_of<T: FromStr + VariantNames>(field: &str, text: &str) -> Result<T, String> {
    let names = || T::VARIANTS.join(", ");
    text.parse().map_err(|_| format!("unknown {field} {text:?}; expected one of: {}", names()))
}

const WHOLE: &str = "a whole number";

fn number<T>(
    field: &str,
    text: &str,
    kind: &str,
    range: RangeInclusive<T>,
) -> Result<Option<T>, String>
where
    T: FromStr + PartialOrd + Display,
{
    optional(text, |text| {
        let (min, max) = (range.start(), range.end());
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("{field} {text:?} must be {kind} from {min} to {max}"))
    })
}

#[cfg(test)]
mod tests;
