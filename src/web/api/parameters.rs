//! The parameters of the API.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::domain::geo::Bounds;
use crate::query::date;
use crate::text::language::Language;
use crate::web::problem::Problem;
use crate::web::query::Number;

/// The number of dates in a request.
type Days = Number<1, 365>;
/// The largest value of `offset` and `limit`: far more than there are huts.
const MAX_HUTS: u32 = 1_000_000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MapPath {
    /// The first date
    #[param(schema_with = date_schema, example = "weekend")]
    pub date: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct HutPath {
    #[param(example = "watzmannhaus")]
    pub slug: String,
    #[param(schema_with = date_schema, example = "weekend")]
    pub date: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MapQuery {
    /// The slugs of the huts to include, separated by commas; all huts if it is empty
    #[param(example = "watzmannhaus,blaueishuette")]
    slugs: Option<String>,
    /// The number of dates
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 1)]
    days: Option<Days>,
    /// The number of huts to skip
    #[param(value_type = Option<u32>, minimum = 0, maximum = 1_000_000, default = 0)]
    offset: Option<Number<0, MAX_HUTS>>,
    /// The maximum number of huts; all huts if it is not given
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1_000_000)]
    limit: Option<Number<1, MAX_HUTS>>,
    /// Only the huts in this rectangle: `minLon,minLat,maxLon,maxLat` in degrees (WGS84). It must not cross the
    /// antimeridian
    #[param(value_type = Option<String>, example = "7.5,45.8,8.5,46.6")]
    pub bbox: Option<Parsed<Bounds>>,
    /// The language of names
    #[param(schema_with = language_schema, required = false)]
    pub lang: Option<Parsed<Language>>,
}

/// The query of the deprecated paths.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BookingsQuery {
    /// The slugs of the huts to include, separated by commas; all huts if it is empty
    #[param(example = "watzmannhaus,blaueishuette")]
    slugs: Option<String>,
    /// The number of dates
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 1)]
    days: Option<Days>,
    /// The first date
    #[param(schema_with = date_schema, required = false)]
    date: Option<String>,
}

/// A value that is parsed from text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed<T>(pub T);

impl<'de, T: FromStr<Err: std::fmt::Display>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

/// The language of a request; English if it names none.
#[must_use]
pub fn language(lang: Option<Parsed<Language>>) -> Language {
    lang.map(|lang| lang.0).unwrap_or_default()
}

fn language_schema() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Language::ALL.map(Language::code)))
        .default(Some(Language::default().code().into()))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HutQuery {
    /// The number of dates
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 1)]
    days: Option<Days>,
    /// The language of names
    #[param(schema_with = language_schema, required = false)]
    pub lang: Option<Parsed<Language>>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrendQuery {
    /// The number of days of history before the night, or before today if the night is in the future
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 7)]
    limit: Option<Days>,
    /// The language of names. A trend has none
    #[param(schema_with = language_schema, required = false)]
    #[expect(dead_code, reason = "only its value is checked")]
    lang: Option<Parsed<Language>>,
}

impl MapQuery {
    #[must_use]
    pub fn days(&self) -> u16 {
        days_or(self.days, 1)
    }

    /// The page of huts: how many to skip, and how many to return at most.
    #[must_use]
    pub fn page(&self) -> (usize, usize) {
        let offset = self.offset.map_or(0, Number::get);
        let limit = self.limit.map_or(MAX_HUTS, Number::get);
        (offset as usize, limit as usize)
    }

    /// The listed slugs; none if the list is empty, which means all huts.
    #[must_use]
    pub fn slugs(&self) -> Option<Vec<String>> {
        slugs(self.slugs.as_deref())
    }
}

impl BookingsQuery {
    #[must_use]
    pub fn days(&self) -> u16 {
        days_or(self.days, 1)
    }

    #[must_use]
    pub fn date(&self) -> &str {
        self.date.as_deref().unwrap_or("now")
    }

    /// See [`MapQuery::slugs`].
    #[must_use]
    pub fn slugs(&self) -> Option<Vec<String>> {
        slugs(self.slugs.as_deref())
    }
}

/// Slugs that are separated by commas, as they are written and in lower case: those that another program has made may
/// have capitals.
fn slugs(list: Option<&str>) -> Option<Vec<String>> {
    let list = list.filter(|list| !list.trim().is_empty())?;
    let mut slugs: Vec<String> = list.split(',').map(|slug| slug.trim().to_owned()).collect();
    slugs.extend(list.split(',').map(|slug| slug.trim().to_lowercase()));
    slugs.sort();
    slugs.dedup();
    Some(slugs)
}

impl HutQuery {
    #[must_use]
    pub fn days(&self) -> u16 {
        days_or(self.days, 1)
    }
}

impl TrendQuery {
    #[must_use]
    pub fn days_before(&self) -> u16 {
        days_or(self.limit, 7)
    }
}

fn days_or(days: Option<Days>, default: u16) -> u16 {
    days.map_or(default, |days| u16::try_from(days.get()).unwrap_or(u16::MAX))
}

/// Parses the date in a path.
///
/// # Errors
/// The text is not a date.
pub fn date(text: &str, today: NaiveDate) -> Result<NaiveDate, Problem> {
    date::parse(text, today).map_err(|error| Problem::bad_parameter("date", error.to_string()))
}

/// The schema of a date. The pattern accepts days that the calendar does not have, such as 31 February.
pub(super) fn date_schema() -> ObjectBuilder {
    const PATTERN: &str = "^(now|today|weekend\
        |([0-9]{2}|[0-9]{4})[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])\
        |(0?[1-9]|[12][0-9]|3[01])\\.(0?[1-9]|1[0-2])\\.([0-9]{2}|[0-9]{4}))$";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(PATTERN))
        .description(Some(format!("A date. `weekend` is the coming Saturday, or today if that is a Saturday. Accepted forms: {}", date::FORMS)))
}
