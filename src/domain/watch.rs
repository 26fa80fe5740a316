//! A watch: a stay or a tour that someone waits for. Pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::domain::stay::{Group, Stage};

/// The cooldown of a watch that gives none.
pub const DEFAULT_COOLDOWN: TimeDelta = TimeDelta::hours(1);

/// The longest cooldown.
pub const MAX_COOLDOWN: TimeDelta = TimeDelta::days(30);

/// The most huts of a watch for a stay.
pub const MAX_HUTS: usize = 200;

/// The most channels of a watch.
pub const MAX_CHANNELS: usize = 20;

/// The longest name, in characters.
pub const MAX_NAME_LEN: usize = 100;

/// What someone waits for, and who hears of it. `Hut` is a slug, or an ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch<Hut> {
    pub name: String,
    pub goal: Goal<Hut>,
    pub group: Group,
    /// The names of channels.
    pub channels: Vec<String>,
    /// Do not send what is open already when the watch is made or resumed.
    pub quiet_start: bool,
    /// Also send when an arrival closes again.
    pub closings: bool,
    /// An arrival that opens again and again is sent at most once in this time.
    pub cooldown: TimeDelta,
}

/// A stay in any of some huts, or a tour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal<Hut> {
    /// Each hut is an arrival of its own.
    Stay(Stage<Hut>),
    Tour(Vec<Stage<Hut>>),
}

impl<Hut> Goal<Hut> {
    /// The stages; one for a stay.
    #[must_use]
    pub fn stages(&self) -> &[Stage<Hut>] {
        match self {
            Self::Stay(stage) => std::slice::from_ref(stage),
            Self::Tour(stages) => stages,
        }
    }

    #[must_use]
    pub fn is_tour(&self) -> bool {
        matches!(self, Self::Tour(_))
    }

    /// The same goal with other names of the huts.
    ///
    /// # Errors
    /// The first error of `rename`.
    pub fn try_map<Other, Error>(
        &self,
        mut rename: impl FnMut(&Hut) -> Result<Other, Error>,
    ) -> Result<Goal<Other>, Error> {
        let mut stage = |stage: &Stage<Hut>| {
            let huts = stage.huts.iter().map(&mut rename).collect::<Result<_, Error>>()?;
            Ok(Stage { huts, nights: stage.nights })
        };
        Ok(match self {
            Self::Stay(one) => Goal::Stay(stage(one)?),
            Self::Tour(stages) => {
                Goal::Tour(stages.iter().map(stage).collect::<Result<_, Error>>()?)
            }
        })
    }
}

impl<Hut> Watch<Hut> {
    /// Whether the last arrival is past, so that nothing can open any more.
    #[must_use]
    pub fn has_ended(&self, today: NaiveDate) -> bool {
        *self.group.arrivals.end() < today
    }
}

/// Whether a watch is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WatchState {
    Active,
    Paused,
    /// Its last arrival is past.
    Ended,
}

impl WatchState {
    #[must_use]
    pub fn of<Hut>(
        watch: &Watch<Hut>,
        paused_at: Option<DateTime<Utc>>,
        today: NaiveDate,
    ) -> Self {
        if watch.has_ended(today) {
            Self::Ended
        } else if paused_at.is_some() {
            Self::Paused
        } else {
            Self::Active
        }
    }
}
