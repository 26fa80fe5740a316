//! The names of types of huts in the language of a reader.

use std::sync::LazyLock;

use strum::VariantArray;

use crate::domain::hut::HutType;
use crate::text::language::Language;
use crate::text::translate::translate;

/// The names in each language, in the order of the types. A map names thousands of types.
static NAMES: LazyLock<[Vec<String>; Language::ALL.len()]> = LazyLock::new(|| {
    let name =
        |language, hut_type: &HutType| translate(language, &format!("hut-type-{hut_type}"), &[]);
    Language::ALL
        .map(|language| HutType::VARIANTS.iter().map(|hut_type| name(language, hut_type)).collect())
});

/// The name of a type.
#[must_use]
pub fn type_name(language: Language, hut_type: HutType) -> &'static str {
    &NAMES[language as usize][hut_type as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_a_name_of_its_own_in_each_language() {
        for language in Language::ALL {
            let mut names: Vec<_> =
                HutType::VARIANTS.iter().map(|hut_type| type_name(language, *hut_type)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), HutType::VARIANTS.len(), "{language}: {names:?}");
        }
        let selfhut = Language::ALL.map(|language| type_name(language, HutType::Selfhut));
        assert_eq!(
            selfhut,
            [
                "self-service hut",
                "Selbstversorgerhütte",
                "refuge non gardé",
                "rifugio autogestito",
                "koča brez oskrbnika"
            ]
        );
    }
}
