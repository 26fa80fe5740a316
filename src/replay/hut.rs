//! A hut in virtual time: what its site sells, what is stored of it, and how much of that is true.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::measure::Truth;
use super::world::{Change, Drawn, Nights, midnight};
use crate::domain::change_rate::{ChangeRate, Seen, interest, is_nearly_full};
use crate::domain::diff::ChangedDay;
use crate::domain::schedule::{Candidate, LastCheck};
use crate::domain::state::{OccupancyStatus, State};
use crate::domain::tier::{Tier, TierSpan};

/// A hut in virtual time.
pub struct VirtualHut {
    drawn: Drawn,
    /// The next of its changes.
    next: usize,
    now: DateTime<Utc>,
    today: NaiveDate,
    next_days: u64,
    sold: Nights,
    stored: Nights,
    /// The nights that may differ from what is stored.
    dirty: BTreeSet<NaiveDate>,
    /// When the places came free that no check has seen yet.
    freed: Vec<DateTime<Utc>>,
    open: Truth,
    untrue: Truth,
    tier: Option<TierSpan>,
    pub candidate: Candidate,
    pub measured: Measured,
}

/// What is measured of a hut.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Open nights, in hours.
    pub open: Truth,
    /// Those whose stored state is not true.
    pub untrue: Truth,
    /// Hours from a place coming free to the check that saw it.
    pub freed_hours: Vec<f64>,
    /// The longest and the shortest time between two checks, in hours.
    pub longest: Option<f64>,
    pub shortest: Option<f64>,
}

impl VirtualHut {
    #[must_use]
    pub fn new(id: i32, slug: String, drawn: Drawn, next_days: u64) -> Self {
        let last_check = LastCheck {
            last_checked: None,
            last_checked_run: None,
            last_success_run: None,
            consecutive_failures: 0,
            tier: Tier::Inactive,
            rate: ChangeRate::default(),
        };
        let organization = String::new();
        let candidate = Candidate { hut_id: id, slug, organization, is_watched: false, last_check };
        Self {
            now: drawn.begin,
            today: drawn.begin.date_naive(),
            next: 0,
            next_days,
            sold: drawn.nights.clone(),
            stored: Nights::new(),
            dirty: BTreeSet::new(),
            freed: Vec::new(),
            open: Truth::default(),
            untrue: Truth::default(),
            tier: None,
            candidate,
            measured: Measured::default(),
            drawn,
        }
    }

    #[must_use]
    pub fn begin(&self) -> DateTime<Utc> {
        self.drawn.begin
    }

    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.drawn.end
    }

    /// Whether the hut is known at an instant.
    #[must_use]
    pub fn exists(&self, at: DateTime<Utc>) -> bool {
        self.drawn.begin <= at && at < self.drawn.end
    }

    /// The open nights now.
    #[must_use]
    pub fn open_nights(&self) -> u32 {
        self.open.nights.round() as u32
    }

    /// The number of nights that change in a span, as a check of each night at once would see them.
    #[must_use]
    pub fn changes(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> usize {
        let begin = self.drawn.changes.partition_point(|change| change.at < from);
        let later = self.drawn.changes[begin..].iter().take_while(|change| change.at < until);
        let is_change = |change: &&Change| {
            !change.is_new && change.state.is_some() && change.date >= change.at.date_naive()
        };
        later.filter(is_change).count()
    }

    /// Lets time pass.
    pub fn advance(&mut self, to: DateTime<Utc>) {
        let to = to.min(self.drawn.end);
        loop {
            let midnight = midnight(self.today + TimeDelta::days(1));
            let change = self.drawn.changes.get(self.next).copied();
            match change.filter(|change| change.at < to.min(midnight)) {
                Some(change) => {
                    self.pass(change.at);
                    self.apply(change);
                    self.next += 1;
                }
                None if midnight <= to => {
                    self.pass(midnight);
                    self.begin_day(midnight.date_naive());
                }
                None => return self.pass(to),
            }
        }
    }

    fn pass(&mut self, to: DateTime<Utc>) {
        let hours = hours(to - self.now).max(0.0);
        if self.candidate.last_check.last_success_run.is_some() {
            self.measured.open += self.open * hours;
            self.measured.untrue += self.untrue * hours;
        }
        self.now = self.now.max(to);
    }

    /// What a night counts as an open night, and as an untrue one.
    fn counted(&self, date: NaiveDate) -> (Truth, Truth) {
        let Some(sold) = self.sold.get(&date).filter(|state| date >= self.today && is_open(state))
        else {
            return Default::default();
        };
        let ahead = (date - self.today).num_days();
        let one = Truth { nights: 1.0, interest: interest(date, ahead, is_nearly_full(sold)) };
        let is_untrue = self.stored.get(&date).is_some_and(|stored| stored != sold);
        (one, if is_untrue { one } else { Truth::default() })
    }

    fn apply(&mut self, Change { at, date, state, .. }: Change) {
        let (open, untrue) = self.counted(date);
        let before = match state {
            Some(state) => self.sold.insert(date, state),
            None => self.sold.remove(&date),
        };
        self.dirty.insert(date);
        let (now_open, now_untrue) = self.counted(date);
        self.open += now_open - open;
        self.untrue += now_untrue - untrue;
        let free = |state: Option<State>| state.and_then(|state| state.free);
        let is_freed = free(before).zip(free(state)).is_some_and(|(before, after)| after > before);
        if is_freed && date >= self.today && state.is_some_and(|state| is_open(&state)) {
            self.freed.push(at);
        }
    }

    fn begin_day(&mut self, today: NaiveDate) {
        self.today = today;
        self.sold = self.sold.split_off(&today);
        self.stored = self.stored.split_off(&today);
        self.dirty = self.dirty.split_off(&today);
        self.count();
        if self.tier.is_some_and(|span| span.until < today) {
            self.set_tier();
        }
    }

    /// Counts the open and the untrue nights afresh.
    fn count(&mut self) {
        let dates: Vec<NaiveDate> = self.sold.keys().copied().collect();
        let counted = dates.into_iter().map(|date| self.counted(date));
        let (open, untrue): (Vec<Truth>, Vec<Truth>) = counted.unzip();
        (self.open, self.untrue) = (open.into_iter().sum(), untrue.into_iter().sum());
    }

    fn set_tier(&mut self) {
        let span = TierSpan::new(self.today, self.next_days, &self.stored);
        self.candidate.last_check.tier = span.tier;
        self.tier = Some(span);
    }

    /// Stores what the site sells now.
    pub fn check(&mut self) {
        let changed = self.dirty.iter().filter_map(|date| {
            let (before, after) = (*self.stored.get(date)?, *self.sold.get(date)?);
            (before != after).then_some(ChangedDay { date: *date, before, after })
        });
        let changed: Vec<ChangedDay> = changed.collect();
        let check = &mut self.candidate.last_check;
        match check.last_success_run {
            None => self.stored = self.sold.clone(),
            Some(last) => {
                check.rate =
                    check.rate.after_check(self.now - last, Seen::new(&changed, self.today));
                let age = hours(self.now - last);
                let Measured { longest, shortest, freed_hours, .. } = &mut self.measured;
                *longest = Some(longest.map_or(age, |longest| longest.max(age)));
                *shortest = Some(shortest.map_or(age, |shortest| shortest.min(age)));
                freed_hours.extend(self.freed.iter().map(|at| hours(self.now - *at)));
            }
        }
        check.last_checked = Some(self.now);
        check.last_checked_run = Some(self.now);
        check.last_success_run = Some(self.now);
        for date in std::mem::take(&mut self.dirty) {
            match self.sold.get(&date) {
                Some(state) => self.stored.insert(date, *state),
                None => self.stored.remove(&date),
            };
        }
        self.freed.clear();
        self.count();
        // A night that changed may change the tier, and so may a day that has begun since.
        self.set_tier();
    }
}

/// Whether a night is for sale, or would be: it is not closed, and its places are known.
fn is_open(state: &State) -> bool {
    !state.is_closed() && state.occupancy_status() != OccupancyStatus::Unknown
}

pub(super) fn hours(time: TimeDelta) -> f64 {
    time.num_milliseconds() as f64 / 3_600_000.0
}
