//! Groups changes by run and hut, and says what each one changed. Pure functions.

use chrono::{DateTime, Utc};

use crate::db::pages::changes::Change;
use crate::db::update_run::Span;
use crate::domain::state::{ReservationStatus, State};
use crate::text::texts::Texts;
use crate::web::pages::format;
use crate::web::pages::places::short_places;
use crate::web::pages::times::{Moment, Times};

/// What a run found.
pub struct RunGroup {
    /// None if no run in the log covers the changes.
    pub started: Option<Moment>,
    pub huts: Vec<HutGroup>,
}

/// What a check of a hut found.
pub struct HutGroup {
    pub hut_url: String,
    pub name: String,
    pub slug: String,
    pub at: DateTime<Utc>,
    pub checked: Moment,
    pub lines: Vec<Line>,
}

/// What changed for a night.
pub struct Line {
    pub night_url: String,
    pub date: String,
    pub iso_date: String,
    /// The places before; none for a night that is new.
    pub before: Option<String>,
    pub after: String,
    pub kind: Kind,
    /// Whether the site has stopped listing the night since.
    pub is_withdrawn: bool,
}

/// Whether a guest gains or loses by a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Freed,
    Taken,
    Other,
}

impl Kind {
    #[must_use]
    pub fn of(before: Option<&State>, after: &State) -> Self {
        let bookable = |state: &State| {
            let is_possible = state.reservation_status == ReservationStatus::Possible;
            if is_possible { state.free } else { Some(0) }
        };
        let Some(before) = before else { return Self::Other };
        match (bookable(before), bookable(after)) {
            (Some(before), Some(after)) if after > before => Self::Freed,
            (Some(before), Some(after)) if after < before => Self::Taken,
            _ => Self::Other,
        }
    }

    /// The CSS class.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Freed => "freed",
            Self::Taken => "lost",
            Self::Other => "other",
        }
    }
}

/// Groups changes, which are the newest first and by hut within a check. The runs are the oldest first.
#[must_use]
pub fn groups(changes: &[Change], runs: &[Span], times: &Times) -> Vec<RunGroup> {
    let mut groups: Vec<(Option<DateTime<Utc>>, Vec<HutGroup>)> = Vec::new();
    for change in changes {
        let at = change.entry.first_checked;
        let run = run_of(runs, at);
        if groups.last().is_none_or(|(last, _)| *last != run) {
            groups.push((run, Vec::new()));
        }
        let Some((_, huts)) = groups.last_mut() else { continue };
        let is_same = |hut: &HutGroup| hut.at == at && hut.slug == change.hut.slug;
        if !huts.last().is_some_and(is_same) {
            huts.push(HutGroup {
                hut_url: format::hut_url(&change.hut.slug),
                name: format::text(&change.hut.name),
                slug: change.hut.slug.clone(),
                at,
                checked: times.ago(at),
                lines: Vec::new(),
            });
        }
        if let Some(hut) = huts.last_mut() {
            hut.lines.push(line(times.t, change));
        }
    }
    let group = |(run, huts): (Option<DateTime<Utc>>, _)| RunGroup {
        started: run.map(|at| times.at(at)),
        huts,
    };
    groups.into_iter().map(group).collect()
}

/// The start of the last run that may have made a change at this instant.
fn run_of(runs: &[Span], at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let holds = |(start, end): &&Span| *start <= at && end.is_none_or(|end| at <= end);
    runs.iter().rev().find(holds).map(|(start, _)| *start)
}

fn line(t: Texts, change: &Change) -> Line {
    let after = &change.entry.state;
    Line {
        night_url: format::night_url(&change.hut.slug, change.date),
        date: t.day(change.date),
        iso_date: change.date.to_string(),
        before: change.before.as_ref().map(|state| short_places(t, state)),
        after: short_places(t, after),
        kind: Kind::of(change.before.as_ref(), after),
        is_withdrawn: change.is_withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus::{NotPossible, Possible, Unknown};

    fn state(free: Option<i16>, reservation_status: ReservationStatus) -> State {
        State { free, total: Some(40), hut_type: HutType::Hut, reservation_status }
    }

    #[test]
    fn a_change_frees_places_if_more_can_be_booked_than_before() {
        for (before, after, kind) in [
            (state(Some(0), Possible), state(Some(4), Possible), Kind::Freed),
            (state(Some(4), Possible), state(Some(0), Possible), Kind::Taken),
            (state(Some(0), NotPossible), state(Some(4), Possible), Kind::Freed),
            (state(Some(4), Possible), state(Some(4), NotPossible), Kind::Taken),
            (state(Some(9), Unknown), state(Some(4), Possible), Kind::Freed),
            (state(None, Possible), state(Some(4), Possible), Kind::Other),
            (state(Some(4), Possible), state(Some(4), Possible), Kind::Other),
        ] {
            assert_eq!(Kind::of(Some(&before), &after), kind, "{before:?} {after:?}");
        }
        assert_eq!(Kind::of(None, &state(Some(4), Possible)), Kind::Other);
    }

    #[test]
    fn a_change_belongs_to_the_last_run_that_was_at_work() {
        let at = |minute: i64| DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minute);
        let runs = [(at(0), Some(at(5))), (at(2), Some(at(9))), (at(30), None)];
        let run_of = |minute| run_of(&runs, at(minute)).map(|start| (start - at(0)).num_minutes());
        assert_eq!([1, 3, 7, 20, 40].map(run_of), [Some(0), Some(2), Some(2), None, Some(30)]);
    }
}
