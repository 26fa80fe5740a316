//! Sample huts for the tests of the views.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::domain::hut::HutType;
use crate::domain::schedule::Intervals;
use crate::domain::state::{ReservationStatus, State};
use crate::domain::tier::Tier;
use crate::query::freshness::AgeLimits;
use crate::query::night::Night;
use crate::query::views::{DaySource, Entry, HutHead, HutOnMap};
use crate::terminal::screen::{Colours, Screen};

/// A terminal with colours, even if the terminal that runs the tests has none.
pub fn coloured(width: Option<u16>) -> Screen {
    crossterm::style::force_color_output(true);
    Screen { colours: Colours::Yes, width }
}

/// The current instant in these tests: noon of their day.
pub fn now() -> DateTime<Utc> {
    "2026-06-30T12:00:00Z".parse().unwrap()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn state(free: impl Into<Option<i16>>, total: impl Into<Option<i16>>) -> State {
    let (free, total) = (free.into(), total.into());
    let reservation_status = match free {
        Some(0) => ReservationStatus::NotPossible,
        _ => ReservationStatus::Possible,
    };
    State { free, total, hut_type: HutType::Hut, reservation_status }
}

/// A night that was checked an hour ago.
pub fn night(state: State) -> Night {
    Night {
        state,
        last_checked: now() - TimeDelta::hours(1),
        tier: Some(Tier::Low),
        is_listed: true,
        is_withdrawn: false,
    }
}

/// The polling intervals of the default configuration.
pub fn limits() -> AgeLimits {
    AgeLimits {
        now: now(),
        today: date("2026-06-30"),
        intervals: Intervals {
            watched: TimeDelta::minutes(30),
            high: TimeDelta::minutes(30),
            medium: TimeDelta::hours(3),
            low: TimeDelta::hours(24),
            inactive: TimeDelta::days(7),
        },
    }
}

/// A state that held from `from` until `until`, in hours after noon.
pub fn entry(free: i16, total: i16, from: i64, until: i64) -> Entry {
    Entry {
        state: state(free, total),
        first_checked: now() + TimeDelta::hours(from),
        last_checked: now() + TimeDelta::hours(until),
    }
}

pub fn head(id: i32, name: &str, country: Option<&str>) -> HutHead {
    HutHead {
        id,
        slug: crate::text::slug::slug_of(name),
        name: name.into(),
        country: country.map(str::to_owned),
        latitude: Some(47.5),
        longitude: Some(12.9),
        hut_type_open: Some(HutType::Hut),
        hut_type_closed: Some(HutType::Selfhut),
        is_active: true,
        is_public: true,
    }
}

pub fn source() -> DaySource {
    DaySource {
        organization: "hrs".into(),
        source_hut_id: "151".into(),
        link: Some("https://www.hut-reservation.org/reservation/book-hut/151/wizard".into()),
    }
}

/// A hut with states of consecutive days, the first of which is `from`.
pub fn hut(hut: HutHead, from: &str, states: &[State]) -> HutOnMap {
    let days = date(from).iter_days().zip(states.iter().copied().map(night)).collect();
    HutOnMap { hut, source: source(), last_success: Some(now()), days }
}
