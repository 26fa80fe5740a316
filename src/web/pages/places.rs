//! The places and the state of a night in the words of the reader. Pure functions.

use crate::domain::state::State;
use crate::query::night::Night;
use crate::query::places::Places;
use crate::text::texts::Texts;

/// What is known of the places: `12 of 40 free`, `closed`, `ask: free places of 40 not published`.
#[must_use]
pub fn places(t: Texts, state: &State) -> String {
    let ask = |must_ask: bool, places: String| match must_ask {
        true => t.with("places-ask", "places", places).to_string(),
        false => places,
    };
    match Places::from(state) {
        Places::Closed => t.get("night-closed"),
        Places::TotalUnknown { .. } => t.get("places-total-unknown"),
        Places::FreeOf { free, total } => {
            t.with("places-free-of", "free", free).and("total", total).to_string()
        }
        Places::Free { free } => t.with("places-free", "free", free).to_string(),
        Places::HiddenOf { total, must_ask } => {
            ask(must_ask, t.with("places-hidden-of", "total", total).to_string())
        }
        Places::Hidden { must_ask } => ask(must_ask, t.get("places-hidden")),
    }
}

/// What is known of the places of a night. For a withdrawn night this is history, and it says so.
#[must_use]
pub fn places_of_night(t: Texts, night: &Night) -> String {
    if !night.is_withdrawn {
        return places(t, &night.state);
    }
    // Nobody can ask for a place any more.
    let places = match Places::from(&night.state) {
        Places::HiddenOf { total, .. } => t.with("places-hidden-of", "total", total).to_string(),
        Places::Hidden { .. } => t.get("places-hidden"),
        _ => places(t, &night.state),
    };
    t.with("places-before", "places", places).to_string()
}

/// The places in a cell of a table, whose heading is "free": `12 of 40`, `closed`, `ask (40 in all)`.
#[must_use]
pub fn short_places(t: Texts, state: &State) -> String {
    let hidden = |must_ask: bool| t.get(if must_ask { "night-free_unknown" } else { "unknown" });
    match Places::from(state) {
        Places::Closed => t.get("night-closed"),
        Places::FreeOf { free, total } => {
            t.with("short-free-of", "free", free).and("total", total).to_string()
        }
        Places::Free { free } => t.with("short-free", "free", free).to_string(),
        Places::HiddenOf { total, must_ask } => {
            t.with("short-of", "word", hidden(must_ask)).and("total", total).to_string()
        }
        Places::TotalUnknown { must_ask } | Places::Hidden { must_ask } => hidden(must_ask),
    }
}

/// The places of a night in a cell of a table. Those of a withdrawn night are in the past tense.
#[must_use]
pub fn short_places_of_night(t: Texts, night: &Night) -> String {
    if !night.is_withdrawn {
        return short_places(t, &night.state);
    }
    let places = match Places::from(&night.state) {
        Places::HiddenOf { total, .. } => {
            t.with("short-of", "word", t.get("unknown")).and("total", total).to_string()
        }
        Places::TotalUnknown { .. } | Places::Hidden { .. } => t.get("unknown"),
        _ => short_places(t, &night.state),
    };
    t.with("short-before", "places", places).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus::{NotPossible, Possible, Unknown};
    use crate::query::describe;
    use crate::text::language::Language;

    #[test]
    fn english_words_are_those_of_the_terminal() {
        let t = Texts::new(Language::English);
        for free in [None, Some(0), Some(5)] {
            for total in [None, Some(0), Some(40)] {
                for reservation_status in [Possible, NotPossible, Unknown] {
                    let state = State { free, total, hut_type: HutType::Hut, reservation_status };
                    assert_eq!(places(t, &state), describe::places(&state));
                    assert_eq!(short_places(t, &state), describe::short_places(&state));
                    for is_withdrawn in [false, true] {
                        let last_checked = chrono::DateTime::UNIX_EPOCH;
                        let is_listed = !is_withdrawn;
                        let night =
                            Night { state, last_checked, tier: None, is_listed, is_withdrawn };
                        assert_eq!(places_of_night(t, &night), describe::places_of_night(&night));
                        assert_eq!(
                            short_places_of_night(t, &night),
                            describe::short_places_of_night(&night)
                        );
                    }
                }
            }
        }
    }
}
