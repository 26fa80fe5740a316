//! What is known of the places of a date: the kinds of knowledge that each reader puts into words. Pure.

use crate::domain::state::State;

/// What is known of the places of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    Closed,
    /// A site that says 0 of 0 for an open night does not know.
    TotalUnknown {
        /// Whether places can be booked, but must be asked for.
        must_ask: bool,
    },
    FreeOf {
        free: i16,
        total: i16,
    },
    /// The total is not published.
    Free {
        free: i16,
    },
    /// The number of free places is not published.
    HiddenOf {
        total: i16,
        must_ask: bool,
    },
    Hidden {
        must_ask: bool,
    },
}

impl From<&State> for Places {
    fn from(state: &State) -> Self {
        let must_ask = state.must_ask();
        match (state.free, state.total) {
            _ if state.is_closed() => Self::Closed,
            (Some(_), Some(0)) => Self::TotalUnknown { must_ask },
            (Some(free), Some(total)) => Self::FreeOf { free, total },
            (Some(free), None) => Self::Free { free },
            (None, Some(total @ 1..)) => Self::HiddenOf { total, must_ask },
            (None, _) => Self::Hidden { must_ask },
        }
    }
}
