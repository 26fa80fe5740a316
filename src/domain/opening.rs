//! Decides which arrivals of a watch opened and closed, and what is to be sent of that. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// A date of arrival, and the hut of a stay; no hut for a tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arrival {
    pub date: NaiveDate,
    pub hut_id: Option<i32>,
}

/// What is stored of an arrival that has opened at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub is_open: bool,
    /// How often it has opened.
    pub opening: i32,
    /// When an opening was last put into a message.
    pub notified_at: Option<DateTime<Utc>>,
    /// When it closed last; none if it is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// Its last opening waits until then, because of the cooldown.
    pub waits_until: Option<DateTime<Utc>>,
}

/// What decides, besides the arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    /// The watch was made or resumed since its last match. What is open is a summary then.
    pub is_starting: bool,
    pub quiet_start: bool,
    pub closings: bool,
    pub cooldown: TimeDelta,
}

/// An arrival that opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    pub arrival: Arrival,
    /// The number of this opening, from 1 on.
    pub opening: i32,
    pub send: SendTime,
}

/// When an opening is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendTime {
    Now,
    /// Because of the cooldown, if it is still open then.
    At(DateTime<Utc>),
    /// It was open when the watch began, and the watch does not want a summary.
    Never,
}

/// An arrival that closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    pub arrival: Arrival,
    /// The number of the opening that ended.
    pub opening: i32,
    /// Whether the closing is sent.
    pub is_sent: bool,
}

/// What a match changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    pub opened: Vec<Opened>,
    pub closed: Vec<Closed>,
    /// Openings whose wait is over, with their numbers: they are sent now.
    pub released: Vec<(Arrival, i32)>,
    /// Openings that waited and are not sent any more, with their numbers.
    pub dropped: Vec<(Arrival, i32)>,
}

impl Decision {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { opened, closed, released, dropped } = self;
        opened.is_empty() && closed.is_empty() && released.is_empty() && dropped.is_empty()
    }
}

/// Compares the arrivals that are `open` now with those that are known. Past arrivals are left as they are.
#[must_use]
pub fn decide(
    known: &BTreeMap<Arrival, Known>,
    open: &BTreeSet<Arrival>,
    situation: &Situation,
) -> Decision {
    let Situation { now, today, is_starting, quiet_start, closings, .. } = *situation;
    let mut decision = Decision::default();
    for &arrival in open.iter().filter(|arrival| arrival.date >= today) {
        match known.get(&arrival) {
            Some(known) if known.is_open && !is_starting => {
                if known.waits_until.is_some_and(|until| until <= now) {
                    decision.released.push((arrival, known.opening));
                }
            }
            known => {
                let opening = known.map_or(0, |known| known.opening) + 1;
                let send = match is_starting {
                    true if quiet_start => SendTime::Never,
                    true => SendTime::Now,
                    false => situation.after_cooldown(known.and_then(|known| known.notified_at)),
                };
                decision.opened.push(Opened { arrival, opening, send });
            }
        }
    }
    for (&arrival, known) in known {
        let is_past = arrival.date < today;
        let has_closed = known.is_open && !is_past && !open.contains(&arrival);
        if has_closed {
            // Nobody has heard of an opening that still waits.
            let is_sent = closings && !is_starting && known.waits_until.is_none();
            decision.closed.push(Closed { arrival, opening: known.opening, is_sent });
        }
        if known.waits_until.is_some() && (is_past || has_closed || is_starting) {
            decision.dropped.push((arrival, known.opening));
        }
    }
    decision
}

impl Situation {
    /// When an opening is sent whose arrival was last sent at this instant.
    fn after_cooldown(&self, notified_at: Option<DateTime<Utc>>) -> SendTime {
        let Some(notified_at) = notified_at else { return SendTime::Now };
        // A clock that was set back delays a message by one cooldown at most.
        let until = notified_at.min(self.now) + self.cooldown;
        if until <= self.now { SendTime::Now } else { SendTime::At(until) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(1) + TimeDelta::minutes(minute)
    }

    fn arrival(day: u32) -> Arrival {
        Arrival { date: NaiveDate::from_ymd_opt(1970, 1, day).unwrap(), hut_id: Some(1) }
    }

    fn situation(minute: i64) -> Situation {
        Situation {
            now: at(minute),
            today: arrival(2).date,
            is_starting: false,
            quiet_start: false,
            closings: false,
            cooldown: TimeDelta::hours(1),
        }
    }

    const OPEN: Known =
        Known { is_open: true, opening: 3, notified_at: None, closed_at: None, waits_until: None };

    fn decide_one(known: Option<Known>, is_open: bool, situation: Situation) -> Decision {
        let known = known.map(|known| (arrival(2), known)).into_iter().collect();
        let open = is_open.then_some(arrival(2)).into_iter().collect();
        decide(&known, &open, &situation)
    }

    #[test]
    fn an_arrival_opens_once_until_it_closes() {
        let opened = decide_one(None, true, situation(0)).opened;
        assert_eq!(opened, [Opened { arrival: arrival(2), opening: 1, send: SendTime::Now }]);
        assert!(decide_one(Some(OPEN), true, situation(0)).is_empty());
        let closed = Known { is_open: false, ..OPEN };
        assert_eq!(decide_one(Some(closed), true, situation(0)).opened[0].opening, 4);
        assert!(decide_one(Some(closed), false, situation(0)).is_empty());
    }

    #[test]
    fn an_opening_within_the_cooldown_waits_and_is_sent_if_it_is_still_open() {
        let closed = Known { is_open: false, notified_at: Some(at(0)), ..OPEN };
        assert_eq!(
            decide_one(Some(closed), true, situation(59)).opened[0].send,
            SendTime::At(at(60))
        );
        assert_eq!(decide_one(Some(closed), true, situation(60)).opened[0].send, SendTime::Now);
        let waiting = Known { waits_until: Some(at(60)), ..OPEN };
        assert!(decide_one(Some(waiting), true, situation(59)).is_empty());
        assert_eq!(decide_one(Some(waiting), true, situation(60)).released, [(arrival(2), 3)]);
        let decision =
            decide_one(Some(waiting), false, Situation { closings: true, ..situation(60) });
        assert_eq!(decision.dropped, [(arrival(2), 3)]);
        assert!(!decision.closed[0].is_sent, "nobody has heard of the opening");
    }

    #[test]
    fn a_clock_that_was_set_back_delays_by_one_cooldown() {
        let closed = Known { is_open: false, notified_at: Some(at(1000)), ..OPEN };
        assert_eq!(
            decide_one(Some(closed), true, situation(0)).opened[0].send,
            SendTime::At(at(60))
        );
    }

    #[test]
    fn what_is_open_at_the_start_is_a_summary_or_nothing() {
        let starting = Situation { is_starting: true, closings: true, ..situation(0) };
        let known = Known { notified_at: Some(at(0)), ..OPEN };
        let opened = decide_one(Some(known), true, starting).opened;
        assert_eq!(opened, [Opened { arrival: arrival(2), opening: 4, send: SendTime::Now }]);
        let quiet = Situation { quiet_start: true, ..starting };
        assert_eq!(decide_one(None, true, quiet).opened[0].send, SendTime::Never);
        assert!(
            !decide_one(Some(known), false, starting).closed[0].is_sent,
            "it closed in the pause"
        );
    }

    #[test]
    fn past_arrivals_neither_open_nor_close() {
        let tomorrow = Situation { today: arrival(3).date, closings: true, ..situation(0) };
        assert!(decide_one(None, true, tomorrow).is_empty());
        assert!(decide_one(Some(OPEN), false, tomorrow).is_empty());
        let waiting = Known { waits_until: Some(at(0)), ..OPEN };
        assert_eq!(decide_one(Some(waiting), true, tomorrow).dropped, [(arrival(2), 3)]);
    }

    #[test]
    fn closings_are_sent_to_those_who_ask() {
        let asks = Situation { closings: true, ..situation(0) };
        let closed = Closed { arrival: arrival(2), opening: 3, is_sent: true };
        assert_eq!(decide_one(Some(OPEN), false, asks).closed, [closed]);
        let closed = Closed { is_sent: false, ..closed };
        assert_eq!(decide_one(Some(OPEN), false, situation(0)).closed, [closed]);
    }
}
