//! What the API can be asked for.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::query::date;
use crate::web::problem::Problem;
use crate::web::query::Number;

/// How many dates a request may be about.
type Days = Number<1, 365>;
/// Far more than there are huts.
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
    /// These huts alone, parted by commas; all, where it is empty
    #[param(example = "watzmannhaus,blaueishuette")]
    slugs: Option<String>,
    /// How many dates
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 1)]
    days: Option<Days>,
    /// How many huts are passed over
    #[param(value_type = Option<u32>, minimum = 0, maximum = 1_000_000, default = 0)]
    offset: Option<Number<0, MAX_HUTS>>,
    /// How many huts at most: all, where it is not given
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1_000_000)]
    limit: Option<Number<1, MAX_HUTS>>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HutQuery {
    /// How many dates
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 1)]
    days: Option<Days>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrendQuery {
    /// How many days back
    #[param(value_type = Option<u32>, minimum = 1, maximum = 365, default = 7)]
    limit: Option<Days>,
}

impl MapQuery {
    #[must_use]
    pub fn days(&self) -> u16 {
        whole(self.days, 1)
    }

    /// The page of huts: how many are passed over, and how many follow.
    #[must_use]
    pub fn page(&self) -> (usize, usize) {
        let offset = self.offset.map_or(0, Number::get);
        let limit = self.limit.map_or(MAX_HUTS, Number::get);
        (offset as usize, limit as usize)
    }

    /// The slugs that are listed; none where the list is empty, which is every hut.
    #[must_use]
    pub fn slugs(&self) -> Option<Vec<String>> {
        let list = self.slugs.as_deref().filter(|list| !list.trim().is_empty())?;
        Some(list.split(',').map(|slug| slug.trim().to_lowercase()).collect())
    }
}

impl HutQuery {
    #[must_use]
    pub fn days(&self) -> u16 {
        whole(self.days, 1)
    }
}

impl TrendQuery {
    #[must_use]
    pub fn days_before(&self) -> u16 {
        whole(self.limit, 7)
    }
}

fn whole(days: Option<Days>, default: u16) -> u16 {
    days.map_or(default, |days| u16::try_from(days.get()).unwrap_or(u16::MAX))
}

/// The date that a path names.
///
/// # Errors
/// It names none.
pub fn date(text: &str, today: NaiveDate) -> Result<NaiveDate, Problem> {
    date::parse(text, today).map_err(|error| Problem::bad_parameter("date", error.to_string()))
}

/// What a date looks like; the calendar has a word as well.
fn date_schema() -> ObjectBuilder {
    const PATTERN: &str = "^(now|today|weekend\
        |([0-9]{2}|[0-9]{4})[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])\
        |(0?[1-9]|[12][0-9]|3[01])\\.(0?[1-9]|1[0-2])\\.([0-9]{2}|[0-9]{4}))$";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(PATTERN))
        .description(Some(format!("`weekend` is the coming Saturday. One of: {}", date::FORMS)))
}
