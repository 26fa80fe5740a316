//! Filters huts by name and country. Pure functions.

use std::collections::BTreeSet;

use super::country::{self, NoHutsThere};
use crate::text::slug::slug_of;

/// Selects huts by name and country. The default selects every hut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HutFilter {
    country: Option<Country>,
    name: Option<Spellings>,
}

/// A country as it was given, and its code of two letters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Country {
    text: String,
    code: String,
}

impl Country {
    fn new(text: &str) -> Self {
        let text = text.trim().to_owned();
        // A text that names no country is the code of none.
        Self { code: country::code(&text).unwrap_or_else(|| text.clone()), text }
    }
}

/// A text in the letters a-z, in two transliterations of umlauts and accents: the German one (`huette`)
/// and the one that drops them (`hutte`).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Spellings {
    german: String,
    unaccented: String,
}

impl Spellings {
    fn new(text: &str) -> Self {
        Self { german: slug_of(text), unaccented: slug::slugify(text) }
    }

    fn contains(&self, part: &Self) -> bool {
        let is_in = |part: &str, text: &str| !part.is_empty() && text.contains(part);
        is_in(&part.german, &self.german) || is_in(&part.unaccented, &self.unaccented)
    }
}

impl HutFilter {
    /// Selects the huts whose name or slug contains `name`, ignoring accents and case, and which are in `country`: a
    /// code, or a name in one of the languages of the Alps.
    #[must_use]
    pub fn new(name: Option<&str>, country: Option<&str>) -> Self {
        Self { country: country.map(Country::new), name: name.map(Spellings::new) }
    }

    /// Whether the filter selects every hut.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.country.is_none() && self.name.is_none()
    }

    /// Whether the filter asks for a country.
    #[must_use]
    pub fn has_country(&self) -> bool {
        self.country.is_some()
    }

    /// Checks the country of the filter. `there` are the codes of the countries with huts.
    ///
    /// # Errors
    /// No hut is in the country of the filter.
    pub fn ensure_huts(&self, there: &BTreeSet<String>) -> Result<(), NoHutsThere> {
        match &self.country {
            Some(country) => country::ensure_huts_in(&country.text, there),
            None => Ok(()),
        }
    }

    #[must_use]
    pub fn matches(&self, slug: &str, name: &str, country: Option<&str>) -> bool {
        let is_in_country =
            |it: &Country| country.is_some_and(|country| country.eq_ignore_ascii_case(&it.code));
        let has_name = |part: &Spellings| {
            Spellings::new(name).contains(part) || Spellings::new(slug).contains(part)
        };
        self.country.as_ref().is_none_or(is_in_country) && self.name.as_ref().is_none_or(has_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(name: &str) -> bool {
        let filter = HutFilter::new(Some(name), None);
        filter.matches("bhs", "Blüemlisalphütte SAC", Some("CH"))
    }

    #[test]
    fn a_name_is_found_in_every_spelling() {
        for name in
            ["Blüemlisalp", "BLÜEMLIS", "bluemlisalp", "blueemlisalp", "hutte sac", "huette", "BHS"]
        {
            assert!(finds(name), "{name}");
        }
        assert!(!finds("watzmann") && !finds("") && !finds("?"));
    }

    #[test]
    fn a_country_is_matched_by_its_code_or_name() {
        assert!(HutFilter::new(None, Some("Schweiz")).matches("a", "A", Some("CH")));
        let filter = HutFilter::new(None, Some("ch"));
        assert!(filter.matches("a", "A", Some("CH")));
        assert!(!filter.matches("a", "A", Some("IT")) && !filter.matches("a", "A", None));
    }
}
