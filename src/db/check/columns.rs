//! Columns of `hut_check` that belong together.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::hut_check;
use crate::db::timestamp::Timestamp;
use crate::domain::availability::Check;
use crate::domain::change_rate::ChangeRate;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::tier::{Tier, TierSpan};
use crate::domain::validators::Validators;

/// How often the nights of the hut change, up to the last successful check.
#[derive(Clone, Copy, Debug, Default, PartialEq, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = hut_check)]
pub struct RateRow {
    rate_interest: f64,
    rate_nights: f64,
    rate_hours: f64,
}

impl From<ChangeRate> for RateRow {
    fn from(rate: ChangeRate) -> Self {
        let ChangeRate { interest, nights, hours } = rate;
        Self { rate_interest: interest, rate_nights: nights, rate_hours: hours }
    }
}

impl From<RateRow> for ChangeRate {
    fn from(row: RateRow) -> Self {
        let RateRow { rate_interest, rate_nights, rate_hours } = row;
        Self { interest: rate_interest, nights: rate_nights, hours: rate_hours }
    }
}

/// A summary of what the last successful check listed. All columns are null if it is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = hut_check, treat_none_as_null = true)]
pub struct Listed {
    /// Time of the summarized check. It is the last successful one, unless an older version of the program,
    /// which does not know these columns, has stored another check since.
    pub listed_at: Option<Timestamp>,
    pub content_digest: Option<String>,
    pub dates_listed: Option<i32>,
    pub dates_bookable: Option<i32>,
    /// The range of dates that the check asked for.
    pub range_from: Option<NaiveDate>,
    pub range_until: Option<NaiveDate>,
    pub tier: Option<Tier>,
    pub tier_from: Option<NaiveDate>,
    pub tier_until: Option<NaiveDate>,
    pub tier_next_days: Option<i32>,
}

impl Listed {
    /// Builds the summary of a check from its fingerprint and tier.
    #[must_use]
    pub fn new(check: &Check, content: &Fingerprint, span: TierSpan) -> Self {
        // An answer lists thousands of dates at most.
        let number = |dates: usize| i32::try_from(dates).ok();
        Self {
            listed_at: Some(check.at.into()),
            content_digest: Some(content.digest.clone()),
            dates_listed: number(content.dates),
            dates_bookable: number(content.bookable),
            range_from: Some(*check.range.start()),
            range_until: Some(*check.range.end()),
            tier: Some(span.tier),
            tier_from: Some(span.from),
            tier_until: Some(span.until),
            tier_next_days: i32::try_from(span.next_days).ok(),
        }
    }
}

/// The validators of the last successful answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = hut_check, treat_none_as_null = true)]
pub struct ValidatorsRow {
    etag: Option<String>,
    last_modified: Option<String>,
    asked_digest: Option<String>,
}

impl From<Validators> for ValidatorsRow {
    fn from(validators: Validators) -> Self {
        let Validators { etag, last_modified, asked_digest } = validators;
        Self { etag, last_modified, asked_digest }
    }
}

impl From<ValidatorsRow> for Validators {
    fn from(row: ValidatorsRow) -> Self {
        let ValidatorsRow { etag, last_modified, asked_digest } = row;
        Self { etag, last_modified, asked_digest }
    }
}
