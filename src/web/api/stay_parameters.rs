//! The parameters of `/v1/stays` and `/v1/tours`.

use serde::Deserialize;
use utoipa::IntoParams;

use super::parameters::date_schema;
use crate::web::query::Number;

/// The most stays of a response.
pub const MAX_LIMIT: u32 = 10_000;

/// When a group may arrive, and how many places it needs
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GroupQuery {
    /// The number of people: each night has that many free places
    #[param(value_type = Option<u32>, minimum = 1, maximum = 999, default = 1)]
    pub places: Option<Number<1, 999>>,
    /// The first arrival, as a date of `/v1/huts/{slug}/availability/{date}`; today if it is not given
    #[param(schema_with = date_schema, example = "2026-08-01")]
    pub from: Option<String>,
    /// The last arrival; 89 days after the first one if it is not given
    #[param(schema_with = date_schema, example = "2026-08-31")]
    pub to: Option<String>,
    /// The weekdays of the arrival, separated by commas; all if it is not given
    #[param(example = "fri,sat")]
    pub weekday: Option<String>,
    /// The maximum number of results
    #[param(value_type = Option<u32>, minimum = 1, maximum = 10_000, default = 1_000)]
    pub limit: Option<Number<1, MAX_LIMIT>>,
}

/// Which huts to consider
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StaysQuery {
    /// The number of consecutive nights
    #[param(value_type = Option<u32>, minimum = 1, maximum = 30, default = 1)]
    pub nights: Option<Number<1, 30>>,
    /// Huts in this country only: a code of two or three letters, or a name such as `Schweiz`
    #[param(example = "CH")]
    pub country: Option<String>,
    /// Huts whose name or slug contains this text only; accents and case are ignored
    pub name: Option<String>,
    /// Huts around a place only, the nearest first: degrees, or the slug of a hut
    #[param(example = "47.42,12.11")]
    pub near: Option<String>,
    /// The greatest distance from that place in kilometres, as the crow flies
    #[param(value_type = Option<f64>, minimum = 0, maximum = 1200, default = 20)]
    pub km: Option<String>,
    /// Huts at these elevations in metres only
    #[param(example = "1500..2500")]
    pub elevation: Option<String>,
}

/// Parameters that may be repeated
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only for the description of the API")]
pub struct HutParameter {
    /// Only this hut, by its slug; may be repeated, or be a list with commas
    hut: Option<Vec<String>>,
}

/// Parameters that may be repeated
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only for the description of the API")]
pub struct StageParameter {
    /// A stage of the tour: a slug, or several with commas as alternatives, and `:` with the number of nights if that is
    /// not 1; repeated for each stage, in their order
    #[param(example = json!(["memminger-huette", "hut-a,hut-b:2"]))]
    stage: Vec<String>,
}
