//! Pure: slugs from names.

use std::collections::BTreeSet;

use crate::text::clean::tidy;

/// Characters; longer names are cut off at a word.
const MAX_SLUG_LEN: usize = 80;

/// A name in lower-case letters a-z, digits and hyphens: `Blüemlisalphütte SAC` is
/// `blueemlisalphuette-sac`. Empty where the name has neither.
#[must_use]
pub fn slug_of(name: &str) -> String {
    // What German makes of its letters where there are none; other accents are left out.
    let german = |c: char| match c {
        'ä' | 'Ä' => "ae".into(),
        'ö' | 'Ö' => "oe".into(),
        'ü' | 'Ü' => "ue".into(),
        'ß' | 'ẞ' => "ss".into(),
        c => String::from(c),
    };
    let name = tidy(name);
    let mut slug = slug::slugify(name.chars().map(german).collect::<String>());
    if slug.len() > MAX_SLUG_LEN {
        slug.truncate(MAX_SLUG_LEN);
        slug.truncate(slug.rfind('-').unwrap_or(MAX_SLUG_LEN));
    }
    slug
}

/// The slug, or with the first number from 2 on with which nobody has it.
#[must_use]
pub fn free_slug(slug: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    let mut slugs = std::iter::once(slug.to_owned()).chain(numbered);
    slugs.find(|slug| !taken.contains(slug)).expect("there are more numbers than slugs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_transliterated() {
        for (name, slug) in [
            ("Blüemlisalphütte SAC", "blueemlisalphuette-sac"),
            ("Blu\u{308}emlisalphu\u{308}tte SAC", "blueemlisalphuette-sac"),
            ("Zsigmondyhütte (Rif. Comici)", "zsigmondyhuette-rif-comici"),
            ("Cabane d’Essertze", "cabane-d-essertze"),
            ("Adolf-Noßberger-Hütte", "adolf-nossberger-huette"),
            ("Obere Bärenhütte (Rif. Edelweiß)", "obere-baerenhuette-rif-edelweiss"),
            ("Boé", "boe"),
            ("Stavèl \"Francesco Denza\"", "stavel-francesco-denza"),
            ("Capanna Gorda - deaktiviert", "capanna-gorda-deaktiviert"),
            ("…", ""),
        ] {
            assert_eq!(slug_of(name), slug);
        }
        assert_eq!(slug_of(&"hütte ".repeat(40)).len(), 76);
    }

    #[test]
    fn a_slug_that_is_taken_gets_a_number() {
        let taken = ["hut", "hut-2", "hut-4"].map(str::to_owned).into();
        assert_eq!(free_slug("hut", &taken), "hut-3");
        assert_eq!(free_slug("hut-2", &taken), "hut-2-2");
        assert_eq!(free_slug("other", &taken), "other");
    }
}
