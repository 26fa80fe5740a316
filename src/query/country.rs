//! Countries as people name them: `CH`, `CHE`, `Switzerland`, `Schweiz`. Pure.
//!
//! The table has the countries with huts, and those around them, in the languages of the Alps. A code of another country
//! is understood too; its name is not.

use std::collections::BTreeSet;

use crate::text::slug::slug_of;

/// The codes of a country (ISO 3166-1, two and three letters), and its names in English, German, French, Italian and
/// Slovene, and in its own language. The first name is shown.
type Country = (&'static str, &'static str, &'static [&'static str]);

const COUNTRIES: [Country; 17] = [
    ("AD", "AND", &["Andorra", "Andorre", "Andora"]),
    ("AT", "AUT", &["Austria", "Österreich", "Autriche", "Avstrija"]),
    ("BA", "BIH", &["Bosnia and Herzegovina", "Bosnia", "Bosnien", "Bosnie", "Bosna"]),
    (
        "CH",
        "CHE",
        &["Switzerland", "Schweiz", "die Schweiz", "Suisse", "Svizzera", "Svizra", "Švica"],
    ),
    ("CZ", "CZE", &["Czechia", "Czech Republic", "Tschechien", "Tchéquie", "Cechia", "Češka"]),
    ("DE", "DEU", &["Germany", "Deutschland", "Allemagne", "Germania", "Nemčija"]),
    ("ES", "ESP", &["Spain", "Spanien", "Espagne", "Spagna", "Španija", "España"]),
    ("FR", "FRA", &["France", "Frankreich", "Francia", "Francija"]),
    ("GB", "GBR", &["United Kingdom", "UK", "Großbritannien", "Royaume-Uni", "Regno Unito"]),
    ("HR", "HRV", &["Croatia", "Kroatien", "Croatie", "Croazia", "Hrvaška", "Hrvatska"]),
    ("HU", "HUN", &["Hungary", "Ungarn", "Hongrie", "Ungheria", "Madžarska", "Magyarország"]),
    ("IT", "ITA", &["Italy", "Italien", "Italie", "Italia", "Italija"]),
    ("LI", "LIE", &["Liechtenstein", "Lihtenštajn"]),
    ("NO", "NOR", &["Norway", "Norwegen", "Norvège", "Norvegia", "Norveška", "Norge"]),
    ("PL", "POL", &["Poland", "Polen", "Pologne", "Polonia", "Poljska", "Polska"]),
    ("SI", "SVN", &["Slovenia", "Slowenien", "Slovénie", "Slovenija"]),
    ("SK", "SVK", &["Slovakia", "Slowakei", "Slovaquie", "Slovacchia", "Slovaška", "Slovensko"]),
];

/// Why a filter by country finds no hut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoHutsThere {
    #[error("there are no huts in {name} ({code}); there are huts in {there}")]
    None { name: &'static str, code: String, there: String },
    #[error(
        "expected a country such as CH or Switzerland, got {text:?}; there are huts in {there}"
    )]
    NotACountry { text: String, there: String },
}

/// The code of the country that a text names. A text of two letters is a code itself. None if this table does not
/// know the country.
#[must_use]
pub fn code(text: &str) -> Option<String> {
    let text = text.trim();
    let named = |(two, three, names): &&Country| {
        let is_code = text.eq_ignore_ascii_case(two) || text.eq_ignore_ascii_case(three);
        is_code || names.iter().any(|name| is_same(name, text))
    };
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    match COUNTRIES.iter().find(named) {
        Some((code, ..)) => Some((*code).to_owned()),
        None => is_code.then(|| text.to_ascii_uppercase()),
    }
}

/// Whether two names are the same but for accents and case.
fn is_same(one: &str, other: &str) -> bool {
    let spellings = |text: &str| [slug_of(text), slug::slugify(text)];
    let other = spellings(other);
    spellings(one).iter().any(|one| !one.is_empty() && other.contains(one))
}

/// The error of a filter by country, if no hut is in that country. `there` are the codes of the countries with huts.
///
/// # Errors
/// There is no hut in the country, or the text names none. Without any hut, there is no error: that is another problem.
pub fn ensure_huts_in(text: &str, there: &BTreeSet<String>) -> Result<(), NoHutsThere> {
    if there.is_empty() {
        return Ok(());
    }
    let code = code(text);
    if code.as_ref().is_some_and(|code| there.iter().any(|it| it.eq_ignore_ascii_case(code))) {
        return Ok(());
    }
    let named = |code: &String| match name(code) {
        Some(name) => format!("{code} ({name})"),
        None => code.clone(),
    };
    let list = there.iter().map(named).collect::<Vec<_>>().join(", ");
    match code.as_deref().and_then(|code| Some((code.to_owned(), name(code)?))) {
        Some((code, name)) => Err(NoHutsThere::None { name, code, there: list }),
        None => Err(NoHutsThere::NotACountry { text: text.to_owned(), there: list }),
    }
}

/// The English name of a country.
fn name(code: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(two, ..)| *two == code).map(|(.., names)| names[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_codes_and_names() {
        for text in [
            "CH",
            "ch",
            "CHE",
            "che",
            "Switzerland",
            "SCHWEIZ",
            "Suisse",
            "svizzera",
            "Svica",
            " CH ",
        ] {
            assert_eq!(code(text).as_deref(), Some("CH"), "{text:?}");
        }
        for (text, expected) in [
            ("Österreich", "AT"),
            ("Oesterreich", "AT"),
            ("Osterreich", "AT"),
            ("Deutschland", "DE"),
            ("slovénie", "SI"),
            ("xk", "XK"),
        ] {
            assert_eq!(code(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in ["", " ", "C", "Atlantis", "1", "ÄÖ", "…"] {
            assert_eq!(code(text), None, "{text:?}");
        }
    }

    #[test]
    fn no_name_stands_for_two_countries() {
        for (two, three, names) in COUNTRIES {
            for text in names.iter().chain([&two, &three]) {
                assert_eq!(code(text).as_deref(), Some(two), "{text}");
            }
        }
    }

    #[test]
    fn a_country_without_huts_is_an_error_that_lists_the_others() {
        let there = ["AT", "CH", "XK"].map(str::to_owned).into();
        assert_eq!(ensure_huts_in("Schweiz", &there), Ok(()));
        assert_eq!(ensure_huts_in("xk", &there), Ok(()));
        let error = |text: &str| ensure_huts_in(text, &there).unwrap_err().to_string();
        assert_eq!(
            error("norwegen"),
            "there are no huts in Norway (NO); there are huts in AT (Austria), CH (Switzerland), XK"
        );
        assert_eq!(
            error("Atlantis"),
            "expected a country such as CH or Switzerland, got \"Atlantis\"; there are huts in AT (Austria), \
             CH (Switzerland), XK"
        );
        assert_eq!(ensure_huts_in("Atlantis", &BTreeSet::new()), Ok(()));
    }
}
