//! The model of arrivals and watches. It knows nothing of the program's rules but those of the contract, and looks at each night by itself.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use hut_availability::domain::watch::{Goal, Watch};

/// What the model knows of an arrival: whether it is open, how often it opened, when it was last sent, and until when its
/// opening waits.
pub type Opened = (bool, i32, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// What the model knows of a watch.
pub struct Modelled {
    pub id: i32,
    pub watch: Watch<i32>,
    pub is_paused: bool,
    pub is_starting: bool,
    /// By date and hut (0 for a tour).
    pub arrivals: BTreeMap<(NaiveDate, i32), Opened>,
    /// What the outbox must hold.
    pub outbox: BTreeSet<String>,
}

/// The nights of the huts as the last checks left them, by hut and date.
#[derive(Default)]
pub struct Nights {
    pub free: BTreeMap<(i32, NaiveDate), Option<i16>>,
    pub empty_answers: BTreeMap<i32, u32>,
}

impl Nights {
    pub fn has_room(&self, hut: i32, date: NaiveDate, places: u16) -> bool {
        self.empty_answers.get(&hut).copied().unwrap_or(0) < 2
            && self
                .free
                .get(&(hut, date))
                .copied()
                .flatten()
                .is_some_and(|free| free >= places as i16)
    }

    fn have_room(&self, hut: i32, first: NaiveDate, nights: u16, places: u16) -> bool {
        first.iter_days().take(nights.into()).all(|date| self.has_room(hut, date, places))
    }

    /// The arrivals of a watch that have room.
    pub fn open(&self, watch: &Watch<i32>) -> BTreeSet<(NaiveDate, i32)> {
        let days = watch.group.arrivals.start().iter_days();
        let days = days.take_while(|day| day <= watch.group.arrivals.end());
        let mut open = BTreeSet::new();
        for day in days.filter(|day| watch.group.weekdays.contains(day.weekday())) {
            match &watch.goal {
                Goal::Stay(stay) => {
                    for &hut in &stay.huts {
                        if self.have_room(hut, day, stay.nights, watch.group.places) {
                            open.insert((day, hut));
                        }
                    }
                }
                Goal::Tour(stages) => {
                    let mut first = day;
                    let fits = stages.iter().all(|stage| {
                        let start = first;
                        first = first + Days::new(stage.nights.into());
                        stage.huts.iter().any(|&hut| {
                            self.have_room(hut, start, stage.nights, watch.group.places)
                        })
                    });
                    if fits {
                        open.insert((day, 0));
                    }
                }
            }
        }
        open
    }
}

impl Modelled {
    /// A match at an instant, by the words of the contract.
    pub fn match_now(&mut self, nights: &Nights, now: DateTime<Utc>, today: NaiveDate) {
        if self.is_paused || *self.watch.group.arrivals.end() < today {
            return;
        }
        let open = nights.open(&self.watch);
        let keys: BTreeSet<_> = open.iter().chain(self.arrivals.keys()).copied().collect();
        for key in keys.into_iter().filter(|(date, _)| *date >= today) {
            let (was_open, opening, sent, waits) =
                self.arrivals.get(&key).copied().unwrap_or((false, 0, None, None));
            let is_open = open.contains(&key);
            let line = |opening: i32, event: &str, state: &str| {
                format!("{} {} {opening} {event} {state}", key.0, key.1)
            };
            if is_open && (!was_open || self.is_starting) {
                let opening_now = opening + 1;
                if waits.is_some() {
                    self.outbox.remove(&line(opening, "opened", "waiting"));
                    self.outbox.insert(line(opening, "opened", "dropped"));
                }
                let due = sent
                    .map(|sent| sent + self.watch.cooldown)
                    .filter(|due| !self.is_starting && *due > now);
                let (sent_now, waits_now) = match due {
                    _ if self.is_starting && self.watch.quiet_start => (sent, None),
                    None => {
                        self.outbox.insert(line(opening_now, "opened", "queued"));
                        (Some(now), None)
                    }
                    Some(due) => {
                        self.outbox.insert(line(opening_now, "opened", "waiting"));
                        (sent, Some(due))
                    }
                };
                self.arrivals.insert(key, (true, opening_now, sent_now, waits_now));
            } else if is_open {
                if waits.is_some_and(|due| due <= now) {
                    self.outbox.remove(&line(opening, "opened", "waiting"));
                    self.outbox.insert(line(opening, "opened", "queued"));
                    self.arrivals.insert(key, (true, opening, Some(now), None));
                }
            } else if was_open {
                if waits.is_some() {
                    self.outbox.remove(&line(opening, "opened", "waiting"));
                    self.outbox.insert(line(opening, "opened", "dropped"));
                } else if self.watch.closings && !self.is_starting {
                    self.outbox.insert(line(opening, "closed", "queued"));
                }
                self.arrivals.insert(key, (false, opening, sent, None));
            }
        }
        self.is_starting = false;
    }
}
