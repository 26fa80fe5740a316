//! The questions that both services are asked. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use strum::Display;

/// The number of dates of a map and of a hut, as the web client asks for them.
pub const DAYS: u16 = 8;

/// The characters of a slug that are percent-encoded.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// A request that both services get.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// All huts.
    Map(NaiveDate),
    /// A page of the map.
    MapPage {
        start: NaiveDate,
        offset: usize,
        limit: usize,
    },
    /// Some huts of the map, by their slugs.
    MapOf {
        start: NaiveDate,
        slugs: Vec<String>,
    },
    /// The huts in a rectangle, which is given as `minLon,minLat,maxLon,maxLat`.
    MapIn {
        start: NaiveDate,
        bbox: String,
    },
    Hut {
        slug: String,
        start: NaiveDate,
    },
    Trend {
        slug: String,
        night: NaiveDate,
    },
    Version,
    /// A hut that does not exist.
    NoSuchHut(NaiveDate),
    /// A value that is not allowed.
    NoDays(NaiveDate),
}

/// The kind of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Display, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Area {
    Map,
    Hut,
    Trend,
    Version,
}

impl Question {
    /// The path and the query of the request.
    #[must_use]
    pub fn path(&self) -> String {
        let map = |start: &NaiveDate, query: &str| {
            format!("/v1/huts/availability/{start}.geojson?days={DAYS}{query}")
        };
        let hut =
            |slug: &str| format!("/v1/huts/{}/availability", utf8_percent_encode(slug, ESCAPED));
        match self {
            Self::Map(start) => map(start, ""),
            Self::MapPage { start, offset, limit } => {
                map(start, &format!("&offset={offset}&limit={limit}"))
            }
            Self::MapOf { start, slugs } => map(start, &format!("&slugs={}", slugs.join(","))),
            Self::MapIn { start, bbox } => map(start, &format!("&bbox={bbox}")),
            Self::Hut { slug, start } => format!("{}/{start}?days={DAYS}", hut(slug)),
            Self::Trend { slug, night } => format!("{}/{night}/trend?limit=30", hut(slug)),
            Self::Version => "/v1/version".into(),
            Self::NoSuchHut(start) => format!("{}/{start}", hut("no-such-hut")),
            Self::NoDays(start) => format!("/v1/huts/availability/{start}.geojson?days=0"),
        }
    }

    #[must_use]
    pub fn area(&self) -> Area {
        match self {
            Self::Map(_)
            | Self::MapPage { .. }
            | Self::MapOf { .. }
            | Self::MapIn { .. }
            | Self::NoDays(_) => Area::Map,
            Self::Hut { .. } | Self::NoSuchHut(_) => Area::Hut,
            Self::Trend { .. } => Area::Trend,
            Self::Version => Area::Version,
        }
    }

    /// The hut that the question names.
    #[must_use]
    pub fn hut(&self) -> Option<&str> {
        match self {
            Self::Hut { slug, .. } | Self::Trend { slug, .. } => Some(slug),
            _ => None,
        }
    }
}

/// A hut of both maps, as far as further questions depend on it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownHut {
    pub slug: String,
    /// Degrees
    pub longitude: f64,
    pub latitude: f64,
}

/// Huts whose answers on the map differ, with the nights that do.
pub type Suspects = BTreeMap<String, BTreeSet<NaiveDate>>;

/// The questions after the map, the most telling first: how each kind of request is answered, then huts one by one. The
/// suspects come first, with the trends of their nights, which say when a night changed. A sample of the other huts
/// follows, by `seed`.
#[must_use]
pub fn further_questions(
    start: NaiveDate,
    huts: &[KnownHut],
    suspects: &Suspects,
    has_bbox: bool,
    seed: u64,
) -> Vec<Question> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut sample: Vec<&KnownHut> = huts.iter().collect();
    random.shuffle(&mut sample);
    let mut questions = vec![Question::NoSuchHut(start), Question::NoDays(start)];
    if huts.len() > 1 {
        let (offset, limit) = (huts.len() / 2, 5);
        questions.push(Question::MapPage { start, offset, limit });
        let slugs = sample.iter().take(3).map(|hut| hut.slug.clone()).collect();
        questions.push(Question::MapOf { start, slugs });
    }
    if let Some(hut) = sample.first().filter(|_| has_bbox) {
        let KnownHut { longitude, latitude, .. } = hut;
        let bbox = format!(
            "{:.3},{:.3},{:.3},{:.3}",
            longitude - 0.5,
            latitude - 0.5,
            longitude + 0.5,
            latitude + 0.5
        );
        questions.push(Question::MapIn { start, bbox });
    }
    let no_night = BTreeSet::new();
    let others = sample.iter().filter(|hut| !suspects.contains_key(&hut.slug));
    let others = others.map(|hut| (&hut.slug, &no_night));
    for (slug, nights) in suspects.iter().chain(others) {
        questions.push(Question::Hut { slug: slug.clone(), start });
        let any_night = start + chrono::Days::new(random.u64(..u64::from(DAYS)));
        let any = BTreeSet::from([any_night]);
        let nights = if nights.is_empty() { &any } else { nights };
        let trend = |night: &NaiveDate| Question::Trend { slug: slug.clone(), night: *night };
        questions.extend(nights.iter().map(trend));
    }
    questions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date() -> NaiveDate {
        "2026-07-01".parse().unwrap()
    }

    fn hut(slug: &str) -> KnownHut {
        KnownHut { slug: slug.into(), longitude: 8.0, latitude: 46.5 }
    }

    #[test]
    fn paths_are_those_of_the_api() {
        let hut = Question::Hut { slug: "a/ü-b".into(), start: date() };
        assert_eq!(hut.path(), "/v1/huts/a%2F%C3%BC-b/availability/2026-07-01?days=8");
        let trend = Question::Trend { slug: "a".into(), night: date() };
        assert_eq!(trend.path(), "/v1/huts/a/availability/2026-07-01/trend?limit=30");
        let page = Question::MapPage { start: date(), offset: 2, limit: 5 };
        let map = "/v1/huts/availability/2026-07-01.geojson?days=8";
        assert_eq!(page.path(), format!("{map}&offset=2&limit=5"));
    }

    #[test]
    fn a_seed_chooses_the_same_huts_again() {
        let huts: Vec<_> = ('a'..='z').map(|slug| hut(&slug.to_string())).collect();
        let nights = BTreeSet::from([date(), date().succ_opt().unwrap()]);
        let suspects = Suspects::from([("q".into(), nights)]);
        let ask = |seed| further_questions(date(), &huts, &suspects, true, seed);
        assert_eq!(ask(1), ask(1));
        assert_ne!(ask(1), ask(2));
        let named: Vec<_> = ask(1).iter().filter_map(|it| it.hut().map(str::to_owned)).collect();
        assert_eq!(named.len(), 53, "each hut with a trend, and the suspect with two");
        assert_eq!(&named[..3], ["q", "q", "q"], "suspects come first");
        assert!(ask(1).iter().any(|it| it.path().contains("bbox=7.500,46.000,8.500,47.000")));
    }

    #[test]
    fn without_huts_only_the_errors_are_asked_for() {
        let questions = further_questions(date(), &[], &Suspects::new(), true, 1);
        assert_eq!(questions, [Question::NoSuchHut(date()), Question::NoDays(date())]);
    }
}
