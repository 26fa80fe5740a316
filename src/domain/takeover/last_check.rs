//! The last check of a hut, from the rows of its nights and the status that the other database keeps.

use chrono::{DateTime, Utc};

/// The status of a hut in the other database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TheirStatus {
    pub last_checked: DateTime<Utc>,
    /// Whether the last answer listed any night.
    pub has_data: bool,
    pub consecutive_failures: i32,
}

/// The last check of a hut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastCheck {
    pub last_checked: Option<DateTime<Utc>>,
    pub last_success: Option<DateTime<Utc>>,
    pub has_data: bool,
    pub consecutive_failures: i32,
    pub empty_answers: i32,
}

impl LastCheck {
    /// The last check. `last_success` is that of the hut's newest row: every successful check writes each row that it
    /// lists.
    #[must_use]
    pub fn new(last_success: Option<DateTime<Utc>>, status: Option<TheirStatus>) -> Self {
        let success = Self {
            last_checked: last_success,
            last_success,
            has_data: last_success.is_some(),
            ..Self::default()
        };
        let Some(status) = status.filter(|status| Some(status.last_checked) > last_success) else {
            return success;
        };
        let is_empty = status.consecutive_failures == 0 && !status.has_data;
        if status.consecutive_failures <= 0 && !is_empty {
            return success;
        }
        Self {
            last_checked: Some(status.last_checked),
            has_data: status.has_data && last_success.is_some(),
            // A failed request counts twice there.
            consecutive_failures: status.consecutive_failures.unsigned_abs().div_ceil(2).max(1)
                as i32,
            empty_answers: i32::from(is_empty),
            ..success
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn status(second: i64, has_data: bool, consecutive_failures: i32) -> Option<TheirStatus> {
        Some(TheirStatus { last_checked: at(second), has_data, consecutive_failures })
    }

    #[test]
    fn failures_after_the_last_success_count_once() {
        let check = LastCheck::new(Some(at(10)), status(20, true, 5));
        assert_eq!((check.last_checked, check.last_success), (Some(at(20)), Some(at(10))));
        assert_eq!((check.consecutive_failures, check.empty_answers, check.has_data), (3, 0, true));
        let never = LastCheck::new(None, status(20, true, 2));
        assert_eq!((never.consecutive_failures, never.has_data), (1, false));
    }

    #[test]
    fn an_empty_answer_is_a_failure() {
        let check = LastCheck::new(Some(at(10)), status(20, false, 0));
        assert_eq!(
            (check.consecutive_failures, check.empty_answers, check.has_data),
            (1, 1, false)
        );
    }

    #[test]
    fn otherwise_the_newest_row_is_the_last_check() {
        let success = LastCheck {
            last_checked: Some(at(10)),
            last_success: Some(at(10)),
            has_data: true,
            ..LastCheck::default()
        };
        for status in [None, status(10, true, 3), status(20, true, 0), status(9, false, 0)] {
            assert_eq!(LastCheck::new(Some(at(10)), status), success);
        }
        assert_eq!(LastCheck::new(None, None), LastCheck::default());
    }
}
