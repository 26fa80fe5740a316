//! One record of a hut's dates: a row or an entry, either as stored or as a view shows it.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Double, Integer, Nullable, Text};

use super::{Rule, form};
use crate::domain::hut::HutType;
use crate::domain::state::{ReservationStatus, State};

/// The kinds of records, in the order in which they come for a date.
pub const ROW: i32 = 0;
pub const ROW_IN_VIEW: i32 = 1;
pub const ENTRY: i32 = 2;
pub const ENTRY_IN_VIEW: i32 = 3;

/// How much `duration_seconds` may differ. SQLite computes it in floating point from two texts.
const DURATION_TOLERANCE_SECONDS: f64 = 1e-5;

/// A row of `availability` or `availability_change`, or of a view of either. Columns that its table lacks are
/// null.
#[derive(Clone, Debug, QueryableByName)]
pub struct Record {
    #[diesel(sql_type = Integer)]
    pub part: i32,
    #[diesel(sql_type = Text)]
    pub date: String,
    #[diesel(sql_type = Text)]
    pub first_checked: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_checked: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub free: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub total: Option<i64>,
    #[diesel(sql_type = Text)]
    pub hut_type: String,
    #[diesel(sql_type = Text)]
    pub reservation_status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub source_organization: Option<String>,
    /// Whether the hut has this source.
    #[diesel(sql_type = Bool)]
    pub has_source: bool,
    #[diesel(sql_type = Nullable<Double>)]
    pub occupancy_percent: Option<f64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub occupancy_steps: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub occupancy_status: Option<String>,
    #[diesel(sql_type = Nullable<Double>)]
    pub duration_seconds: Option<f64>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub withdrawn: Option<bool>,
}

impl Record {
    /// The four stored values that make up the state.
    #[must_use]
    pub fn state(&self) -> (Option<i64>, Option<i64>, &str, &str) {
        (self.free, self.total, &self.hut_type, &self.reservation_status)
    }

    /// The state as a text.
    #[must_use]
    pub fn describe_state(&self) -> String {
        let Self { free, total, hut_type, reservation_status, .. } = self;
        let (free, total) = (or_null(*free), or_null(*total));
        format!("{free}/{total} free, {hut_type}, {reservation_status}")
    }

    /// Until when the state is known to be valid. An open record has no time of its own.
    #[must_use]
    pub fn until(&self) -> &str {
        self.last_checked.as_deref().unwrap_or("the last successful check")
    }

    /// The state, if it is valid.
    ///
    /// # Errors
    /// Why the state is invalid.
    pub fn parse_state(&self) -> Result<State, String> {
        let Self { free, total, .. } = self;
        let describe = || format!("{} free of {}", or_null(*free), or_null(*total));
        let places = |number: Option<i64>| number.map(i16::try_from).transpose();
        let (Ok(free), Ok(total)) = (places(*free), places(*total)) else {
            return Err(format!("{} is more than a hut can have", describe()));
        };
        if free.into_iter().chain(total).any(|places| places < 0) {
            let total = total.map_or_else(|| "any number".into(), |total| total.to_string());
            return Err(format!("{} is not within 0 to {total}", describe()));
        }
        if free.zip(total).is_some_and(|(free, total)| free > total) {
            let total = total.unwrap_or_default();
            return Err(format!("{} is not within 0 to {total}", describe()));
        }
        let hut_type: HutType = self
            .hut_type
            .parse()
            .map_err(|_| format!("there is no hut type {:?}", self.hut_type))?;
        let reservation_status: ReservationStatus = self
            .reservation_status
            .parse()
            .map_err(|_| format!("there is no reservation status {:?}", self.reservation_status))?;
        Ok(State { free, total, hut_type, reservation_status })
    }

    /// The first and the last check, if they have the right form. Errors go to `report`.
    pub fn parse_times(
        &self,
        mut report: impl FnMut(Rule, String),
    ) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let mut parse = |field, text: &str| {
            form::instant(field, text).map_err(|what| report(Rule::Form, what)).ok()
        };
        let first = parse("first_checked", &self.first_checked);
        let last = self.last_checked.as_deref().and_then(|text| parse("last_checked", text));
        if let (Some(from), Some(until)) = (first, last)
            && from > until
        {
            let (from, until) = (&self.first_checked, self.until());
            report(
                Rule::Checked,
                format!("first checked at {from}, after last checked at {until}"),
            );
        }
        (first, last)
    }

    /// The errors in what `view` shows of this record. `last_success` is the hut's.
    #[must_use]
    pub fn differences(&self, view: &Self, last_success: Option<&str>) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.state() != view.state() {
            let (actual, expected) = (view.describe_state(), self.describe_state());
            wrong.push(format!("the state is {actual} and must be {expected}"));
        }
        let last = self.last_checked.as_deref().or(last_success);
        wrong.extend(difference("last_checked", view.last_checked.as_deref(), last));
        if let Ok(state) = self.parse_state() {
            let percent = state.occupancy_percent();
            wrong.extend(difference("occupancy_percent", view.occupancy_percent, percent));
            let status = state.occupancy_status().to_string();
            let actual = view.occupancy_status.as_deref();
            wrong.extend(difference("occupancy_status", actual, Some(status.as_str())));
            if self.part == ROW {
                let steps = state.occupancy_steps().map(i64::from);
                wrong.extend(difference("occupancy_steps", view.occupancy_steps, steps));
                wrong.extend(difference("withdrawn", view.withdrawn, self.withdrawn));
            }
        }
        if self.part == ENTRY
            && let Some(seconds) = seconds_between(&self.first_checked, last)
            && view
                .duration_seconds
                .is_none_or(|actual| (actual - seconds).abs() > DURATION_TOLERANCE_SECONDS)
        {
            let actual = or_null(view.duration_seconds);
            wrong.push(format!("duration_seconds is {actual} and must be {seconds}"));
        }
        wrong
    }
}

/// The error in a field of a view. Its texts are made only if there is one, because most records have none.
fn difference<T: PartialEq + ToString>(
    field: &str,
    actual: Option<T>,
    expected: Option<T>,
) -> Option<String> {
    (actual != expected)
        .then(|| format!("{field} is {} and must be {}", or_null(actual), or_null(expected)))
}

fn or_null(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "null".into(), |value| value.to_string())
}

/// Seconds between two instants. `None` if either is invalid, which is reported already.
fn seconds_between(from: &str, until: Option<&str>) -> Option<f64> {
    let (from, until) = (form::instant("", from).ok()?, form::instant("", until?).ok()?);
    let duration: TimeDelta = until - from;
    #[expect(clippy::cast_precision_loss, reason = "2^53 microseconds are 285 years")]
    duration.num_microseconds().map(|microseconds| microseconds as f64 / 1e6)
}
