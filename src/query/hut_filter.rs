//! Pure: which huts are asked for, by name and country.

use crate::text::slug::slug_of;

/// Which huts are asked for: all, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HutFilter {
    country: Option<String>,
    name: Option<Spellings>,
}

/// A text in the letters a-z: as German spells its own (`huette`), and without their accents
/// (`hutte`).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Spellings {
    german: String,
    bare: String,
}

impl Spellings {
    fn new(text: &str) -> Self {
        Self { german: slug_of(text), bare: slug::slugify(text) }
    }

    fn has(&self, wanted: &Self) -> bool {
        let is_in = |wanted: &str, text: &str| !wanted.is_empty() && text.contains(wanted);
        is_in(&wanted.german, &self.german) || is_in(&wanted.bare, &self.bare)
    }
}

impl HutFilter {
    /// The huts whose name or slug has a text in it, whatever its accents and capitals, in the
    /// country with these two letters.
    #[must_use]
    pub fn new(name: Option<&str>, country: Option<&str>) -> Self {
        Self { country: country.map(str::to_owned), name: name.map(Spellings::new) }
    }

    /// Whether it is all of them.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.country.is_none() && self.name.is_none()
    }

    #[must_use]
    pub fn lets_through(&self, slug: &str, name: &str, country: Option<&str>) -> bool {
        let is_in =
            |code: &String| country.is_some_and(|country| country.eq_ignore_ascii_case(code));
        let has = |wanted: &Spellings| {
            Spellings::new(name).has(wanted) || Spellings::new(slug).has(wanted)
        };
        self.country.as_ref().is_none_or(is_in) && self.name.as_ref().is_none_or(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(name: &str) -> bool {
        let filter = HutFilter::new(Some(name), None);
        filter.lets_through("bhs", "Blüemlisalphütte SAC", Some("CH"))
    }

    #[test]
    fn a_name_is_found_however_it_is_spelt() {
        for name in
            ["Blüemlisalp", "BLÜEMLIS", "bluemlisalp", "blueemlisalp", "hutte sac", "huette", "BHS"]
        {
            assert!(finds(name), "{name}");
        }
        assert!(!finds("watzmann") && !finds("") && !finds("?"));
    }

    #[test]
    fn a_country_is_its_two_letters() {
        let filter = HutFilter::new(None, Some("ch"));
        assert!(filter.lets_through("a", "A", Some("CH")));
        assert!(!filter.lets_through("a", "A", Some("IT")) && !filter.lets_through("a", "A", None));
    }
}
