//! How full a night is, as a bar and in a word.

use askama::Template;
use askama::filters::HtmlSafe;
use strum::VariantArray;

use super::format::Label;
use super::places::places_of_night;
use crate::domain::state::State;
use crate::query::night::{Night, NightStatus};
use crate::text::texts::Texts;

/// The occupancy of a date as a bar, with a word.
#[derive(Clone, Debug, Template)]
#[template(path = "occupancy.html")]
pub struct Occupancy {
    status: NightStatus,
    word: String,
    /// None if it cannot be computed, or says nothing of the night.
    percent: Option<f64>,
}

impl HtmlSafe for Occupancy {}

impl Occupancy {
    #[must_use]
    pub fn of_night(t: Texts, night: &Night) -> Self {
        let percent = percent(night.state).filter(|_| !night.is_withdrawn);
        Self { status: night.status(), word: word(t, night.status()), percent }
    }

    /// The occupancy of a state that held when it was found.
    #[must_use]
    pub fn of_state(t: Texts, state: State) -> Self {
        let status = NightStatus::from(state);
        Self { status, word: word(t, status), percent: percent(state) }
    }
}

fn percent(state: State) -> Option<f64> {
    state.occupancy_percent().filter(|_| !state.is_closed())
}

/// A status in a word for people: `plenty`, `some`, `few`, `full`, `closed`, `ask`.
#[must_use]
pub fn word(t: Texts, status: NightStatus) -> String {
    match status {
        // Whether all places are free or most of them makes no difference to a guest.
        NightStatus::Empty => NightStatus::Low.label(t),
        status => status.label(t),
    }
}

/// A night in words: `12 of 40 free, few`.
#[must_use]
pub fn describe(t: Texts, night: &Night) -> String {
    let places = places_of_night(t, night);
    match night.status() {
        status @ (NightStatus::Empty
        | NightStatus::Low
        | NightStatus::Medium
        | NightStatus::High
        | NightStatus::Full) => format!("{places}, {}", word(t, status)),
        // The words for the places say it.
        NightStatus::FreeUnknown
        | NightStatus::Closed
        | NightStatus::Withdrawn
        | NightStatus::Unknown => places,
    }
}

/// Whether a night can be booked, in a word. It cannot if its site does not list it any more.
#[must_use]
pub fn reservation(t: Texts, night: &Night) -> String {
    if night.is_withdrawn {
        NightStatus::Withdrawn.label(t)
    } else {
        night.state.reservation_status.label(t)
    }
}

/// Every status with its name.
#[must_use]
pub fn legend(t: Texts) -> Vec<(NightStatus, String)> {
    NightStatus::VARIANTS.iter().map(|status| (*status, status.label(t))).collect()
}

impl Label for NightStatus {
    const TEXTS: &'static str = "night";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus::{self, NotPossible, Possible, Unknown};

    fn state(
        free: impl Into<Option<i16>>,
        total: impl Into<Option<i16>>,
        reservation_status: ReservationStatus,
    ) -> State {
        State { free: free.into(), total: total.into(), hut_type: HutType::Hut, reservation_status }
    }

    const ENGLISH: Texts = Texts { language: crate::text::language::Language::English };

    fn html(state: State) -> String {
        Occupancy::of_state(ENGLISH, state).render().unwrap()
    }

    #[test]
    fn a_night_has_a_word_for_people() {
        for (state, expected) in [
            (state(250, 250, Possible), "plenty"),
            (state(249, 250, Possible), "plenty"),
            (state(20, 40, Possible), "some"),
            (state(1, 300, Possible), "few"),
            (state(0, 300, Possible), "full"),
            (state(0, 0, Unknown), "unknown"),
            (state(0, 0, NotPossible), "closed"),
            (state(5, 9, NotPossible), "closed"),
            (state(None, 40, Possible), "ask"),
            (state(None, None, Possible), "ask"),
            (state(None, None, Unknown), "unknown"),
        ] {
            let html = html(state);
            assert!(html.contains(&format!("class=\"status\">{expected}<")), "{html}");
        }
    }

    #[test]
    fn only_a_night_with_a_percentage_has_a_bar() {
        assert!(html(state(3, 8, Possible)).contains("width=\"62.5\""));
        assert!(!html(state(0, 0, NotPossible)).contains("svg"));
    }

    #[test]
    fn a_withdrawn_night_is_in_the_past_tense() {
        let withdrawn = Night {
            state: state(12, 40, Possible),
            last_checked: chrono::DateTime::UNIX_EPOCH,
            tier: None,
            is_listed: false,
            is_withdrawn: true,
        };
        let html = Occupancy::of_night(ENGLISH, &withdrawn).render().unwrap();
        assert!(html.contains("no longer listed") && !html.contains("svg"), "{html}");
        assert_eq!(describe(ENGLISH, &withdrawn), "no longer listed; before: 12 of 40 free");
        assert_eq!(reservation(ENGLISH, &withdrawn), "no longer listed");
    }
}
