//! Pure: detects huts whose listing shrank: a check that no longer lists many of the coming nights.
//!
//! The nights are stored as withdrawn, since it may be true: an association may take its huts off the site. It may
//! also be a mistake of the site, in answers that are valid one by one.

use serde::Serialize;

use crate::domain::diff::DiffCounts;

/// A check that drops more than this share of the coming nights of its hut is reported. In the captured days of the
/// sites no hut drops a single one from one day to the next.
pub const SHRUNK_SHARE: f64 = 0.1;

/// The huts of a site whose listing shrank in a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shrunk {
    pub huts: usize,
    /// Nights that these huts no longer list.
    pub nights: usize,
    /// The share of the coming nights of these huts.
    #[serde(serialize_with = "crate::domain::mass_change::in_hundredths")]
    pub share: f64,
}

impl Shrunk {
    /// The huts that shrank, of the updated huts of a site; none if no hut did.
    #[must_use]
    pub fn of(huts: &[DiffCounts]) -> Option<Self> {
        let has_shrunk = |hut: &&DiffCounts| hut.lost as f64 > SHRUNK_SHARE * hut.coming as f64;
        let shrunk: Vec<&DiffCounts> = huts.iter().filter(has_shrunk).collect();
        let nights = shrunk.iter().map(|hut| hut.lost).sum();
        let coming: usize = shrunk.iter().map(|hut| hut.coming).sum();
        (!shrunk.is_empty()).then(|| Self {
            huts: shrunk.len(),
            nights,
            share: nights as f64 / coming as f64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hut_that_drops_more_than_a_tenth_of_its_nights_has_shrunk() {
        let hut = |lost, coming| DiffCounts { lost, coming, ..DiffCounts::default() };
        assert_eq!(Shrunk::of(&[hut(0, 0), hut(36, 365), hut(1, 10)]), None);
        let shrunk = Shrunk::of(&[hut(0, 365), hut(37, 365), hut(364, 365)]).unwrap();
        assert_eq!((shrunk.huts, shrunk.nights), (2, 401));
        assert!((shrunk.share - 401.0 / 730.0).abs() < 1e-9);
    }
}
