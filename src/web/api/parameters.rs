//! The parameters of the API.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::query::date;
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
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HutQuery {
    /// The number of dates
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 1)]
    days: Option<Days>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrendQuery {
    /// The number of days of history before the night, or before today if the night is in the future
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 7)]
    limit: Option<Days>,
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
        let list = self.slugs.as_deref().filter(|list| !list.trim().is_empty())?;
        // As it is written, for slugs with capitals, and without capitals.
        let typed = list.split(',').map(str::trim);
        Some(typed.flat_map(|slug| [slug.to_owned(), slug.to_lowercase()]).collect())
    }
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
