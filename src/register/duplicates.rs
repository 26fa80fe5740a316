//! Pure: finds pairs of huts, from two organizations, that are probably the same hut.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::geo::Place;
use crate::domain::register::{Hut, Register};
use crate::text::slug::slug_of;

/// Metres. Two sites may publish coordinates of one hut that differ by this much.
const MAX_DISTANCE_M: f64 = 300.0;

/// Degrees of latitude, about 440 m. Huts that are farther apart, to the north or to the east, need no exact
/// comparison.
const MAX_DIFFERENCE: f64 = 0.004;

/// From 0 to 1. Two names that are at least this similar may belong to one hut.
const MIN_SIMILARITY: f64 = 0.75;

/// Words for the kind of a house or for its owner. They do not distinguish one hut from another.
const GENERIC_WORDS: [&str; 29] = [
    "huette",
    "hutte",
    "huetten",
    "haus",
    "hut",
    "rifugio",
    "rif",
    "cabane",
    "capanna",
    "refuge",
    "chamanna",
    "chamonna",
    "camona",
    "baita",
    "berghaus",
    "berghuette",
    "schutzhaus",
    "schutzhuette",
    "alpenvereinshaus",
    "alpengasthof",
    "berggasthaus",
    "sac",
    "cas",
    "dav",
    "oeav",
    "avs",
    "cai",
    "sat",
    "alpenverein",
];

/// Two huts that are probably one. `twin` is the hut under which another site lists it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DuplicateHuts {
    /// The hut that has been in the register for longer.
    pub hut: String,
    pub twin: String,
    /// The organization that lists the twin, and its ID there.
    pub organization: String,
    pub source_hut_id: String,
    pub distance_m: f64,
    pub similarity: f64,
}

/// The pairs of active huts whose coordinates and names are close, and which no organization lists both.
/// Sorted by slug.
#[must_use]
pub fn likely_duplicates(register: &Register) -> Vec<DuplicateHuts> {
    let mut huts: Vec<(i32, &Hut, Place)> = register
        .iter()
        .filter(|(_, hut)| hut.fields.is_active && hut.own_sources().next().is_some())
        .filter_map(|(id, hut)| Some((*id, hut, place(hut)?)))
        .collect();
    huts.sort_by(|(_, _, a), (_, _, b)| a.latitude.total_cmp(&b.latitude));
    let mut duplicates = Vec::new();
    for (at, (id, hut, place)) in huts.iter().enumerate() {
        // A degree of longitude is that much shorter than one of latitude.
        let shortening = place.latitude.to_radians().cos();
        let nearby = huts[at + 1..]
            .iter()
            .take_while(|(_, _, b)| b.latitude - place.latitude < MAX_DIFFERENCE)
            .filter(|(_, _, b)| {
                (b.longitude - place.longitude).abs() * shortening < MAX_DIFFERENCE
            });
        for (other_id, other, other_place) in nearby {
            let (first, second) = if id < other_id { (hut, other) } else { (other, hut) };
            duplicates.extend(likely_duplicate(first, second, place.distance(other_place)));
        }
    }
    duplicates.sort_by(|a, b| (&a.hut, &a.twin).cmp(&(&b.hut, &b.twin)));
    duplicates
}

fn place(hut: &Hut) -> Option<Place> {
    Some(Place { latitude: hut.fields.latitude?, longitude: hut.fields.longitude? })
}

fn likely_duplicate(first: &Hut, second: &Hut, distance_m: f64) -> Option<DuplicateHuts> {
    // In this order, because names take the longest to compare, and few huts are that close to each other.
    if distance_m > MAX_DISTANCE_M
        || first.own_sources().any(|(name, _)| second.source(name).is_some())
    {
        return None;
    }
    let similarity = similarity(&first.fields.name, &second.fields.name);
    if similarity < MIN_SIMILARITY {
        return None;
    }
    let (organization, source) = second.followed().or_else(|| second.own_sources().next())?;
    Some(DuplicateHuts {
        hut: first.fields.slug.clone(),
        twin: second.fields.slug.clone(),
        organization: organization.clone(),
        source_hut_id: source.source_hut_id.clone(),
        distance_m: distance_m.round(),
        similarity: (similarity * 100.0).round() / 100.0,
    })
}

/// The similarity of two names, from 0 to 1, by their distinctive words. It is 1 if one name has all
/// distinctive words of the other, because then it is only longer.
fn similarity(first: &str, second: &str) -> f64 {
    let (first, second) = (distinctive_words(first), distinctive_words(second));
    if first.is_empty() || second.is_empty() {
        return 0.0;
    }
    if first.is_subset(&second) || second.is_subset(&first) {
        return 1.0;
    }
    let joined = |words: &BTreeSet<String>| words.iter().cloned().collect::<String>();
    strsim::normalized_damerau_levenshtein(&joined(&first), &joined(&second))
}

/// The words of a name that are not generic: `franz` and `senn` of `Franz-Senn-Hütte`, `watzmann` of
/// `Watzmannhaus`.
fn distinctive_words(name: &str) -> BTreeSet<String> {
    let slug = slug_of(name);
    let words = slug.split('-').filter(|word| word.len() > 1 && !GENERIC_WORDS.contains(word));
    let stem = |word: &str| {
        let ending = ["huette", "hutte", "haus"].into_iter().find_map(|end| word.strip_suffix(end));
        ending.filter(|stem| stem.len() > 2).unwrap_or(word).to_owned()
    };
    words.map(stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::HutFields;
    use crate::domain::register::Source;

    fn hut(name: &str, organization: &str, latitude: f64) -> Hut {
        let mut hut = Hut::new(HutFields::new(slug_of(name), name));
        hut.fields.latitude = Some(latitude);
        hut.fields.longitude = Some(12.0);
        hut.fields.booking_ref = Some(organization.into());
        let source = Source { source_hut_id: "7".into(), ..Source::default() };
        hut.sources.insert(organization.into(), source);
        hut
    }

    fn duplicates(huts: [Hut; 2]) -> Vec<DuplicateHuts> {
        likely_duplicates(&(1..).zip(huts).collect())
    }

    #[test]
    fn similar_names_at_one_place_are_probably_one_hut() {
        for (first, second) in [
            ("Franz-Senn-Hütte", "Franz Senn Hütte"),
            ("Watzmannhaus", "Watzmann Haus (DAV)"),
            ("Zsigmondyhütte (Rif. Comici)", "Zsigmondyhütte"),
            ("Schlernhaus (Rif. Bolzano)", "Rifugio Bolzano"),
            ("Neue Reichenberger Hütte", "Neue Reichenbergerhütte"),
            ("Blaueishütte", "Blaueishutte"),
        ] {
            let found =
                duplicates([hut(first, "hrs", 47.0), hut(second, "huetten-holiday", 47.001)]);
            assert_eq!(found.len(), 1, "{first}, {second}");
            assert_eq!((found[0].hut.clone(), found[0].distance_m), (slug_of(first), 111.0));
            let twin = &found[0];
            assert_eq!((&*twin.organization, &*twin.source_hut_id), ("huetten-holiday", "7"));
        }
    }

    #[test]
    fn huts_with_other_names_or_places_or_of_one_organization_are_two() {
        let one = || hut("Watzmannhaus", "hrs", 47.0);
        assert_eq!(duplicates([one(), hut("Blaueishütte", "huetten-holiday", 47.0)]), []);
        assert_eq!(duplicates([one(), hut("Kärlingerhaus", "huetten-holiday", 47.0)]), []);
        assert_eq!(duplicates([one(), hut("Watzmannhaus", "huetten-holiday", 47.0028)]), []);
        assert_eq!(duplicates([one(), hut("Watzmannhaus", "hrs", 47.0)]), []);
        let without_place = || {
            let mut hut = one();
            hut.fields.latitude = None;
            hut
        };
        assert_eq!(duplicates([without_place(), hut("Watzmannhaus", "huetten-holiday", 47.0)]), []);
        assert_eq!(
            duplicates([hut("Rifugio SAC", "hrs", 47.0), hut("Hütte", "huetten-holiday", 47.0)]),
            []
        );
    }
}
