//! Pure: when a run has changed so much of what is known of a site's huts that someone should look.
//!
//! Such a change is stored, since it may be true: a season has opened, an association has closed its
//! huts. It may as well be a mistake of the site in answers that are sound in themselves.

use serde::Serialize;

use crate::domain::diff::DiffCounts;

/// The share from which a change is a mass change. On the 52 real days no run comes near it: at most
/// 0.11 of the nights change, and 0.09 of those that can be booked turn; of a hut alone 0.12 and 0.09,
/// after a week without a check 0.26 and 0.16, after all of the 51 days 0.35 and 0.38. A hut that closes
/// overnight turns all of its nights, and one whose season opens most.
pub const MASS: f64 = 0.5;

/// Nights of a hut, on average, from which it matters how many have changed: a season. Bookings change
/// the nights that are near every day: on the real ones up to 0.93 of the next four weeks of a hut,
/// 0.47 of 60 nights, 0.31 of 90.
const NIGHTS_OF_A_HUT: usize = 90;

/// Nights that can be booked from which it matters how many turn: of fewer, a group or a storm turns
/// half. Of the next four weeks of a hut at most 0.22 do.
const BOOKABLE_NIGHTS: usize = 28;

/// So much of what is known of a site's huts has changed in a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MassChange {
    /// Huts of which so much has changed.
    pub huts: usize,
    /// Of the known nights the part that has changed, or of those that could be booked, before or now,
    /// the part that has turned from one to the other: whichever is the greater.
    #[serde(serialize_with = "in_hundredths")]
    pub share: f64,
}

impl MassChange {
    /// Whether what has changed of the huts of one site, each of which was updated, is one. A hut alone
    /// may be: that it is alone is in `huts`.
    #[must_use]
    pub fn of(huts: &[DiffCounts]) -> Option<Self> {
        let mut all = DiffCounts::default();
        huts.iter().for_each(|hut| all += *hut);
        let has_changed = changed(&all).filter(|share| {
            *share >= MASS
                && known(&all) >= NIGHTS_OF_A_HUT * huts.iter().filter(|hut| known(hut) > 0).count()
        });
        let has_turned =
            turned(&all).filter(|share| *share >= MASS && all.bookable >= BOOKABLE_NIGHTS);
        let share = has_changed.into_iter().chain(has_turned).reduce(f64::max)?;
        let is_of_it = |hut: &&DiffCounts| {
            has_changed.and_then(|_| changed(hut)).is_some_and(|share| share >= MASS)
                || has_turned.and_then(|_| turned(hut)).is_some_and(|share| share >= MASS)
        };
        Some(Self { huts: huts.iter().filter(is_of_it).count(), share })
    }
}

/// Nights of which something was known before.
fn known(diff: &DiffCounts) -> usize {
    diff.changed + diff.unchanged
}

fn changed(diff: &DiffCounts) -> Option<f64> {
    share(diff.changed, known(diff))
}

fn turned(diff: &DiffCounts) -> Option<f64> {
    share(diff.turned, diff.bookable)
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn in_hundredths<S: serde::Serializer>(share: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    // Down, so that only all is 1.
    serializer.serialize_f64((share * 100.0).floor() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hut of a year: so many of its nights have changed, and so many of `bookable` have turned.
    fn hut(changed: usize, turned: usize, bookable: usize) -> DiffCounts {
        let unchanged = 364 - changed;
        DiffCounts { created: 1, changed, unchanged, bookable, turned, ..DiffCounts::default() }
    }

    #[test]
    fn an_ordinary_day_is_none() {
        assert_eq!(MassChange::of(&[]), None);
        assert_eq!(MassChange::of(&[hut(0, 0, 0); 3]), None);
        assert_eq!(MassChange::of(&[hut(45, 7, 68); 3]), None);
    }

    #[test]
    fn huts_that_close_overnight_are_one() {
        let closed = hut(102, 102, 102);
        assert_eq!(MassChange::of(&[closed; 3]), Some(MassChange { huts: 3, share: 1.0 }));
        let one_is_not = [closed, closed, hut(10, 2, 100)];
        let mass_change = MassChange::of(&one_is_not).unwrap();
        assert_eq!(mass_change.huts, 2);
        assert!((mass_change.share - 206.0 / 304.0).abs() < 1e-9, "{mass_change:?}");
    }

    #[test]
    fn a_season_that_opens_is_one() {
        assert_eq!(MassChange::of(&[hut(120, 110, 140)]).unwrap().huts, 1);
    }

    #[test]
    fn one_hut_of_many_is_none() {
        let mut huts = vec![hut(5, 1, 100); 20];
        huts.push(hut(102, 102, 102));
        assert_eq!(MassChange::of(&huts), None);
    }

    #[test]
    fn most_of_a_year_that_changes_is_one_though_nothing_turns() {
        let mass_change = MassChange::of(&[hut(300, 0, 200), hut(300, 0, 200)]).unwrap();
        assert_eq!(mass_change.huts, 2);
        assert!(MassChange::of(&[hut(182, 0, 200)]).is_some());
        assert!(MassChange::of(&[hut(181, 0, 200)]).is_none());
    }

    /// Bookings change the near nights all the time, and a few turn by chance.
    #[test]
    fn few_nights_are_none() {
        let near =
            DiffCounts { changed: 26, unchanged: 2, bookable: 27, turned: 6, ..hut(0, 0, 0) };
        assert_eq!(MassChange::of(&[near; 50]), None);
        let few =
            DiffCounts { changed: 27, unchanged: 0, bookable: 27, turned: 27, ..hut(0, 0, 0) };
        assert_eq!(MassChange::of(&[few]), None);
        assert_eq!(MassChange::of(&[few; 2]).unwrap().huts, 2);
    }

    /// What is new says nothing of what was known.
    #[test]
    fn new_huts_are_none() {
        let new = DiffCounts { created: 365, ..DiffCounts::default() };
        assert_eq!(MassChange::of(&[new; 10]), None);
        let with_new = [new, new, hut(300, 0, 200)];
        assert_eq!(MassChange::of(&with_new).unwrap().huts, 1);
    }

    #[test]
    fn only_all_is_said_to_be_all() {
        let nearly = serde_json::to_string(&MassChange { huts: 2, share: 0.9999 }).unwrap();
        assert_eq!(nearly, r#"{"huts":2,"share":0.99}"#);
    }
}
