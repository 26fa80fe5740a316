//! A watch: a stay or a tour that someone waits for. Pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::domain::stay::{Group, MAX_STAGES, Stage};

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

/// Why a watch is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWatch {
    #[error(
        "expected a name of 1 to {MAX_NAME_LEN} characters without control characters, got {0:?}"
    )]
    Name(String),
    #[error("a watch needs a channel that gets its messages")]
    NoChannel,
    #[error("expected a channel's name of letters, digits, - and _, got {0:?}")]
    Channel(String),
    #[error("a watch has at most {MAX_CHANNELS} channels, got {0}")]
    TooManyChannels(usize),
    #[error("a watch needs 1 to {MAX_HUTS} huts, got {0}")]
    Huts(usize),
    #[error("a tour has at most {MAX_STAGES} stages, got {0}")]
    TooManyStages(usize),
}

impl Watch<String> {
    /// The watch with its texts in order: no spaces around them, nothing twice.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn checked(mut self) -> Result<Self, InvalidWatch> {
        self.name = self.name.trim().to_owned();
        let length = self.name.chars().count();
        if length == 0 || length > MAX_NAME_LEN || self.name.chars().any(char::is_control) {
            return Err(InvalidWatch::Name(self.name));
        }
        self.channels = without_repetitions(self.channels);
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        match self.channels.iter().find(|name| name.is_empty() || !name.chars().all(is_part)) {
            Some(name) => return Err(InvalidWatch::Channel(name.clone())),
            None if self.channels.is_empty() => return Err(InvalidWatch::NoChannel),
            None if self.channels.len() > MAX_CHANNELS => {
                return Err(InvalidWatch::TooManyChannels(self.channels.len()));
            }
            None => {}
        }
        match &mut self.goal {
            Goal::Stay(stage) => {
                let huts = std::mem::take(&mut stage.huts);
                stage.huts = without_repetitions(huts);
                if !(1..=MAX_HUTS).contains(&stage.huts.len()) {
                    return Err(InvalidWatch::Huts(stage.huts.len()));
                }
            }
            Goal::Tour(stages) if stages.len() > MAX_STAGES => {
                return Err(InvalidWatch::TooManyStages(stages.len()));
            }
            // Their parser has checked the stages.
            Goal::Tour(_) => {}
        }
        Ok(self)
    }
}

fn without_repetitions(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for text in texts {
        let text = text.trim().to_owned();
        if !unique.contains(&text) {
            unique.push(text);
        }
    }
    unique
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
    pub fn of<Hut>(watch: &Watch<Hut>, paused_at: Option<DateTime<Utc>>, today: NaiveDate) -> Self {
        if watch.has_ended(today) {
            Self::Ended
        } else if paused_at.is_some() {
            Self::Paused
        } else {
            Self::Active
        }
    }
}
