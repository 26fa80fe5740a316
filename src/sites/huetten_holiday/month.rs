//! Parses `get-month-availability`: the days of one month of a hut.

use std::fmt::Formatter;

use chrono::{Datelike, NaiveDate};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::availability::{SiteDay, SiteStatus};
use crate::domain::unknown_values::UnknownValues;
use crate::sites::error::SourceError;
use crate::sites::json::with_short_texts;
use crate::sites::payload::{self, Days, Places, Text, read_days};

/// The body of a request for one month of a hut.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MonthQuery {
    cabin_id: u32,
    selected_month: SelectedMonth,
    multiple_calendar: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SelectedMonth {
    /// January is 1.
    month_number: u32,
    year: i32,
}

impl MonthQuery {
    pub(super) fn new(cabin_id: u32, month: NaiveDate) -> Self {
        let selected_month = SelectedMonth { month_number: month.month(), year: month.year() };
        Self { cabin_id, selected_month, multiple_calendar: false }
    }
}

/// One day in the site's format. Any field may be missing or null.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawDay<'a> {
    /// A calendar day in the Alps, not an instant. The time is always T00:00:00.000000Z.
    #[serde(borrow)]
    date: Option<Text<'a>>,
    total_places: Option<Places>,
    rooms: Option<FreeInRooms>,
}

/// The sum of the free places of all rooms. None if no room publishes its free places. The sum is made while the
/// answer is parsed, because a list of rooms may be as long as an answer.
#[derive(Debug)]
struct FreeInRooms(Option<i64>);

#[derive(Debug, Deserialize)]
struct Room {
    /// The free places.
    places: Option<Places>,
}

/// Reads an answer of `get-month-availability`. Days of other months are left out and counted.
///
/// # Errors
/// `Malformed`, like [`read_days`]. The path begins with the month.
pub fn parse(body: &[u8], month: NaiveDate) -> Result<Days, SourceError> {
    let name = month.format("%Y-%m");
    let mut read = read_days::<RawDay>(&with_short_texts(body)).map_err(|error| match error {
        SourceError::Malformed { path, message } => {
            SourceError::Malformed { path: format!("{name}{path}"), message }
        }
        SourceError::Foreign { message, .. } => {
            SourceError::Foreign { path: name.to_string(), message }
        }
        other => other,
    })?;
    let Days { days, adjustments, .. } = &mut read;
    days.retain(|day| {
        // The days of another month come from the answer for that month.
        let is_in_month = day.date.with_day(1) == Some(month);
        if !is_in_month {
            adjustments.add(|| format!("{} is listed in {name} and was left out", day.date));
        }
        is_in_month
    });
    Ok(read)
}

impl RawDay<'_> {
    fn free(&self) -> Option<i64> {
        self.rooms.as_ref()?.0
    }
}

impl<'de> Deserialize<'de> for FreeInRooms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RoomsVisitor)
    }
}

struct RoomsVisitor;

impl<'de> Visitor<'de> for RoomsVisitor {
    type Value = FreeInRooms;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of rooms")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rooms: A) -> Result<FreeInRooms, A::Error> {
        let mut sum = None;
        while let Some(room) = rooms.next_element::<Option<Room>>()? {
            let free = room.and_then(|room| room.places);
            sum = Places::sum(sum.map(Places).into_iter().chain(free));
        }
        Ok(FreeInRooms(sum))
    }
}

impl<'de> payload::RawDay<'de> for RawDay<'de> {
    /// A month has at most 31 days, but the site may repeat some.
    const MAX_DAYS: usize = 100;

    fn date(&self) -> Option<&str> {
        self.date.as_ref().map(|Text(date)| &**date)
    }

    fn normalised(&self, date: NaiveDate, _unknown: &mut UnknownValues) -> SiteDay {
        let total = self.total_places.map(|places| places.0);
        let status = if total == Some(0) { SiteStatus::Closed } else { SiteStatus::Unsaid };
        // The site does not publish whether there is a warden.
        SiteDay { date, free: self.free(), total, status, unattended: false }
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

    fn read(body: &str) -> Result<Days, SourceError> {
        parse(body.as_bytes(), "2026-06-01".parse().unwrap())
    }

    fn day(json: &str) -> SiteDay {
        read(&format!(r#"[{{"date":"2026-06-05T00:00:00.000000Z",{json}}}]"#)).unwrap().days[0]
    }

    fn error(body: &str) -> String {
        read(body).unwrap_err().to_string()
    }

    #[test]
    fn a_request_names_the_cabin_and_the_month() {
        let query = MonthQuery::new(27, "2026-06-01".parse().unwrap());
        assert_eq!(
            serde_json::to_string(&query).unwrap(),
            r#"{"cabinId":27,"selectedMonth":{"monthNumber":6,"year":2026},"multipleCalendar":false}"#
        );
    }

    #[test]
    fn the_free_places_are_the_sum_of_all_rooms() {
        let day = day(
            r#""totalPlaces":180,"rooms":[{"room_id":1,"places":79,"paid_places":0,"booked_places":79},{"room_id":2,"places":4}]"#,
        );
        assert_eq!((day.free, day.total, day.unattended), (Some(83), Some(180), false));
        assert_eq!(day.date.to_string(), "2026-06-05");
        let state = day.state(&HutTypes::default(), &mut Adjustments::default());
        assert_eq!(state.reservation_status, ReservationStatus::Possible);
    }

    #[test]
    fn no_free_place_means_full_and_a_total_of_0_means_closed() {
        let full = state(r#""totalPlaces":9,"rooms":[{"places":0}]"#);
        assert_eq!((full.free, full.total), (Some(0), Some(9)));
        assert_eq!(full.reservation_status, ReservationStatus::NotPossible);
        for closed in [r#""totalPlaces":0"#, r#""totalPlaces":0,"rooms":[{"places":3}]"#] {
            let closed = state(closed);
            assert_eq!((closed.free, closed.total), (Some(0), Some(0)));
            assert_eq!(closed.reservation_status, ReservationStatus::NotPossible);
        }
    }

    #[test]
    fn a_room_without_a_number_does_not_affect_the_other_rooms() {
        let rooms = r#""totalPlaces":9,"rooms":[{"places":null},null,{"places":3},{}]"#;
        assert_eq!(day(rooms).free, Some(3));
    }

    /// It would be as wrong to call the hut full as to call it empty.
    #[test]
    fn what_is_not_published_is_unknown() {
        for (json, expected) in [
            (r#""totalPlaces":9"#, (None, Some(9), "unknown")),
            (r#""totalPlaces":9,"rooms":null"#, (None, Some(9), "unknown")),
            (r#""totalPlaces":9,"rooms":[]"#, (None, Some(9), "unknown")),
            (r#""totalPlaces":9,"rooms":[{"places":null},{}]"#, (None, Some(9), "unknown")),
            (r#""totalPlaces":null,"rooms":[{"places":3}]"#, (Some(3), None, "possible")),
            (r#""weather":{"sun":true}"#, (None, None, "unknown")),
        ] {
            let State { free, total, reservation_status, .. } = state(json);
            assert_eq!((free, total, reservation_status.into()), expected, "{json}");
        }
    }

    #[test]
    fn an_error_of_a_wrong_type_names_month_and_path() {
        let message = error(r#"[{},{"rooms":[{"places":1},{"places":"two"}]}]"#);
        assert!(
            message.starts_with("at 2026-06[1].rooms[1].places: invalid type: string \"two\""),
            "{message}"
        );
        let message = error(r#"[{"rooms":{}}]"#);
        assert!(message.starts_with("at 2026-06[0].rooms: invalid type: map"), "{message}");
        let message = error(r#"{"message":"no"}"#);
        assert!(
            message.starts_with("at 2026-06: invalid type: map, expected an array"),
            "{message}"
        );
    }

    #[test]
    fn absurd_numbers_do_not_affect_other_days() {
        let huge =
            day(r#""totalPlaces":-1e300,"rooms":[{"places":99999999999999999999},{"places":7}]"#);
        assert_eq!((huge.free, huge.total), (Some(i64::MAX), Some(i64::MIN)));
        let message = error(r#"[{"totalPlaces":1.5}]"#);
        assert!(
            message.starts_with("at 2026-06[0].totalPlaces: invalid type: floating point `1.5`"),
            "{message}"
        );
    }

    #[test]
    fn days_of_other_months_are_left_out_and_counted() {
        let read = read(
            r#"[{"date":"2026-05-31"},{"date":"2026-06-01"},{"date":"2026-06-30"},{"date":"2027-06-15"}]"#,
        )
        .unwrap();
        let days: Vec<_> = read.days.iter().map(|day| day.date.to_string()).collect();
        assert_eq!(days, ["2026-06-01", "2026-06-30"]);
        assert_eq!(read.adjustments.count, 2);
        let first = "2026-05-31 is listed in 2026-06 and was left out";
        assert_eq!(read.adjustments.first.as_deref(), Some(first));
    }

    #[test]
    fn a_day_without_a_readable_date_does_not_affect_other_days() {
        let read = read(r#"[{"totalPlaces":1},{"date":"05.06.2026"},{"date":"2026-06-05"}]"#);
        let read = read.unwrap();
        assert_eq!((read.days.len(), read.adjustments.count), (1, 2));
        assert!(
            error(r#"[{"date":"2026-06-31"}]"#).starts_with(
                "at 2026-06[0].date: day 0 has no readable date: Some(\"2026-06-31\")"
            )
        );
    }

    #[test]
    fn a_month_of_too_many_days_is_malformed() {
        let body = format!("[{}]", vec!["{}"; 101].join(","));
        assert!(error(&body).starts_with("at 2026-06: more than 100 days"), "{}", error(&body));
    }

    #[test]
    fn html_and_truncated_json_are_malformed() {
        let html = error("<!DOCTYPE html>\n<html><body>Maintenance");
        assert!(html.starts_with("at 2026-06: expected value"), "{html}");
        assert!(html.contains("the answer begins: <!DOCTYPE html> <html>"), "{html}");
        let cut = error(r#"[{"date":"2026-06-05T00:00:0"#);
        assert!(cut.starts_with("at 2026-06[0].date: EOF"), "{cut}");
        assert!(error("").contains("EOF"));
        assert!(error("[] <html>").contains("trailing characters"));
    }

    #[test]
    fn a_month_outside_the_season_is_empty() {
        assert!(read("[]").unwrap().days.is_empty());
    }
}
