//! The stored state of a date as readers see it: with its age, and whether the site still lists the date.

use chrono::{DateTime, Utc};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::domain::state::{OccupancyStatus, State};
use crate::domain::tier::Tier;

/// Empty answers in a row after which a hut has room on no date. After the first one, the site may have had a
/// problem.
pub const MAX_EMPTY_ANSWERS: i32 = 2;

/// The state of a date that was found last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Night {
    /// What the last check that listed the date found. For a withdrawn date this is history.
    pub state: State,
    /// The last check that listed the date.
    pub last_checked: DateTime<Utc>,
    /// The tier of the hut, which says how often it is polled. None from a migration to the next check.
    pub tier: Option<Tier>,
    /// Whether the hut's last successful check listed the date.
    pub is_listed: bool,
    /// Whether the site has stopped listing the date: a check that asked for it did not find it, or the last
    /// answers for the hut were empty.
    pub is_withdrawn: bool,
}

/// What readers are shown of a date in a word and a colour.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum NightStatus {
    Empty,
    Low,
    Medium,
    High,
    Full,
    /// The site does not publish how many places are free, or how many there are.
    FreeUnknown,
    Closed,
    Withdrawn,
    Unknown,
}

impl Night {
    /// Whether `places` can be booked.
    #[must_use]
    pub fn has_room_for(&self, places: u16) -> bool {
        !self.is_withdrawn && self.state.has_room_for(places)
    }

    /// Whether places can be booked, but the site does not publish how many.
    #[must_use]
    pub fn must_ask(&self) -> bool {
        !self.is_withdrawn && self.state.must_ask()
    }

    /// Whether `places` can be booked, or, with `ask`, whether that must be asked.
    #[must_use]
    pub fn has_room_or_ask(&self, places: u16, ask: bool) -> bool {
        self.has_room_for(places) || (ask && self.must_ask())
    }

    /// What can be booked, for sorting: the most places are the greatest, then the nights that must be asked about.
    #[must_use]
    pub fn room(&self) -> (i16, bool) {
        let places = self.state.free.filter(|_| self.has_room_for(1));
        (places.unwrap_or(0), self.must_ask())
    }

    #[must_use]
    pub fn status(&self) -> NightStatus {
        if self.is_withdrawn { NightStatus::Withdrawn } else { self.state.into() }
    }
}

impl From<State> for NightStatus {
    /// The status of a date that is not withdrawn.
    fn from(state: State) -> Self {
        match state.occupancy_status() {
            _ if state.is_closed() => Self::Closed,
            // Also where the total is not published either: a place can be booked, which is not unknown.
            _ if state.must_ask() => Self::FreeUnknown,
            OccupancyStatus::Empty => Self::Empty,
            OccupancyStatus::Low => Self::Low,
            OccupancyStatus::Medium => Self::Medium,
            OccupancyStatus::High => Self::High,
            OccupancyStatus::Full => Self::Full,
            OccupancyStatus::FreeUnknown => Self::FreeUnknown,
            OccupancyStatus::Unknown => Self::Unknown,
        }
    }
}
