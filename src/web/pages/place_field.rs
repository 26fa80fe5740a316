//! The field in which a visitor says where: a hut or a part of its name, a country, or a place. Pure functions.

use std::collections::BTreeSet;

use super::format;
use super::params::Params;
use super::unknown_hut::hint;
use crate::db::pages::huts::ListedHut;
use crate::query::country;
use crate::query::hut_filter::HutFilter;
use crate::query::stay_filter::{DEFAULT_KM, Near, NearText, StayFilter, parse_km};
use crate::text::slug::{find_typed, slug_of};
use crate::text::suggest::suggest;
use crate::web::problem::Problem;

/// The most huts that an error names.
const MAX_NAMED: usize = 5;

/// Where a visitor wants to sleep.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaceField {
    pub filter: StayFilter,
    /// The same for the API.
    pub api: Params,
}

impl PlaceField {
    fn around(at: NearText, text: &str, km: Option<f64>) -> Self {
        let km = km.unwrap_or(DEFAULT_KM);
        let mut field = Self::default();
        field.filter.near = Some(Near { at, km });
        field.api.set("near", text);
        field.api.set("km", &km.to_string());
        field
    }

    fn around_hut(hut: &ListedHut, km: f64) -> Self {
        Self::around(NearText::Slug(hut.slug.clone()), &hut.slug, Some(km))
    }

    fn hut(hut: &ListedHut) -> Self {
        let mut field = Self::default();
        field.filter.slugs = vec![hut.slug.clone()];
        field.api.set("hut", &hut.slug);
        field
    }

    fn named(name: Option<&str>, country: Option<&str>) -> Self {
        let mut field = Self::default();
        field.filter.huts = HutFilter::new(name, country);
        for (param, value) in [("name", name), ("country", country)] {
            field.api.set(param, value.unwrap_or_default());
        }
        field
    }
}

/// Reads the parameters `where`, `km` and `country`. With `km`, a hut is the place around which to look.
///
/// # Errors
/// A parameter is not valid; the problem names it.
pub fn read(params: &Params, huts: &[ListedHut]) -> Result<PlaceField, Problem> {
    let bad = |detail: String| Err(Problem::bad_parameter("where", format!("where: {detail}")));
    let km = params.parsed("km", parse_km)?;
    let country = params.given("country");
    let Some(text) = params.given("where") else {
        return match km {
            None => Ok(PlaceField::named(None, country)),
            Some(km) => bad(format!("the distance of {km} km needs a place or a hut")),
        };
    };
    match text.parse::<NearText>() {
        Ok(at @ NearText::Place(_)) => return Ok(PlaceField::around(at, text, km)),
        Err(error) if is_pair_of_numbers(text) => return bad(error),
        Ok(NearText::Slug(_)) | Err(_) => {}
    }
    if let Some(hut) = hut_named(huts, text) {
        return Ok(km.map_or_else(|| PlaceField::hut(hut), |km| PlaceField::around_hut(hut, km)));
    }
    let there: BTreeSet<String> = huts.iter().filter_map(|hut| hut.country.clone()).collect();
    if let Some(code) = country::code(text).filter(|code| there.contains(code)) {
        return Ok(PlaceField::named(None, Some(&code)));
    }
    let is_part =
        |hut: &&ListedHut| HutFilter::new(Some(text), None).matches(&hut.slug, &hut.name, None);
    let matching: Vec<&ListedHut> = huts.iter().filter(is_part).collect();
    match (&matching[..], km) {
        ([], _) => {
            let nowhere =
                country::code(text).and_then(|_| country::ensure_huts_in(text, &there).err());
            if let Some(error) = nowhere {
                return bad(error.to_string());
            }
            let similar = suggest(&slug_of(text), huts.iter().map(|hut| hut.slug.as_str()));
            let similar: Vec<String> = similar.into_iter().map(str::to_owned).collect();
            bad(format!("no hut and no country is called {text:?}: {}", hint(&similar)))
        }
        (_, None) => Ok(PlaceField::named(Some(text), country)),
        ([hut], Some(km)) => Ok(PlaceField::around_hut(hut, km)),
        (several, Some(_)) => {
            let names = several.iter().take(MAX_NAMED).map(|hut| format::text(&hut.name));
            let names = names.collect::<Vec<_>>().join(", ");
            bad(format!("{text:?} is a part of several names: {names}. Write one of them in full"))
        }
    }
}

/// Whether a text was meant as coordinates. A name may have a comma, too.
fn is_pair_of_numbers(text: &str) -> bool {
    let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
    text.split_once(',').is_some_and(|(first, second)| is_number(first) && is_number(second))
}

/// The hut with this slug or name.
fn hut_named<'a>(huts: &'a [ListedHut], text: &str) -> Option<&'a ListedHut> {
    let typed = slug_of(text);
    find_typed(huts, |hut| &hut.slug, text)
        .or_else(|| huts.iter().find(|hut| slug_of(&hut.name) == typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hut(slug: &str, name: &str, country: &str) -> ListedHut {
        ListedHut {
            id: 1,
            slug: slug.into(),
            name: name.into(),
            country: Some(country.into()),
            elevation: None,
            is_active: true,
            booking_ref: Some("hrs".into()),
            last_success: None,
        }
    }

    fn filter(query: &str) -> Result<StayFilter, Problem> {
        let huts = [
            hut("blueemlisalphuette", "Blüemlisalphütte SAC", "CH"),
            hut("bluemental", "Bluemental", "CH"),
            hut("watzmannhaus", "Watzmannhaus", "DE"),
        ];
        let params = Params::of(&format!("/?{query}").parse().unwrap()).unwrap();
        read(&params, &huts).map(|field| field.filter)
    }

    fn slugs(query: &str) -> Vec<String> {
        filter(query).unwrap().slugs
    }

    #[test]
    fn a_hut_is_found_by_its_slug_and_by_its_name() {
        assert_eq!(slugs("where=watzmannhaus"), ["watzmannhaus"]);
        assert_eq!(slugs("where=Watzmannhaus"), ["watzmannhaus"]);
        assert_eq!(slugs("where=Bl%C3%BCemlisalph%C3%BCtte+SAC"), ["blueemlisalphuette"]);
        assert_eq!(filter("where=watz").unwrap().huts, HutFilter::new(Some("watz"), None));
    }

    #[test]
    fn a_country_is_found_by_its_name_in_each_language() {
        for text in ["CH", "ch", "Switzerland", "schweiz", "Suisse", "Svizzera", "%C5%A0vica"] {
            let expected = HutFilter::new(None, Some("CH"));
            assert_eq!(filter(&format!("where={text}")).unwrap().huts, expected, "{text}");
        }
        // No hut is there.
        let error = filter("where=France").unwrap_err().detail;
        assert!(error.contains("there are no huts in France (FR)"), "{error}");
    }

    #[test]
    fn a_distance_is_around_a_place_or_a_hut() {
        let near = |query: &str| filter(query).unwrap().near.unwrap();
        assert_eq!(near("where=47.5,12.25").km, DEFAULT_KM);
        assert_eq!(near("where=watz&km=5").at, NearText::Slug("watzmannhaus".into()));
        assert_eq!(near("where=watzmannhaus&km=5").km, 5.0);
        for query in ["km=5", "where=blue&km=5", "where=watzmannhaus&km=x"] {
            assert!(filter(query).is_err(), "{query}");
        }
        assert!(filter("where=watzmanhaus").unwrap_err().detail.contains("watzmannhaus"));
    }
}
