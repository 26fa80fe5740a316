//! Formats how full a night is, as a bar and in words.

use askama::Template;
use askama::filters::HtmlSafe;

use super::format::Label;
use crate::domain::state::State;
use crate::query::describe::places_of_night;
use crate::query::night::{Night, NightStatus};

/// The occupancy of a date as a bar, with its status in words.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "occupancy.html")]
pub struct Occupancy {
    status: NightStatus,
    /// None if it cannot be computed, or says nothing of the night.
    percent: Option<f64>,
}

impl HtmlSafe for Occupancy {}

impl Occupancy {
    /// The percentage as a whole number. It is at least 1 while a place is taken, and at most 99 while one
    /// is free.
    fn rounded(&self, percent: &f64) -> f64 {
        match *percent {
            percent if percent > 0.0 && percent < 100.0 => percent.round().clamp(1.0, 99.0),
            percent => percent,
        }
    }
}

impl From<Night> for Occupancy {
    fn from(night: Night) -> Self {
        let known = Self::from(night.state);
        Self { status: night.status(), percent: known.percent.filter(|_| !night.is_withdrawn) }
    }
}

impl From<State> for Occupancy {
    fn from(state: State) -> Self {
        let percent = state.occupancy_percent().filter(|_| !state.is_closed());
        Self { status: state.into(), percent }
    }
}

/// A night in words: `12 of 40 free, low`.
#[must_use]
pub fn describe(night: &Night) -> String {
    let places = places_of_night(night);
    match night.status() {
        status @ (NightStatus::Empty
        | NightStatus::Low
        | NightStatus::Medium
        | NightStatus::High
        | NightStatus::Full) => format!("{places}, {}", status.label()),
        // The words for the places say it.
        NightStatus::FreeUnknown
        | NightStatus::Closed
        | NightStatus::Withdrawn
        | NightStatus::Unknown => places,
    }
}

/// Whether a night can be booked, in a word. It cannot if its site does not list it any more.
#[must_use]
pub fn reservation(night: &Night) -> &'static str {
    if night.is_withdrawn {
        NightStatus::Withdrawn.label()
    } else {
        night.state.reservation_status.label()
    }
}

impl Label for NightStatus {
    fn label(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Full => "full",
            Self::FreeUnknown => "number not published",
            Self::Closed => "closed",
            Self::Withdrawn => "no longer listed",
            Self::Unknown => "unknown",
        }
    }
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

    fn label(occupancy: Occupancy) -> String {
        let html = occupancy.render().unwrap();
        html.split("class=\"status\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
    }

    #[test]
    fn a_single_taken_place_is_one_percent_and_a_single_free_place_ninety_nine() {
        let label = |free, total| label(state(free, total, Possible).into());
        assert_eq!(label(1, 300), "high · 99 %");
        assert_eq!(label(249, 250), "low · 1 %");
        assert_eq!(label(0, 300), "full · 100 %");
        assert_eq!(label(250, 250), "empty · 0 %");
        assert_eq!(label(3, 8), "high · 63 %");
    }

    #[test]
    fn a_night_without_a_percentage_has_only_a_word() {
        for (state, word) in [
            (state(0, 0, Unknown), "unknown"),
            (state(0, 0, NotPossible), "closed"),
            (state(5, 9, NotPossible), "closed"),
            (state(None, 40, Possible), "number not published"),
            (state(None, None, Possible), "number not published"),
            (state(None, None, Unknown), "unknown"),
        ] {
            assert_eq!(label(state.into()), word);
        }
        let withdrawn = Night {
            state: state(12, 40, Possible),
            last_checked: chrono::DateTime::UNIX_EPOCH,
            tier: None,
            is_listed: false,
            is_withdrawn: true,
        };
        assert_eq!(label(withdrawn.into()), "no longer listed");
        assert_eq!(describe(&withdrawn), "no longer listed; before: 12 of 40 free");
    }
}
