//! Pure: what may be meant by a slug that no hut has.

use strsim::jaro_winkler;

use crate::text::slug::slug_of;

/// How alike two slugs are of which one may be the other mistyped, from 0 to 1.
const SIMILAR: f64 = 0.88;

/// Slugs that are proposed.
const MOST: usize = 3;

/// The slugs that are likeliest meant by a text, a hut's name for instance: those that it is a part
/// of, and those that differ little from it.
#[must_use]
pub fn suggest<'a>(text: &str, slugs: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = slug_of(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let likeness = |slug: &str| {
        let part = if slug.contains(&wanted) { 1.0 } else { 0.0 };
        part + jaro_winkler(&wanted, slug)
    };
    let mut near: Vec<(f64, &str)> = slugs.into_iter().map(|slug| (likeness(slug), slug)).collect();
    near.retain(|(likeness, _)| *likeness >= SIMILAR);
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter().take(MOST).map(|(_, slug)| slug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_mistyped_slugs_are_near() {
        let slugs =
            ["watzmannhaus", "blueemlisalphuette-sac", "franz-senn-huette", "hut-1", "hut-2"];
        let suggested = |text| suggest(text, slugs);
        assert_eq!(suggested("watzmanhaus"), ["watzmannhaus"]);
        assert_eq!(suggested("Blüemlisalphütte"), ["blueemlisalphuette-sac"]);
        assert_eq!(suggested("senn"), ["franz-senn-huette"]);
        assert_eq!(suggested("hut-3"), ["hut-1", "hut-2"]);
        assert!(
            suggested("nobody").is_empty()
                && suggested("").is_empty()
                && suggested("\x1b").is_empty()
        );
    }
}
