//! The places of a date in words, the same in a terminal and on a page. Pure functions.

use super::night::Night;
use super::places::Places;
use crate::domain::state::{ReservationStatus, State};

/// What is known of the places: `12 of 40 free`, `closed`, `ask: free places of 40 not published`.
#[must_use]
pub fn places(state: &State) -> String {
    let ask = |must_ask: bool| if must_ask { "ask: " } else { "" };
    match Places::from(state) {
        Places::Closed => "closed".into(),
        Places::TotalUnknown { .. } => "number of places unknown".into(),
        Places::FreeOf { free, total } => format!("{free} of {total} free"),
        Places::Free { free } => format!("{free} free, total not published"),
        Places::HiddenOf { total, must_ask } => {
            format!("{}free places of {total} not published", ask(must_ask))
        }
        Places::Hidden { must_ask } => format!("{}free places not published", ask(must_ask)),
    }
}

/// What is known of the places of a night. For a withdrawn night this is history, and it says so.
#[must_use]
pub fn places_of_night(night: &Night) -> String {
    if !night.is_withdrawn {
        return places(&night.state);
    }
    let state = night.state;
    // Nobody can ask for a place any more.
    let places = places(&state);
    format!("no longer listed; before: {}", places.trim_start_matches("ask: "))
}

/// `12 of 40 free (medium), bookable online, hut`
#[must_use]
pub fn night_in_words(night: &Night) -> String {
    let State { reservation_status, hut_type, .. } = night.state;
    let mut words = places_of_night(night);
    if night.state.is_closed() {
        return words;
    }
    if night.state.occupancy_percent().is_some() {
        words += &format!(" ({})", night.state.occupancy_status());
    }
    let booking = match reservation_status {
        ReservationStatus::Possible => "bookable online",
        ReservationStatus::NotPossible => "not bookable",
        ReservationStatus::NotOnline => "not bookable online",
        ReservationStatus::Unknown => "booking unknown",
    };
    // A night that is no longer listed cannot be booked, whatever it was before.
    if !night.is_withdrawn {
        words += &format!(", {booking}");
    }
    format!("{words}, {hut_type}")
}

/// The places in a cell of a table, whose heading is "free": `12 of 40`, `closed`, `ask (40 in all)`.
#[must_use]
pub fn short_places(state: &State) -> String {
    let unknown = |must_ask: bool| if must_ask { "ask" } else { "unknown" };
    match Places::from(state) {
        Places::Closed => "closed".into(),
        Places::FreeOf { free, total } => format!("{free} of {total}"),
        Places::Free { free } => format!("{free} (total unknown)"),
        Places::HiddenOf { total, must_ask } => format!("{} ({total} in all)", unknown(must_ask)),
        Places::TotalUnknown { must_ask } | Places::Hidden { must_ask } => unknown(must_ask).into(),
    }
}

/// The places of a night in a cell of a table. Those of a withdrawn night are in the past tense.
#[must_use]
pub fn short_places_of_night(night: &Night) -> String {
    let places = short_places(&night.state);
    match night.is_withdrawn {
        true if night.state.must_ask() => places.replacen("ask", "was unknown", 1),
        true => format!("was {places}"),
        false => places,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus::{self, NotPossible, Possible, Unknown};
    use chrono::{DateTime, Utc};

    fn state(
        free: Option<i16>,
        total: Option<i16>,
        reservation_status: ReservationStatus,
    ) -> State {
        State { free, total, hut_type: HutType::Hut, reservation_status }
    }

    fn withdrawn(state: State) -> Night {
        let last_checked = DateTime::<Utc>::UNIX_EPOCH;
        Night { state, last_checked, tier: None, is_listed: false, is_withdrawn: true }
    }

    #[test]
    fn every_kind_of_knowledge_has_words_of_its_own() {
        let cases = [
            (Some(12), Some(40), Possible, "12 of 40 free", "12 of 40"),
            (Some(0), Some(40), NotPossible, "0 of 40 free", "0 of 40"),
            (Some(0), Some(0), NotPossible, "closed", "closed"),
            (Some(5), Some(9), NotPossible, "closed", "closed"),
            (None, Some(0), NotPossible, "closed", "closed"),
            (Some(0), Some(0), Unknown, "number of places unknown", "unknown"),
            (Some(3), None, Possible, "3 free, total not published", "3 (total unknown)"),
            (None, Some(40), Possible, "ask: free places of 40 not published", "ask (40 in all)"),
            (None, None, Possible, "ask: free places not published", "ask"),
            (None, Some(40), Unknown, "free places of 40 not published", "unknown (40 in all)"),
            (None, None, Unknown, "free places not published", "unknown"),
        ];
        for (free, total, reservation, long, short) in cases {
            let state = state(free, total, reservation);
            assert_eq!((places(&state).as_str(), short_places(&state).as_str()), (long, short));
        }
    }

    #[test]
    fn a_withdrawn_night_is_in_the_past_tense() {
        let night = withdrawn(state(Some(12), Some(40), Possible));
        assert_eq!(places_of_night(&night), "no longer listed; before: 12 of 40 free");
        assert_eq!(short_places_of_night(&night), "was 12 of 40");
        let night = withdrawn(state(None, Some(40), Possible));
        let words = "no longer listed; before: free places of 40 not published";
        assert_eq!(places_of_night(&night), words);
        assert_eq!(short_places_of_night(&night), "was unknown (40 in all)");
    }
}
