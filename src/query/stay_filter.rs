//! Chooses the huts of a stay: by slug, country, distance and elevation. Pure.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::domain::geo::Place;
use crate::query::hut_filter::HutFilter;
use crate::query::views::{HutForStay, HutHead};
use crate::text::slug::find_typed;
use crate::text::suggest::suggest;

/// The greatest distance from a place, in kilometres, unless the user gives another one.
pub const DEFAULT_KM: f64 = 20.0;
/// Kilometres: the length of the Alps.
pub const MAX_KM: f64 = 1200.0;

/// Which huts to consider. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StayFilter {
    pub huts: HutFilter,
    /// Only these huts; all if it is empty.
    pub slugs: Vec<String>,
    pub near: Option<Near>,
    pub elevation: Option<Elevations>,
}

/// Huts around a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    pub at: NearText,
    pub km: f64,
}

/// Why a filter names huts that are not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    #[error("{}", no_such_hut(.slug, .similar))]
    NoSuchHut { slug: String, similar: Vec<String> },
    #[error("the place of the hut {0:?} is not known: give degrees such as 47.42,12.11 instead")]
    NoPlace(String),
}

fn no_such_hut(slug: &str, similar: &[String]) -> String {
    let hint = match similar {
        [] => "`hut-availability huts list` lists all huts".to_owned(),
        similar => format!("did you mean {}?", similar.join(", ")),
    };
    format!("no hut with the slug {slug:?} is followed: {hint}")
}

/// Elevations in metres. A hut without one has none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elevations(RangeInclusive<i16>);

/// What `--near` names.
#[derive(Clone, Debug, PartialEq)]
pub enum NearText {
    Place(Place),
    Slug(String),
}

/// A hut that passes a filter, with its distance from the place, if there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice<'a> {
    pub hut: &'a HutForStay,
    pub distance_km: Option<f64>,
}

/// The place of a hut, if it is known.
#[must_use]
pub fn place_of(hut: &HutHead) -> Option<Place> {
    Place::new(hut.latitude?, hut.longitude?).ok()
}

/// The hut with this slug; if there is none, one whose slug differs only in capitals.
///
/// # Errors
/// There is none. The error suggests similar slugs.
pub fn find<'a>(huts: &'a [HutForStay], slug: &str) -> Result<&'a HutForStay, FilterError> {
    find_typed(huts, |hut| &hut.hut.slug, slug).ok_or_else(|| {
        let similar = suggest(slug, huts.iter().map(|hut| hut.hut.slug.as_str()));
        let similar = similar.into_iter().map(str::to_owned).collect();
        FilterError::NoSuchHut { slug: slug.to_owned(), similar }
    })
}

impl StayFilter {
    /// The huts that pass. The nearest come first if there is a place; otherwise the order stays.
    ///
    /// # Errors
    /// The filter names a hut that is not among them, or a hut without a place.
    pub fn choose<'a>(&self, huts: &'a [HutForStay]) -> Result<Vec<Choice<'a>>, FilterError> {
        let named = self.slugs.iter().map(|slug| Ok(find(huts, slug)?.hut.slug.as_str()));
        let named = named.collect::<Result<BTreeSet<&str>, FilterError>>()?;
        let around = match &self.near {
            None => None,
            Some(Near { at: NearText::Place(place), km }) => Some((*place, *km)),
            Some(Near { at: NearText::Slug(slug), km }) => {
                let place = place_of(&find(huts, slug)?.hut);
                Some((place.ok_or_else(|| FilterError::NoPlace(slug.clone()))?, *km))
            }
        };
        let mut chosen: Vec<_> =
            huts.iter().filter_map(|hut| self.choice(hut, &named, around)).collect();
        if around.is_some() {
            chosen.sort_by(|a, b| {
                let km = |choice: &Choice<'_>| choice.distance_km.unwrap_or_default();
                km(a).total_cmp(&km(b))
            });
        }
        Ok(chosen)
    }

    fn choice<'a>(
        &self,
        hut: &'a HutForStay,
        named: &BTreeSet<&str>,
        around: Option<(Place, f64)>,
    ) -> Option<Choice<'a>> {
        let HutHead { slug, name, country, .. } = &hut.hut;
        let is_named = named.is_empty() || named.contains(slug.as_str());
        let is_high = self.elevation.as_ref().is_none_or(|Elevations(range)| {
            hut.elevation.is_some_and(|elevation| range.contains(&elevation))
        });
        if !is_named || !is_high || !self.huts.matches(slug, name, country.as_deref()) {
            return None;
        }
        let distance_km = match around {
            None => None,
            Some((place, max_km)) => {
                let km = place_of(&hut.hut)?.distance(&place) / 1000.0;
                if km > max_km {
                    return None;
                }
                Some(km)
            }
        };
        Some(Choice { hut, distance_km })
    }
}

impl FromStr for Elevations {
    type Err = String;

    /// Reads `1500..2500`, `1500..` or `..2500`.
    fn from_str(text: &str) -> Result<Self, String> {
        let error =
            || format!("expected metres such as 1500..2500, 1500.. or ..2500, got {text:?}");
        let (min, max) = text.split_once("..").ok_or_else(error)?;
        let metres = |text: &str, default| match text.trim() {
            "" => Ok(default),
            number => number.parse().map_err(|_| error()),
        };
        let (min, max) = (metres(min, i16::MIN)?, metres(max, i16::MAX)?);
        if min > max {
            return Err(format!("the lower elevation comes first, got {text:?}"));
        }
        Ok(Self(min..=max))
    }
}

impl FromStr for NearText {
    type Err = String;

    /// Reads `LATITUDE,LONGITUDE` in degrees, or the slug of a hut.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let Some((latitude, longitude)) = text.split_once(',') else {
            return match text {
                "" => Err("expected a place such as 47.42,12.11 or the slug of a hut".into()),
                slug => Ok(Self::Slug(slug.to_owned())),
            };
        };
        let degrees = |text: &str| text.trim().parse::<f64>().ok();
        let place = degrees(latitude).zip(degrees(longitude)).ok_or_else(|| {
            format!("expected degrees such as 47.42,12.11 or the slug of a hut, got {text:?}")
        })?;
        let place = Place::new(place.0, place.1);
        place.map(Self::Place).map_err(|why| format!("the place {text:?} {why}"))
    }
}

/// Reads kilometres.
///
/// # Errors
/// The text is not a number, or not from 0 to [`MAX_KM`].
pub fn parse_km(text: &str) -> Result<f64, String> {
    let km = text.trim().parse().ok().filter(|km| (0.0..=MAX_KM).contains(km));
    km.ok_or_else(|| format!("expected kilometres from 0 to {MAX_KM}, got {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hut(slug: &str, place: Option<(f64, f64)>, elevation: Option<i16>) -> HutForStay {
        let hut = HutHead {
            id: 1,
            slug: slug.into(),
            name: slug.to_uppercase(),
            country: Some("AT".into()),
            latitude: place.map(|(latitude, _)| latitude),
            longitude: place.map(|(_, longitude)| longitude),
            hut_type_open: None,
            hut_type_closed: None,
            is_active: true,
            is_public: true,
        };
        let (organization, link) = ("hrs".to_owned(), None);
        HutForStay { hut, elevation, organization, link, last_success: None, tier: None }
    }

    fn huts() -> [HutForStay; 4] {
        [
            hut("far", Some((47.51, 12.11)), Some(1500)),
            hut("near", Some((47.43, 12.11)), Some(2500)),
            hut("here", Some((47.42, 12.11)), None),
            hut("nowhere", None, Some(1900)),
        ]
    }

    fn slugs(filter: &StayFilter) -> Vec<String> {
        let huts = huts();
        let chosen = filter.choose(&huts).unwrap();
        chosen.iter().map(|choice| choice.hut.hut.slug.clone()).collect()
    }

    fn near(at: &str, km: f64) -> StayFilter {
        StayFilter { near: Some(Near { at: at.parse().unwrap(), km }), ..StayFilter::default() }
    }

    #[test]
    fn the_nearest_huts_come_first() {
        assert_eq!(slugs(&StayFilter::default()), ["far", "near", "here", "nowhere"]);
        for at in ["47.42, 12.11", "Here"] {
            assert_eq!(slugs(&near(at, 20.0)), ["here", "near", "far"]);
            assert_eq!(slugs(&near(at, 2.0)), ["here", "near"]);
        }
    }

    #[test]
    fn huts_that_are_not_there_are_named() {
        let error = |filter: &StayFilter| filter.choose(&huts()).unwrap_err().to_string();
        assert!(error(&near("nowhere", 1.0)).contains("the place of the hut \"nowhere\""));
        assert!(error(&near("nearr", 1.0)).contains("did you mean near?"));
        let named = StayFilter { slugs: vec!["xyz".into()], ..StayFilter::default() };
        assert!(error(&named).contains("\"xyz\" is followed: `hut-availability huts list`"));
    }

    #[test]
    fn huts_are_chosen_by_elevation_and_slug() {
        let of = |text: &str| StayFilter {
            elevation: Some(text.parse().unwrap()),
            ..StayFilter::default()
        };
        assert_eq!(slugs(&of("1500..2000")), ["far", "nowhere"]);
        assert_eq!(slugs(&of("2000..")), ["near"]);
        assert_eq!(slugs(&of("..1899")), ["far"]);
        let named = StayFilter { slugs: vec!["here".into()], ..StayFilter::default() };
        assert_eq!(slugs(&named), ["here"]);
    }

    #[test]
    fn wrong_values_are_quoted() {
        for wrong in ["", "1500", "a..b", "1.5..2"] {
            assert!(wrong.parse::<Elevations>().unwrap_err().contains(&format!("{wrong:?}")));
        }
        assert!("2000..1000".parse::<Elevations>().unwrap_err().contains("comes first"));
        for wrong in ["47.42", "47,x", "1.5,1.5"] {
            let read = wrong.parse::<NearText>();
            if wrong == "47.42" {
                assert_eq!(read, Ok(NearText::Slug("47.42".into())));
            } else {
                assert!(read.unwrap_err().contains(&format!("{wrong:?}")), "{wrong}");
            }
        }
        assert!(parse_km("-1").is_err() && parse_km("x").is_err() && parse_km("12.5") == Ok(12.5));
    }
}
