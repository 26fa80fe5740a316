//! Why a difference between the two services is known and harmless. Pure.

use serde::Serialize;
use strum::Display;

/// A reason. Its name is in the JSON report, its text in the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Display, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    Addition,
    OwnClock,
    CheckedSince,
    NotPublished,
    NotListed,
    Closed,
    UnknownType,
    Rounding,
    BookingLink,
    TrendPeriod,
    History,
    InvalidValue,
    Program,
}

impl Reason {
    /// The reason as a sentence.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Addition => "we answer with more fields, which their clients ignore",
            Self::OwnClock => "each service asks the booking sites at its own times",
            Self::CheckedSince => "the night changed after the last check of one of the services",
            Self::NotPublished => {
                "where a site publishes no number, or there are no places, we say null and they may say 0 or 100 %"
            }
            Self::NotListed => {
                "the site no longer lists the night: we say unknown, they keep the last figures"
            }
            Self::Closed => "the hut is closed: we say 0 of 0 places, they may keep other numbers",
            Self::UnknownType => "the type of the hut is not known: we say unknown, they say null",
            Self::Rounding => "coordinates are rounded to about a metre, and ties differ",
            Self::BookingLink => "their links to hut-reservation.org name its former address",
            Self::TrendPeriod => {
                "we count the period of a future night from today, they from the night"
            }
            Self::History => {
                "our history has no gaps and no equal neighbours, and the state that was valid when the period began"
            }
            Self::InvalidValue => "we refuse invalid values with status 400, they with 422",
            Self::Program => "the versions describe two programs",
        }
    }
}
