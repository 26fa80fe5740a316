//! Pure: huts of two organizations that are likely one.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::geo::Place;
use crate::domain::register::{Hut, Register};
use crate::text::slug::slug_of;

/// Metres between the places that two sites give of one hut.
const SAME_PLACE: f64 = 300.0;

/// Degrees of latitude that are surely farther.
const FAR: f64 = 0.004;

/// How alike two names are that may be one hut's, from 0 to 1.
const SIMILAR: f64 = 0.75;

/// Words that say what a house is or who runs it, and not which.
const GENERIC: [&str; 29] = [
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

/// Two huts that are likely one: the second is what the first is known as at another site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DuplicateHuts {
    /// The hut that has been in the register for longer.
    pub hut: String,
    pub twin: String,
    /// How the twin is known.
    pub organization: String,
    pub source_hut_id: String,
    pub distance_m: f64,
    pub similarity: f64,
}

/// The huts that have a place and a name near to another's, and no organization that knows both.
#[must_use]
pub fn likely_duplicates(register: &Register) -> Vec<DuplicateHuts> {
    let mut huts: Vec<(i32, &Hut, Place)> = register
        .iter()
        .filter(|(_, hut)| hut.fields.is_active && hut.own_sources().next().is_some())
        .filter_map(|(id, hut)| Some((*id, hut, place(hut)?)))
        .collect();
    huts.sort_by(|(_, _, a), (_, _, b)| a.latitude.total_cmp(&b.latitude));
    let mut twins = Vec::new();
    for (at, (id, hut, place)) in huts.iter().enumerate() {
        let near = huts[at + 1..].iter().take_while(|(_, _, b)| b.latitude - place.latitude < FAR);
        for (other_id, other, other_place) in near {
            let (first, second) = if id < other_id { (hut, other) } else { (other, hut) };
            twins.extend(likely(first, second, place.distance(other_place)));
        }
    }
    twins.sort_by(|a, b| (&a.hut, &a.twin).cmp(&(&b.hut, &b.twin)));
    twins
}

fn place(hut: &Hut) -> Option<Place> {
    Some(Place { latitude: hut.fields.latitude?, longitude: hut.fields.longitude? })
}

fn likely(first: &Hut, second: &Hut, distance_m: f64) -> Option<DuplicateHuts> {
    let knows_both = first.own_sources().any(|(name, _)| second.source(name).is_some());
    let similarity = similarity(&first.fields.name, &second.fields.name);
    if knows_both || distance_m > SAME_PLACE || similarity < SIMILAR {
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

/// How alike two names are, from 0 to 1, by the words that tell one hut from another. A name that
/// has all the words of the other says the same at greater length.
fn similarity(first: &str, second: &str) -> f64 {
    let (first, second) = (telling_words(first), telling_words(second));
    if first.is_empty() || second.is_empty() {
        return 0.0;
    }
    if first.is_subset(&second) || second.is_subset(&first) {
        return 1.0;
    }
    let joined = |words: &BTreeSet<String>| words.iter().cloned().collect::<String>();
    strsim::normalized_damerau_levenshtein(&joined(&first), &joined(&second))
}

/// `Franz-Senn-Hütte` has franz and senn, `Watzmannhaus` has watzmann.
fn telling_words(name: &str) -> BTreeSet<String> {
    let slug = slug_of(name);
    let words = slug.split('-').filter(|word| word.len() > 1 && !GENERIC.contains(word));
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

    fn twins(huts: [Hut; 2]) -> Vec<DuplicateHuts> {
        likely_duplicates(&(1..).zip(huts).collect())
    }

    #[test]
    fn one_name_at_one_place_is_likely_one_hut() {
        for (first, second) in [
            ("Franz-Senn-Hütte", "Franz Senn Hütte"),
            ("Watzmannhaus", "Watzmann Haus (DAV)"),
            ("Zsigmondyhütte (Rif. Comici)", "Zsigmondyhütte"),
            ("Schlernhaus (Rif. Bolzano)", "Rifugio Bolzano"),
            ("Neue Reichenberger Hütte", "Neue Reichenbergerhütte"),
            ("Blaueishütte", "Blaueishutte"),
        ] {
            let found = twins([hut(first, "hrs", 47.0), hut(second, "huetten-holiday", 47.001)]);
            assert_eq!(found.len(), 1, "{first}, {second}");
            assert_eq!((found[0].hut.clone(), found[0].distance_m), (slug_of(first), 111.0));
            let twin = &found[0];
            assert_eq!((&*twin.organization, &*twin.source_hut_id), ("huetten-holiday", "7"));
        }
    }

    #[test]
    fn another_name_or_place_or_the_same_organization_makes_two() {
        let one = || hut("Watzmannhaus", "hrs", 47.0);
        assert_eq!(twins([one(), hut("Blaueishütte", "huetten-holiday", 47.0)]), []);
        assert_eq!(twins([one(), hut("Kärlingerhaus", "huetten-holiday", 47.0)]), []);
        assert_eq!(twins([one(), hut("Watzmannhaus", "huetten-holiday", 47.0028)]), []);
        assert_eq!(twins([one(), hut("Watzmannhaus", "hrs", 47.0)]), []);
        let placeless = || {
            let mut hut = one();
            hut.fields.latitude = None;
            hut
        };
        assert_eq!(twins([placeless(), hut("Watzmannhaus", "huetten-holiday", 47.0)]), []);
        assert_eq!(
            twins([hut("Rifugio SAC", "hrs", 47.0), hut("Hütte", "huetten-holiday", 47.0)]),
            []
        );
    }
}
