//! Synthetic huts: invented names, and places and altitudes in the formats in which wardens type real ones.

use lv03::Wgs84;

use super::hut::SimulatedHut;
use crate::domain::geo::Place;

/// A region with huts: its ranges of coordinates, and patterns of names. `*` stands for a word of [`WORDS`].
struct Region {
    country: &'static str,
    latitudes: (f64, f64),
    longitudes: (f64, f64),
    names: [&'static str; 3],
}

const REGIONS: [Region; 4] = [
    Region {
        country: "CH",
        latitudes: (46.1, 46.9),
        longitudes: (7.1, 10.2),
        names: ["*hütte SAC", "Chamanna *", "Cabane * CAS"],
    },
    Region {
        country: "AT",
        latitudes: (46.7, 47.5),
        longitudes: (10.3, 13.9),
        names: ["*hütte", "*haus", "*-Hütte (ÖAV)"],
    },
    Region {
        country: "DE",
        latitudes: (47.4, 47.7),
        longitudes: (10.0, 13.0),
        names: ["*-Hütte", "*alm", "Haus *"],
    },
    Region {
        country: "IT",
        latitudes: (46.3, 46.9),
        longitudes: (10.5, 12.3),
        names: ["*hütte (Rif. *)", "Rifugio *", "Schutzhaus * - Rif. al *"],
    },
];

const WORDS: [&str; 41] = [
    "Adler",
    "Alpenrosen",
    "Arven",
    "Bären",
    "Birken",
    "Blaueis",
    "Brunnen",
    "Distel",
    "Dohlen",
    "Edelweiß",
    "Enzian",
    "Falken",
    "Felsen",
    "Firn",
    "Föhren",
    "Gams",
    "Gipfel",
    "Gletscher",
    "Grat",
    "Hirsch",
    "Höhen",
    "Joch",
    "Kar",
    "Karl-Huber",
    "Lärchen",
    "Lawinen",
    "Luchs",
    "Murmel",
    "Nebel",
    "Quell",
    "Rosen",
    "Sattel",
    "Schnee",
    "Schrofen",
    "See",
    "Sonnen",
    "Stein",
    "Tannen",
    "Wächten",
    "Wetter",
    "Zirben",
];

/// Prefixes for huts that would otherwise have the same name.
const PREFIXES: [&str; 5] = ["", "Neue ", "Obere ", "Untere ", "Hintere "];

/// Texts in place of unknown coordinates.
const UNKNOWN_COORDINATES: [&str; 3] = ["XXX.XXX / YYY.YYY", "00.000000/0.000000", ""];

/// The hut with the ID `id`. The first 2460 huts have different names.
#[must_use]
pub fn hut(id: u32) -> SimulatedHut {
    let number = id as usize;
    let (region, word) = (&REGIONS[number % REGIONS.len()], WORDS[number % WORDS.len()]);
    let round = number / (REGIONS.len() * WORDS.len());
    let name = region.names[round % region.names.len()].replace('*', word);
    let prefix = PREFIXES[round / region.names.len() % PREFIXES.len()];
    let place = Place {
        latitude: between(region.latitudes, spread(id, 0.754_877_666)),
        longitude: between(region.longitudes, spread(id, 0.569_840_291)),
    };
    let has_place = number % 9 != 8;
    let metres = between((1200.0, 3100.0), spread(id, 0.618_033_989)).round();
    SimulatedHut {
        id: id.to_string(),
        name: format!("{prefix}{name}"),
        country: region.country.into(),
        place: Some(place).filter(|_| has_place),
        coordinates: if has_place {
            typed_place(place, region.country == "CH", number % 9)
        } else {
            UNKNOWN_COORDINATES[number / 9 % UNKNOWN_COORDINATES.len()].into()
        },
        altitude: typed_altitude(metres as u32, number % 7),
        unlocked: number % 11 != 10,
        places: i16::try_from(20 + id % 100).expect("less than 120"),
        winter_places: i16::try_from(id % 3 * 6).expect("at most 12"),
    }
}

/// A number from 0 to 1. The numbers of consecutive huts are far apart, because they are the fractions of
/// multiples of an irrational number.
fn spread(id: u32, step: f64) -> f64 {
    (f64::from(id) * step).fract()
}

/// The number at `fraction`, from 0 to 1, of a range.
fn between((min, max): (f64, f64), fraction: f64) -> f64 {
    min + (max - min) * fraction
}

/// The coordinates as a warden might type them. `format` chooses among the formats.
fn typed_place(Place { latitude, longitude }: Place, is_swiss: bool, format: usize) -> String {
    let grid = swiss_grid(latitude, longitude).filter(|_| is_swiss);
    match (format, grid) {
        (1, _) => format!("{latitude:.6}/{longitude:.6}"),
        (2, _) => format!("{latitude:.6} /  \t  {longitude:.6}").replace('.', ","),
        (3, _) => format!("{longitude:.5}, {latitude:.5}"),
        (4, Some((east, north))) => format!("{:.3} / {:.3}", east / 1000.0, north / 1000.0),
        (5, Some((east, north))) => format!("{east:.0} / {north:.0}"),
        (6, Some((east, north))) => format!("{:.0} / {:.0}", east + 2e6, north + 1e6),
        (7, Some((east, north))) => format!("{:.6} / {:.6}", east / 1e6 + 2.0, north / 1e6 + 1.0),
        _ => format!("{latitude:.4}, {longitude:.4}"),
    }
}

/// The altitude as a warden might type it. `format` chooses among the formats.
fn typed_altitude(metres: u32, format: usize) -> String {
    match format {
        1 => format!("{}.{:03} m", metres / 1000, metres % 1000),
        2 => format!("{metres}hm"),
        3 => format!("{metres} m.ü.M."),
        4 => metres.to_string(),
        5 => "XXX m".into(),
        6 => String::new(),
        _ => format!("{metres} m"),
    }
}

/// The place in the Swiss grid LV03: metres east and north. None outside Switzerland and its surroundings.
fn swiss_grid(latitude: f64, longitude: f64) -> Option<(f64, f64)> {
    let grid = Wgs84 { latitude, longitude, altitude: 0.0 }.to_lv03()?;
    Some((grid.east, grid.north))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_first_2460_huts_have_different_names() {
        let names: BTreeSet<_> = (1..=2460).map(|id| hut(id).name).collect();
        assert_eq!(names.len(), 2460);
    }

    #[test]
    fn the_huts_use_all_formats() {
        let huts: Vec<_> = (1..=300).map(hut).collect();
        let places = huts.iter().filter(|hut| hut.place.is_none());
        assert_eq!(
            places.map(|hut| &*hut.coordinates).collect::<BTreeSet<_>>(),
            UNKNOWN_COORDINATES.into()
        );
        let in_lv95 = huts.iter().filter(|hut| hut.coordinates.starts_with("2.7"));
        assert!(in_lv95.count() > 0);
        assert!(huts.iter().any(|hut| hut.coordinates.contains('\t')));
        assert_eq!(huts.iter().filter(|hut| !hut.unlocked).count(), 27);
    }

    /// The example of swisstopo's formulas: 46° 2' 38.87", 8° 43' 49.79".
    #[test]
    fn degrees_are_converted_to_the_swiss_grid() {
        let (east, north) = swiss_grid(46.044_130_6, 8.730_497_2).unwrap();
        assert!(
            (east - 699_999.76).abs() < 0.1 && (north - 99_999.97).abs() < 0.1,
            "{east} {north}"
        );
    }
}
