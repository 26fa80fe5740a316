//! Checks a hut and its last check.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use super::{Rule, form};

/// A hut and its row of `hut_check`. At least one of them exists.
#[derive(Clone, Debug, QueryableByName)]
pub struct Hut {
    #[diesel(sql_type = Integer)]
    pub id: i32,
    /// None if the hut does not exist.
    #[diesel(sql_type = Nullable<Text>)]
    pub slug: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub booking_ref: Option<String>,
    /// Whether `booking_ref` is a source of the hut, or null.
    #[diesel(sql_type = Bool)]
    pub has_booking_source: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_checked: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_checked_run: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_success: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_success_run: Option<String>,
    #[diesel(sql_type = Bool)]
    pub has_data: bool,
    #[diesel(sql_type = BigInt)]
    pub consecutive_failures: i64,
    #[diesel(sql_type = BigInt)]
    pub empty_answers: i64,
    /// The range of dates that the last successful check asked for.
    #[diesel(sql_type = Nullable<Text>)]
    pub range_from: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub range_until: Option<String>,
    /// The check that these columns and the digest describe.
    #[diesel(sql_type = Nullable<Text>)]
    pub listed_at: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_error: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub failing_since: Option<String>,
}

impl Hut {
    /// The violations of rules. `limit` is the latest instant that is not in the future.
    #[must_use]
    pub fn violations(&self, limit: &str) -> Vec<(Rule, String)> {
        let mut found = Vec::new();
        if self.slug.is_none() {
            found.push((Rule::Source, "the hut does not exist, but rows refer to it".to_owned()));
        }
        if let (Some(organization), false) = (&self.booking_ref, self.has_booking_source) {
            let what = format!("booking_ref is {organization:?}, which is not a source of the hut");
            found.push((Rule::Source, what));
        }
        let instants = [
            ("last_checked", &self.last_checked),
            ("last_checked_run", &self.last_checked_run),
            ("last_success", &self.last_success),
            ("last_success_run", &self.last_success_run),
            ("failing_since", &self.failing_since),
            ("listed_at", &self.listed_at),
        ];
        let form_error =
            |(field, text): (&str, &Option<String>)| form::instant(field, text.as_ref()?).err();
        // Text order is time order.
        let is_future = |(_, text): &(&str, &Option<String>)| text.as_deref() > Some(limit);
        found.extend(instants.into_iter().filter(is_future).map(|(field, text)| {
            let what = format!("{field} is in the future: {}", text.as_deref().unwrap_or_default());
            (Rule::Future, what)
        }));
        let dates = [&self.range_from, &self.range_until].into_iter().flatten();
        found
            .extend(dates.filter_map(|text| form::date(text).err()).map(|what| (Rule::Form, what)));
        found.extend(instants.into_iter().filter_map(form_error).map(|what| (Rule::Form, what)));
        found.extend(self.contradictions().into_iter().map(|what| (Rule::HutCheck, what)));
        found
    }

    fn contradictions(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut require = |holds: bool, what: &str, values: &[&Option<String>]| {
            if !holds {
                let values: Vec<_> =
                    values.iter().map(|value| value.as_deref().unwrap_or("null")).collect();
                wrong.push(format!("{what}: {}", values.join(", ")));
            }
        };
        let Self { last_checked, last_success, failing_since, last_error, .. } = self;
        require(
            last_checked.is_some() == self.last_checked_run.is_some(),
            "last_checked and last_checked_run must both be set or both be null",
            &[last_checked, &self.last_checked_run],
        );
        require(
            last_success.is_some() == self.last_success_run.is_some(),
            "last_success and last_success_run must both be set or both be null",
            &[last_success, &self.last_success_run],
        );
        // Text order is time order, and None is the smallest value.
        require(
            last_success <= last_checked,
            "last_success is after last_checked",
            &[last_success, last_checked],
        );
        require(
            !self.has_data || last_success.is_some(),
            "has_data without last_success",
            &[last_success],
        );
        require(
            self.empty_answers >= 0 && self.empty_answers <= self.consecutive_failures.max(0),
            &format!(
                "empty_answers is {}, but there are {} failures in a row",
                self.empty_answers, self.consecutive_failures
            ),
            &[],
        );
        require(
            !(self.has_data && self.empty_answers > 0),
            &format!("has_data is true after {} empty answers in a row", self.empty_answers),
            &[],
        );
        require(
            self.range_from.is_some() == self.range_until.is_some()
                && self.range_from <= self.range_until,
            "range_from must not be after range_until",
            &[&self.range_from, &self.range_until],
        );
        let failures = self.consecutive_failures;
        match failures {
            ..0 => require(false, &format!("consecutive_failures is {failures}, below 0"), &[]),
            0 => {
                require(
                    last_error.is_none() && failing_since.is_none(),
                    "last_error and failing_since are set, without failures",
                    &[last_error, failing_since],
                );
                require(
                    last_success == last_checked,
                    "without failures, last_success must be last_checked",
                    &[last_success, last_checked],
                );
                require(
                    self.has_data || last_success.is_none(),
                    "the last check succeeded, but has_data is false",
                    &[last_success],
                );
            }
            1.. => {
                require(
                    last_error.is_some() && failing_since.is_some(),
                    &format!("last_error and failing_since are missing, with {failures} failures"),
                    &[last_error, failing_since],
                );
                require(
                    last_checked > last_success,
                    &format!("with {failures} failures, last_checked must be after last_success"),
                    &[last_checked, last_success],
                );
                require(
                    failing_since <= last_checked
                        && (failing_since.is_none() || failing_since > last_success),
                    "failing_since must be after last_success and not after last_checked",
                    &[failing_since, last_success, last_checked],
                );
            }
        }
        wrong
    }
}
