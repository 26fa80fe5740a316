//! A hut on the map, and whether it fits a group. Pure functions.

use std::cmp::Reverse;

use crate::domain::geo::Place;
use crate::query::fit::Fit;

/// A hut on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapHut {
    pub slug: String,
    /// Where its mark leads without a script.
    pub url: String,
    pub name: String,
    /// What is known of its places, for screen readers: `12 of 40 free, low`.
    pub words: String,
    pub place: Place,
    pub fit: Fit,
    /// The free places, if they are known and can be booked.
    pub free: Option<i16>,
}

impl MapHut {
    /// What stands in the mark of the hut. Colours alone would not tell the marks apart.
    #[must_use]
    pub fn sign(&self) -> String {
        match (self.fit, self.free) {
            (Fit::Fits | Fit::Full, Some(free @ ..=999)) => free.to_string(),
            (Fit::Fits, Some(_)) => "999+".into(),
            (Fit::Fits, None) => "✓".into(),
            (Fit::Full, _) => "0".into(),
            (Fit::Ask, _) => "?".into(),
            (Fit::Closed, _) => "×".into(),
            (Fit::Unknown, _) => "–".into(),
        }
    }

    /// The order of huts: the one with the most room first. Equal ones are ordered by slug, so that the same huts
    /// always give the same map.
    #[must_use]
    pub fn order(&self) -> impl Ord + '_ {
        (self.fit, Reverse(self.free), &self.slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huts_that_fit_come_first_and_then_those_to_ask() {
        let hut = |slug: &str, fit, free| MapHut {
            slug: slug.into(),
            url: String::new(),
            name: String::new(),
            words: String::new(),
            place: Place { latitude: 46.0, longitude: 8.0 },
            fit,
            free,
        };
        let mut huts = [
            hut("closed", Fit::Closed, None),
            hut("none", Fit::Full, Some(0)),
            hut("ask", Fit::Ask, None),
            hut("b", Fit::Fits, Some(3)),
            hut("a", Fit::Fits, Some(3)),
            hut("most", Fit::Fits, Some(1_200)),
        ];
        huts.sort_by(|a, b| a.order().cmp(&b.order()));
        let signs = huts.each_ref().map(|hut| format!("{} {}", hut.slug, hut.sign()));
        assert_eq!(signs, ["most 999+", "a 3", "b 3", "ask ?", "none 0", "closed ×"]);
    }
}
