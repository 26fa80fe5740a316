//! Makes slugs from names, and finds slugs that people type. Pure.

use std::collections::BTreeSet;

use crate::text::clean::tidy;

/// In characters. A longer slug is cut at the end of a word.
const MAX_SLUG_LEN: usize = 80;

/// The slug of a name, in lower-case letters a-z, digits and hyphens: `Blüemlisalphütte SAC` becomes
/// `blueemlisalphuette-sac`. The slug is empty if the name has no letter and no digit.
#[must_use]
pub fn slug_of(name: &str) -> String {
    // German replaces its umlauts with two letters. Other accents are dropped.
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

/// The slug itself if it is not taken, else the slug with the first free number, starting at 2.
#[must_use]
pub fn free_slug(slug: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    let mut slugs = std::iter::once(slug.to_owned()).chain(numbered);
    slugs.find(|slug| !taken.contains(slug)).expect("the numbers do not run out")
}

/// What has a slug that a person typed: the exact slug, or else one that differs only in capitals. Slugs that were taken
/// over have capitals.
pub fn find_typed<'a, T>(all: &'a [T], slug_of: impl Fn(&T) -> &str, typed: &str) -> Option<&'a T> {
    let exact = all.iter().find(|it| slug_of(it) == typed);
    exact.or_else(|| {
        let lower = typed.to_lowercase();
        all.iter().find(|it| slug_of(it).to_lowercase() == lower)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_transliterates_the_name() {
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

    #[test]
    fn a_typed_slug_is_found_with_other_capitals() {
        let slugs = ["rif_boe", "Rif_Boe", "Täschhütte"];
        let find = |typed| find_typed(&slugs, |slug| slug, typed).copied();
        assert_eq!((find("rif_boe"), find("Rif_Boe")), (Some("rif_boe"), Some("Rif_Boe")));
        assert_eq!((find("RIF_BOE"), find("TÄSCHHÜTTE")), (Some("rif_boe"), Some("Täschhütte")));
        assert_eq!(find("rif-boe"), None);
    }
}
