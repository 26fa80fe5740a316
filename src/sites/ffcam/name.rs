//! Pure: writes the names of French huts as people write them: `REFUGE DU GOÛTER (FFCAM)` becomes `Refuge du Goûter`.

/// The clubs' federation, which the site adds to most names.
const OWNER: &str = "(FFCAM)";

/// Words between names, which French writes in lower-case letters. At the beginning of a name they are capitalized.
const SMALL_WORDS: [&str; 17] = [
    "à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "lès", "sous",
    "sur", "un",
];

/// Abbreviations that stay in capitals.
const ABBREVIATIONS: [&str; 3] = ["CAF", "FFCAM", "GTA"];

/// The name as people write it. A name that has lower-case letters loses only the owner. Accents that capitals have
/// lost stay lost: `REFUGE DES ECRINS` becomes `Refuge des Ecrins`.
#[must_use]
pub fn written(name: &str) -> String {
    let name = name.trim();
    let without_owner =
        name.len().checked_sub(OWNER.len()).and_then(|at| name.split_at_checked(at));
    let name = match without_owner {
        Some((rest, owner)) if owner.eq_ignore_ascii_case(OWNER) && !rest.trim().is_empty() => {
            rest.trim()
        }
        _ => name,
    };
    if name.contains(char::is_lowercase) { name.to_owned() } else { in_french_case(name) }
}

fn in_french_case(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    let (mut rest, mut begins) = (name, true);
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let (between, from_word) = rest.split_at(start);
        // A dash between spaces, and a bracket, begin another name.
        begins |= between.contains(['(', '/']) || between.contains(" - ") || between.contains('–');
        written.push_str(between);
        let end = from_word.find(|c: char| !c.is_alphanumeric()).unwrap_or(from_word.len());
        let (word, after) = from_word.split_at(end);
        let elides = after.starts_with(['\'', '’']);
        written.push_str(&word_in_french_case(word, begins, elides));
        (rest, begins) = (after, false);
    }
    written + rest
}

/// `elides`: an apostrophe follows the word, as in `d'Arves`.
fn word_in_french_case(word: &str, begins: bool, elides: bool) -> String {
    let lower = word.to_lowercase();
    let is_small =
        SMALL_WORDS.contains(&&*lower) && (elides || lower.chars().count() > 1 || lower == "à");
    if ABBREVIATIONS.contains(&word) || !begins && is_roman(word) {
        return word.to_owned();
    }
    if is_small && !begins {
        return lower;
    }
    let mut chars = lower.chars();
    let first = chars.next().map(|first| first.to_uppercase().collect::<String>());
    first.unwrap_or_default() + chars.as_str()
}

/// Whether a word is a Roman number of two digits or more.
fn is_roman(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::slug::slug_of;

    #[test]
    fn capitals_become_the_name_that_people_write() {
        for (site, name, slug) in [
            ("REFUGE DU GOÛTER (FFCAM)", "Refuge du Goûter", "refuge-du-gouter"),
            ("REFUGE DE L'AIGLE (FFCAM)", "Refuge de l'Aigle", "refuge-de-l-aigle"),
            (
                "REFUGE DES AIGUILLES D’ARVES (FFCAM)",
                "Refuge des Aiguilles d’Arves",
                "refuge-des-aiguilles-d-arves",
            ),
            ("REFUGE ALBERT 1ER (FFCAM)", "Refuge Albert 1er", "refuge-albert-1er"),
            ("REFUGE DE PÉCLET-POLSET", "Refuge de Péclet-Polset", "refuge-de-peclet-polset"),
            (
                "CHALET LA GRANGE DE HOLLE (ffcam)",
                "Chalet la Grange de Holle",
                "chalet-la-grange-de-holle",
            ),
            (
                "CHALET DE BONNEVAL SUR ARC (FFCAM)",
                "Chalet de Bonneval sur Arc",
                "chalet-de-bonneval-sur-arc",
            ),
            (
                "CHALET DE SAINT-GUILHEM-LE-DÉSERT (FFCAM)",
                "Chalet de Saint-Guilhem-le-Désert",
                "chalet-de-saint-guilhem-le-desert",
            ),
            (
                "REFUGE DE LA BRÈCHE DE ROLAND - LES SARRADETS (FFCAM)",
                "Refuge de la Brèche de Roland - Les Sarradets",
                "refuge-de-la-breche-de-roland-les-sarradets",
            ),
            ("L'ALPE (LA COMBE)", "L'Alpe (La Combe)", "l-alpe-la-combe"),
            ("CHALET DU CAF PIE XII", "Chalet du CAF Pie XII", "chalet-du-caf-pie-xii"),
        ] {
            assert_eq!(written(site), name);
            assert_eq!(slug_of(name), slug);
        }
    }

    #[test]
    fn a_name_with_lower_case_letters_loses_only_its_owner() {
        assert_eq!(written("Refuge de Tête Rousse  (FFCAM)"), "Refuge de Tête Rousse");
        assert_eq!(written("Refuge DES Bans"), "Refuge DES Bans");
        for name in ["", "(FFCAM)", "7", "É", "'", "- -", "ß (FFCAM"] {
            assert_eq!(written(name), name);
        }
    }
}
