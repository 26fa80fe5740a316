//! Since when there was no room on the nights of a visit before it opened. Pure.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

/// The time in which a site listed a night in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: DateTime<Utc>,
    /// None if it lasts.
    pub until: Option<DateTime<Utc>>,
    /// Whether the night had room for the group.
    pub has_room: bool,
}

/// The history of nights, by hut.
pub type Nights = HashMap<(i32, NaiveDate), Vec<Span>>;

/// The nights of a visit: its stages, their alternatives, and the nights of each in one hut.
pub type VisitNights = [Vec<Vec<(i32, NaiveDate)>>];

/// In this order: of nights that are all needed, the worst decides, and of alternatives the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    Free,
    Full,
    /// Not all nights were listed.
    Unknown,
}

/// Since when the visit had been without room before it opened last. None if its nights were not listed then.
#[must_use]
pub fn full_since(visit: &VisitNights, nights: &Nights) -> Option<DateTime<Utc>> {
    let spans = visit.iter().flatten().flatten().filter_map(|night| nights.get(night)).flatten();
    let mut instants: Vec<_> =
        spans.flat_map(|span| [Some(span.from), span.until]).flatten().collect();
    instants.sort_unstable();
    instants.dedup();
    let before = instants.into_iter().rev().map(|at| (at, room_at(visit, nights, at)));
    let before = before.skip_while(|(_, room)| *room == Room::Free);
    before.take_while(|(_, room)| *room == Room::Full).last().map(|(at, _)| at)
}

/// Whether each stage had an alternative with room at an instant.
fn room_at(visit: &VisitNights, nights: &Nights, at: DateTime<Utc>) -> Room {
    let of_night = |night: &(i32, NaiveDate)| {
        let mut spans = nights.get(night).into_iter().flatten();
        let span = spans.find(|span| span.from <= at && span.until.is_none_or(|until| at < until));
        match span {
            None => Room::Unknown,
            Some(span) if span.has_room => Room::Free,
            Some(_) => Room::Full,
        }
    };
    let of_hut = |nights: &Vec<_>| nights.iter().map(of_night).max().unwrap_or(Room::Free);
    let of_stage = |huts: &Vec<_>| huts.iter().map(of_hut).min().unwrap_or(Room::Unknown);
    visit.iter().map(of_stage).max().unwrap_or(Room::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour)
    }

    fn night(day: u32) -> (i32, NaiveDate) {
        (1, NaiveDate::from_ymd_opt(2026, 7, day).unwrap())
    }

    /// Spans one after the other: their starts, and whether there was room.
    fn history(starts: &[(i64, bool)]) -> Vec<Span> {
        let until = starts.iter().skip(1).map(|(hour, _)| Some(at(*hour))).chain([None]);
        let spans = starts.iter().zip(until);
        spans
            .map(|((hour, has_room), until)| Span { from: at(*hour), until, has_room: *has_room })
            .collect()
    }

    #[test]
    fn a_stay_is_full_while_any_of_its_nights_is() {
        let first = history(&[(0, true), (10, false), (30, true)]);
        let second = history(&[(0, true), (5, false), (20, true)]);
        let nights = Nights::from([(night(1), first), (night(2), second)]);
        let stay = |days: &[u32]| vec![vec![days.iter().map(|day| night(*day)).collect()]];
        assert_eq!(full_since(&stay(&[1, 2]), &nights), Some(at(5)));
        assert_eq!(full_since(&stay(&[1]), &nights), Some(at(10)));
    }

    #[test]
    fn nights_that_were_not_listed_were_not_full() {
        let stay = [vec![vec![night(1)]]];
        let new = Nights::from([(night(1), history(&[(0, true)]))]);
        assert_eq!(full_since(&stay, &new), None);
        assert_eq!(full_since(&stay, &Nights::new()), None);
        let mut gap = history(&[(0, false), (10, false), (30, true)]);
        gap[0].until = Some(at(5));
        assert_eq!(full_since(&stay, &Nights::from([(night(1), gap)])), Some(at(10)));
    }

    #[test]
    fn one_alternative_of_a_stage_suffices() {
        let other = (2, night(1).1);
        let tour = [vec![vec![night(1)], vec![other]], vec![vec![night(2)]]];
        let nights = Nights::from([
            (night(1), history(&[(0, true), (10, false)])),
            (other, history(&[(0, false), (20, true)])),
            (night(2), history(&[(0, true)])),
        ]);
        assert_eq!(full_since(&tour, &nights), Some(at(10)));
    }
}
