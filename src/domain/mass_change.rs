//! Pure: detects a mass change, which is a run that changes so many of a site's nights that someone should
//! look.
//!
//! A mass change is stored, since it may be true: a season has opened, or an association has closed its
//! huts. It may also be a mistake of the site, in answers that are valid one by one.

use serde::Serialize;

use crate::domain::diff::DiffCounts;

/// The share from which a change is a mass change. On the 52 real days all runs stay far below: at most 0.11
/// of a site's nights change, and 0.09 of the bookable ones turn (become or stop being bookable). For a single
/// hut the figures are 0.12 and 0.09. After a week without a check they are 0.26 and 0.16, and after all of
/// the 51 days 0.35 and 0.38. A hut that closes overnight turns all of its nights, and a hut whose season
/// opens most of them.
pub const MASS_CHANGE_SHARE: f64 = 0.5;

/// Changed nights count only from this many known nights per hut, on average: a season. Bookings change the
/// near nights every day. In the real data they change up to 0.93 of the next four weeks of a hut, 0.47 of
/// 60 nights, and 0.31 of 90.
const NIGHTS_OF_A_HUT: usize = 90;

/// Turned nights count only from this many bookable nights. With fewer, a group or a storm can turn half of
/// them. Of the next four weeks of a hut at most 0.22 turn.
const BOOKABLE_NIGHTS: usize = 28;

/// A mass change of a site's huts in a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MassChange {
    /// Huts with at least this share of changed or turned nights.
    pub huts: usize,
    /// The share of known nights that changed, or the share of bookable nights that turned, if it is greater.
    #[serde(serialize_with = "in_hundredths")]
    pub share: f64,
}

impl MassChange {
    /// Detects a mass change of one site. `huts` are its updated huts. A single hut can be a mass change
    /// too; `huts` is then 1.
    #[must_use]
    pub fn of(huts: &[DiffCounts]) -> Option<Self> {
        let mut all = DiffCounts::default();
        huts.iter().for_each(|hut| all += *hut);
        let has_changed = changed(&all).filter(|share| {
            *share >= MASS_CHANGE_SHARE
                && known(&all) >= NIGHTS_OF_A_HUT * huts.iter().filter(|hut| known(hut) > 0).count()
        });
        let has_turned = turned(&all)
            .filter(|share| *share >= MASS_CHANGE_SHARE && all.bookable >= BOOKABLE_NIGHTS);
        let share = has_changed.into_iter().chain(has_turned).reduce(f64::max)?;
        let is_affected = |hut: &&DiffCounts| {
            has_changed.and_then(|_| changed(hut)).is_some_and(|share| share >= MASS_CHANGE_SHARE)
                || has_turned
                    .and_then(|_| turned(hut))
                    .is_some_and(|share| share >= MASS_CHANGE_SHARE)
        };
        Some(Self { huts: huts.iter().filter(is_affected).count(), share })
    }
}

/// Nights that were stored before.
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

/// Serializes a share.
pub(super) fn in_hundredths<S: serde::Serializer>(
    share: &f64,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // Rounded down, so that 1 always means all.
    serializer.serialize_f64((share * 100.0).floor() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hut with a year of nights: `changed` have changed, and of `bookable` ones `turned` have turned.
    fn hut(changed: usize, turned: usize, bookable: usize) -> DiffCounts {
        let unchanged = 364 - changed;
        DiffCounts { created: 1, changed, unchanged, bookable, turned, ..DiffCounts::default() }
    }

    #[test]
    fn an_ordinary_day_is_no_mass_change() {
        assert_eq!(MassChange::of(&[]), None);
        assert_eq!(MassChange::of(&[hut(0, 0, 0); 3]), None);
        assert_eq!(MassChange::of(&[hut(45, 7, 68); 3]), None);
    }

    #[test]
    fn huts_that_close_overnight_are_a_mass_change() {
        let closed = hut(102, 102, 102);
        assert_eq!(MassChange::of(&[closed; 3]), Some(MassChange { huts: 3, share: 1.0 }));
        let one_is_not = [closed, closed, hut(10, 2, 100)];
        let mass_change = MassChange::of(&one_is_not).unwrap();
        assert_eq!(mass_change.huts, 2);
        assert!((mass_change.share - 206.0 / 304.0).abs() < 1e-9, "{mass_change:?}");
    }

    #[test]
    fn a_season_that_opens_is_a_mass_change() {
        assert_eq!(MassChange::of(&[hut(120, 110, 140)]).unwrap().huts, 1);
    }

    #[test]
    fn one_hut_of_many_is_no_mass_change() {
        let mut huts = vec![hut(5, 1, 100); 20];
        huts.push(hut(102, 102, 102));
        assert_eq!(MassChange::of(&huts), None);
    }

    #[test]
    fn changing_most_of_a_year_is_a_mass_change_even_if_nothing_turns() {
        let mass_change = MassChange::of(&[hut(300, 0, 200), hut(300, 0, 200)]).unwrap();
        assert_eq!(mass_change.huts, 2);
        assert!(MassChange::of(&[hut(182, 0, 200)]).is_some());
        assert!(MassChange::of(&[hut(181, 0, 200)]).is_none());
    }

    /// Bookings change the near nights every day, and a few of them turn by chance.
    #[test]
    fn few_nights_are_no_mass_change() {
        let near =
            DiffCounts { changed: 26, unchanged: 2, bookable: 27, turned: 6, ..hut(0, 0, 0) };
        assert_eq!(MassChange::of(&[near; 50]), None);
        let few =
            DiffCounts { changed: 27, unchanged: 0, bookable: 27, turned: 27, ..hut(0, 0, 0) };
        assert_eq!(MassChange::of(&[few]), None);
        assert_eq!(MassChange::of(&[few; 2]).unwrap().huts, 2);
    }

    /// Newly created nights say nothing about the nights stored before.
    #[test]
    fn new_huts_are_no_mass_change() {
        let new = DiffCounts { created: 365, ..DiffCounts::default() };
        assert_eq!(MassChange::of(&[new; 10]), None);
        let with_new = [new, new, hut(300, 0, 200)];
        assert_eq!(MassChange::of(&with_new).unwrap().huts, 1);
    }

    #[test]
    fn a_share_is_rounded_down() {
        let nearly = serde_json::to_string(&MassChange { huts: 2, share: 0.9999 }).unwrap();
        assert_eq!(nearly, r#"{"huts":2,"share":0.99}"#);
    }
}
