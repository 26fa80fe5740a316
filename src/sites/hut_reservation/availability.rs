//! The answers of `getHutAvailability`.

use chrono::NaiveDate;
use serde::Deserialize;

use super::address::booking_link;
use crate::domain::availability::{Answer, SiteDay, SiteStatus};
use crate::domain::unknown_values::UnknownValues;
use crate::sites::error::SourceError;
use crate::sites::json::with_short_texts;
use crate::sites::payload::{self, Days, Places, SumOfPlaces, Text, means_closed, read_days};

/// One day in the site's format. Any field may be missing or null, and a status may be unknown.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawDay<'a> {
    /// A calendar day in the Alps, not an instant. The time is always T00:00:00Z.
    #[serde(borrow)]
    date: Option<Text<'a>>,
    /// The same day as `DD.MM.YYYY`.
    #[serde(borrow)]
    date_formatted: Option<Text<'a>>,
    free_beds: Option<Places>,
    free_beds_per_category: Option<SumOfPlaces>,
    total_sleeping_places: Option<Places>,
    #[serde(borrow)]
    hut_status: Option<Text<'a>>,
    #[serde(borrow)]
    percentage: Option<Text<'a>>,
}

/// Reads an answer of `getHutAvailability`.
///
/// # Errors
/// `Malformed`, like [`read_days`].
pub fn parse(body: &[u8], hut_id: &str) -> Result<Answer, SourceError> {
    let Days { days, adjustments, unknown_values } = read_days::<RawDay>(&with_short_texts(body))?;
    let link = Some(booking_link(hut_id));
    Ok(Answer { days, link, adjustments, unknown_values, ..Answer::default() })
}

impl RawDay<'_> {
    /// The published free places: of the day, or else the sum of its categories. None if there are neither.
    fn free(&self) -> Option<i64> {
        let of_categories = || self.free_beds_per_category.as_ref()?.0;
        self.free_beds.map(|places| places.0).or_else(of_categories)
    }
}

impl<'de> payload::RawDay<'de> for RawDay<'de> {
    /// Real answers have at most 731 days.
    const MAX_DAYS: usize = 4000;

    fn date(&self) -> Option<&str> {
        self.date.as_ref().map(|Text(date)| &**date)
    }

    fn other_date(&self) -> Option<(&'static str, &str)> {
        self.date_formatted.as_ref().map(|Text(date)| ("dateFormatted", &**date))
    }

    fn normalised(&self, date: NaiveDate, unknown: &mut UnknownValues) -> SiteDay {
        let hut_status = self.hut_status.as_ref().map(|Text(word)| &**word);
        let percentage = self.percentage.as_ref().map(|Text(word)| &**word);
        let (mut unattended, mut closed, mut status) = (false, false, SiteStatus::Unsaid);
        match hut_status {
            None | Some("SERVICED") => {}
            Some("UNSERVICED" | "NOT_SERVICED") => unattended = true,
            Some("CLOSED") => closed = true,
            Some(other) => {
                unknown.add("hutStatus", other);
                closed = means_closed(other);
            }
        }
        match percentage {
            None => {}
            Some("AVAILABLE" | "NEARLY FULL") => status = SiteStatus::Available,
            Some("FULL") => status = SiteStatus::Full,
            Some("CLOSED") => closed = true,
            Some(other) => {
                unknown.add("percentage", other);
                closed |= means_closed(other);
            }
        }
        if closed {
            status = SiteStatus::Closed;
        }
        SiteDay {
            date,
            free: self.free(),
            total: self.total_sleeping_places.map(|places| places.0),
            status,
            unattended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::availability::Adjustments;
    use crate::domain::hut::HutTypes;
    use crate::domain::state::{ReservationStatus, State};

    /// The state of a day of a hut without capacities.
    fn state(json: &str) -> State {
        day(json).state(&HutTypes::default(), &mut Adjustments::default())
    }

    fn day(json: &str) -> SiteDay {
        let body = format!(r#"[{{"date":"2026-07-19T00:00:00Z",{json}}}]"#);
        parse(body.as_bytes(), "29").unwrap().days[0]
    }

    fn error(body: &str) -> String {
        parse(body.as_bytes(), "29").unwrap_err().to_string()
    }

    #[test]
    fn an_open_day_has_its_numbers_and_is_bookable() {
        let json = r#""freeBedsPerCategory":{"5":1,"36":1},"freeBeds":2,"hutStatus":"SERVICED","dateFormatted":"19.07.2026","totalSleepingPlaces":4,"percentage":"AVAILABLE""#;
        let state = state(json);
        assert_eq!((state.free, state.total), (Some(2), Some(4)));
        assert_eq!(state.reservation_status, ReservationStatus::Possible);
        let day = day(json);
        assert_eq!((day.date.to_string().as_str(), day.unattended), ("2026-07-19", false));
    }

    #[test]
    fn a_missing_number_of_free_beds_is_the_sum_of_the_categories() {
        let open = r#""freeBeds":null,"freeBedsPerCategory":{"5":1,"36":2,"7":null},"totalSleepingPlaces":4"#;
        assert_eq!(state(open).free, Some(3));
    }

    /// To call the hut full, or empty, would be a guess.
    #[test]
    fn without_any_number_the_free_beds_are_unknown_unless_the_day_is_full() {
        let of = |json: &str| {
            let state = state(&format!(r#""freeBeds":null,"totalSleepingPlaces":40,{json}"#));
            (state.free, state.reservation_status.to_string())
        };
        assert_eq!(of(r#""hutStatus":"SERVICED""#), (None, "unknown".into()));
        assert_eq!(of(r#""freeBedsPerCategory":{"5":null}"#), (None, "unknown".into()));
        assert_eq!(of(r#""freeBedsPerCategory":{}"#), (None, "unknown".into()));
        for available in ["AVAILABLE", "NEARLY FULL"] {
            let json = format!(r#""percentage":"{available}""#);
            assert_eq!(of(&json), (None, "possible".into()));
        }
        assert_eq!(of(r#""percentage":"FULL""#), (Some(0), "not_possible".into()));
    }

    #[test]
    fn a_day_is_closed_if_any_field_says_so() {
        for closed in [
            r#""hutStatus":"CLOSED""#,
            r#""hutStatus":"SERVICED","percentage":"CLOSED""#,
            r#""hutStatus":"TEMPORARILY_CLOSED","percentage":"AVAILABLE""#,
            r#""percentage":"blocked by warden""#,
        ] {
            let state = state(&format!(r#"{closed},"freeBeds":5,"totalSleepingPlaces":9"#));
            assert_eq!((state.free, state.total), (Some(0), Some(0)), "{closed}");
            assert_eq!(state.reservation_status, ReservationStatus::NotPossible);
        }
    }

    #[test]
    fn a_day_without_free_places_is_not_bookable() {
        let status = |json: &str| state(json).reservation_status;
        assert_eq!(
            status(r#""freeBeds":0,"totalSleepingPlaces":9"#),
            ReservationStatus::NotPossible
        );
        assert_eq!(
            status(r#""hutStatus":"SERVICED","freeBeds":null,"totalSleepingPlaces":0"#),
            ReservationStatus::NotPossible
        );
        assert_eq!(status(r#""hutStatus":"SERVICED""#), ReservationStatus::Unknown);
        assert_eq!(status(r#""freeBeds":3"#), ReservationStatus::Possible);
    }

    #[test]
    fn a_date_that_contradicts_itself_makes_the_whole_answer_malformed() {
        let read = |date: &str, formatted: &str| {
            let body = format!(
                r#"[{{"date":"2026-07-01T00:00:00Z"}},{{"date":"{date}","dateFormatted":"{formatted}"}}]"#
            );
            parse(body.as_bytes(), "29").map(|answer| answer.days.len()).map_err(|e| e.to_string())
        };
        assert_eq!(read("2026-07-05T00:00:00.000+00:00", "05.07.2026"), Ok(2));
        assert_eq!(read("2026-07-05", ""), Ok(2), "an unreadable text contradicts nothing");
        // Local midnights as instants: each night would be stored one day early.
        assert_eq!(
            read("2026-07-05T22:00:00Z", "06.07.2026").unwrap_err(),
            "at [1].date: date is \"2026-07-05T22:00:00Z\", which is not midnight UTC (dateFormatted is \
             \"06.07.2026\")"
        );
        assert_eq!(
            read("2026-07-05T00:00:00Z", "06.07.2026").unwrap_err(),
            "at [1].date: date is \"2026-07-05T00:00:00Z\", but dateFormatted is \"06.07.2026\""
        );
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
        assert_eq!((day.free, day.status), (Some(1), SiteStatus::Unsaid));
        let answer = parse(
            br#"[{"date":"2026-07-19","hutStatus":"ON_HOLIDAY"},{"date":"2026-07-20","hutStatus":"ON_HOLIDAY"}]"#,
            "29",
        );
        let unknown: Vec<_> = answer.unwrap().unknown_values.iter().collect();
        assert_eq!(
            (unknown[0].field.as_str(), unknown[0].value.as_str()),
            ("hutStatus", "ON_HOLIDAY")
        );
        assert_eq!((unknown.len(), unknown[0].count), (1, 2));
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
        assert_eq!((huge.free, huge.total), (Some(i64::MAX), Some(i64::MIN)));
        assert_eq!(day(r#""freeBeds":1.0,"totalSleepingPlaces":2"#).free, Some(1));
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
