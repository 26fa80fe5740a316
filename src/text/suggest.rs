//! Suggests slugs of existing huts for a mistyped slug. Pure.

use strsim::jaro_winkler;

use crate::text::slug::slug_of;

/// Jaro-Winkler similarity, 0 to 1, from which a slug is suggested.
const MIN_SIMILARITY: f64 = 0.88;

const MAX_SUGGESTIONS: usize = 3;

/// The slugs that the user most likely meant: those that contain the text, and those that are similar to it.
/// The text may also be a name.
#[must_use]
pub fn suggest<'a>(text: &str, slugs: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let query = slug_of(text);
    if query.is_empty() {
        return Vec::new();
    }
    let score = |slug: &str| {
        let contains = if slug.contains(&query) { 1.0 } else { 0.0 };
        contains + jaro_winkler(&query, slug)
    };
    let mut scored: Vec<(f64, &str)> = slugs.into_iter().map(|slug| (score(slug), slug)).collect();
    scored.retain(|(score, _)| *score >= MIN_SIMILARITY);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.into_iter().take(MAX_SUGGESTIONS).map(|(_, slug)| slug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_slug_and_mistyped_slugs_are_suggested() {
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
