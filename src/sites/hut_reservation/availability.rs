//! The answers of `getHutAvailability`.

use chrono::NaiveDate;
use serde::Deserialize;

use super::address::booking_link;
use crate::domain::availability::{Answer, ReservationStatus, SiteDay};
use crate::sites::error::SourceError;
use crate::sites::payload::{self, Days, Places, SumOfPlaces, Text, read_days};

/// One day in the site's format. Any field may be missing or null, and a status may be unknown.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawDay<'a> {
    /// A calendar day in the Alps, not an instant. The time is always T00:00:00Z.
    #[serde(borrow)]
    date: Option<Text<'a>>,
    free_beds: Option<Places>,
    free_beds_per_category: Option<SumOfPlaces>,
    total_sleeping_places: Option<Places>,
    hut_status: Option<HutStatus>,
    percentage: Option<Percentage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum HutStatus {
    Serviced,
    /// No warden, fewer places.
    #[serde(alias = "NOT_SERVICED")]
    Unserviced,
    Closed,
    #[serde(other)]
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Percentage {
    Closed,
    /// AVAILABLE, NEARLY FULL, FULL: the numbers of places are more precise.
    #[serde(other)]
    Other,
}

/// Reads an answer of `getHutAvailability`.
///
/// # Errors
/// `Malformed`, like [`read_days`].
pub fn parse(body: &[u8], hut_id: &str) -> Result<Answer, SourceError> {
    let Days { days, adjustments } = read_days::<RawDay>(body)?;
    Ok(Answer { days, link: Some(booking_link(hut_id)), adjustments, ..Answer::default() })
}

impl<'de> payload::RawDay<'de> for RawDay<'de> {
    /// Real answers have at most 731 days.
    const MAX_DAYS: usize = 4000;

    fn date(&self) -> Option<&str> {
        self.date.as_ref().map(|Text(date)| &**date)
    }

    fn normalised(&self, date: NaiveDate) -> SiteDay {
        let closed = self.hut_status == Some(HutStatus::Closed)
            || self.percentage == Some(Percentage::Closed);
        // The sum of the categories replaces a missing number, but only on open days.
        let by_category = || match &self.free_beds_per_category {
            Some(SumOfPlaces(sum)) if !closed => *sum,
            _ => 0,
        };
        let free = self.free_beds.map_or_else(by_category, |places| places.0);
        let total = self.total_sleeping_places.map(|places| places.0);
        let reservation_status = match total {
            _ if closed => ReservationStatus::NotPossible,
            None => ReservationStatus::Unknown,
            Some(total) if total > 0 && free > 0 => ReservationStatus::Possible,
            Some(_) => ReservationStatus::NotPossible,
        };
        SiteDay {
            date,
            free,
            total: total.unwrap_or(0),
            unattended: self.hut_status == Some(HutStatus::Unserviced),
            reservation_status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(json: &str) -> SiteDay {
        let body = format!(r#"[{{"date":"2026-07-19T00:00:00Z",{json}}}]"#);
        parse(body.as_bytes(), "29").unwrap().days[0]
    }

    fn error(body: &str) -> String {
        parse(body.as_bytes(), "29").unwrap_err().to_string()
    }

    #[test]
    fn an_open_day_has_its_numbers_and_is_bookable() {
        let day = day(
            r#""freeBedsPerCategory":{"5":1,"36":1},"freeBeds":2,"hutStatus":"SERVICED","totalSleepingPlaces":4,"percentage":"AVAILABLE""#,
        );
        assert_eq!((day.free, day.total, day.unattended), (2, 4, false));
        assert_eq!(day.date.to_string(), "2026-07-19");
        assert_eq!(day.reservation_status, ReservationStatus::Possible);
    }

    #[test]
    fn a_missing_number_of_free_beds_is_the_sum_of_the_categories() {
        let open = r#""freeBeds":null,"freeBedsPerCategory":{"5":1,"36":2,"7":null},"totalSleepingPlaces":4"#;
        assert_eq!(day(open).free, 3);
        assert_eq!(day(&format!(r#"{open},"percentage":"CLOSED""#)).free, 0);
    }

    #[test]
    fn a_day_is_closed_if_either_field_says_so() {
        for closed in [r#""hutStatus":"CLOSED""#, r#""hutStatus":"SERVICED","percentage":"CLOSED""#]
        {
            let day = day(&format!(r#"{closed},"freeBeds":5,"totalSleepingPlaces":9"#));
            assert_eq!(day.reservation_status, ReservationStatus::NotPossible);
        }
    }

    #[test]
    fn a_day_without_free_places_is_not_bookable() {
        let status = |json: &str| day(json).reservation_status;
        assert_eq!(
            status(r#""freeBeds":0,"totalSleepingPlaces":9"#),
            ReservationStatus::NotPossible
        );
        assert_eq!(
            status(r#""hutStatus":"SERVICED","freeBeds":null,"totalSleepingPlaces":0"#),
            ReservationStatus::NotPossible
        );
        assert_eq!(status(r#""hutStatus":"SERVICED""#), ReservationStatus::Unknown);
    }

    #[test]
    fn both_spellings_of_unserviced_mean_no_warden() {
        assert!(day(r#""hutStatus":"UNSERVICED""#).unattended);
        assert!(day(r#""hutStatus":"NOT_SERVICED""#).unattended);
    }

    #[test]
    fn unknown_fields_and_statuses_are_no_error() {
        let day = day(
            r#""hutStatus":"ON_HOLIDAY","percentage":"SOME","weather":{"sun":true},"freeBeds":1,"totalSleepingPlaces":2"#,
        );
        assert_eq!((day.free, day.reservation_status), (1, ReservationStatus::Possible));
    }

    #[test]
    fn an_error_of_a_wrong_type_names_its_path() {
        let body = r#"[{"date":"2026-07-19"},{"date":"2026-07-20","freeBeds":"two"}]"#;
        assert!(
            error(body).starts_with("at [1].freeBeds: invalid type: string \"two\""),
            "{}",
            error(body)
        );
        assert!(
            error(r#"[{"hutStatus":3}]"#).starts_with("at [0].hutStatus: "),
            "{}",
            error(r#"[{"hutStatus":3}]"#)
        );
        assert!(error(r#"{"error":"no"}"#).contains("invalid type: map"));
    }

    #[test]
    fn absurd_numbers_do_not_affect_other_days() {
        let huge = day(r#""freeBeds":99999999999999999999,"totalSleepingPlaces":-1e300"#);
        assert_eq!((huge.free, huge.total), (i64::MAX, i64::MIN));
        assert_eq!(day(r#""freeBeds":1.0,"totalSleepingPlaces":2"#).free, 1);
        let message = error(r#"[{"freeBeds":1.5}]"#);
        assert!(
            message.starts_with("at [0].freeBeds: invalid type: floating point `1.5`"),
            "{message}"
        );
    }

    #[test]
    fn an_answer_of_too_many_days_is_malformed() {
        let body = format!("[{}]", vec!["{}"; 4001].join(","));
        assert!(error(&body).contains("more than 4000 days"), "{}", error(&body));
    }

    #[test]
    fn html_and_truncated_json_are_malformed() {
        let html = error("<!DOCTYPE html>\n<html><body>Maintenance");
        assert!(html.contains("the answer begins: <!DOCTYPE html> <html>"), "{html}");
        assert!(error(r#"[{"date":"2026-07-19T00:00:0"#).starts_with("at [0].date: EOF"));
        assert!(error("").contains("EOF"));
        assert!(error("[] <html>").contains("trailing characters"));
    }

    #[test]
    fn a_day_without_a_readable_date_does_not_affect_other_days() {
        let answer =
            parse(br#"[{"freeBeds":1},{"date":"19.07.2026"},{"date":"2026-07-19"}]"#, "29")
                .unwrap();
        assert_eq!((answer.days.len(), answer.adjustments.count), (1, 2));
        assert!(
            error(r#"[{"freeBeds":1},{"date":"31.11.2026"}]"#)
                .starts_with("at [0].date: day 0 has no readable date: None")
        );
    }

    /// Terminals and PostgreSQL do not handle control characters well.
    #[test]
    fn messages_quote_answers_without_control_characters() {
        let body = "[{\"freeBedsPerCategory\":{\"a\\u0000\\u001b[31m\":\"x\\u0000\"}}]";
        let message = error(body);
        assert!(message.starts_with("at [0].freeBedsPerCategory.a [31m: "), "{message}");
        assert!(!message.contains(char::is_control), "{message}");
    }

    #[test]
    fn an_empty_array_lists_no_days() {
        assert!(parse(b"[]", "29").unwrap().days.is_empty());
    }
}
