//! The base map: sea, borders, lakes and towns. Pure functions.
//!
//! The data are in `base.txt`, which scripts/map-data.sh makes from Natural Earth. The program reads them once.

use std::sync::LazyLock;

use super::projection::{WorldPoint, world};
use crate::domain::geo::Place;

/// The base map.
pub static BASE: LazyLock<Base> =
    LazyLock::new(|| parse(include_str!("base.txt")).expect("a test reads the file"));

/// Lines and places of the earth.
#[derive(Debug, Default)]
pub struct Base {
    /// Rings: the sea, its islands, and other parts of it.
    pub sea: Vec<Line>,
    pub borders: Vec<Line>,
    pub shores: Vec<Line>,
    /// The lakes that have a name.
    pub lakes: Vec<Lake>,
    /// From the most to the least important one.
    pub towns: Vec<Town>,
}

#[derive(Debug)]
pub struct Lake {
    pub name: String,
    pub middle: WorldPoint,
    /// As a part of the width of the earth.
    pub width: f64,
}

#[derive(Debug)]
pub struct Town {
    pub name: String,
    pub at: WorldPoint,
    /// 1 for the most important ones, up to 3
    pub rank: u8,
}

/// A line, and the rectangle around it.
#[derive(Debug)]
pub struct Line {
    pub points: Vec<WorldPoint>,
    pub from: WorldPoint,
    pub to: WorldPoint,
}

impl Line {
    fn new(points: Vec<WorldPoint>) -> Self {
        let first = points.first().copied().unwrap_or(WorldPoint { x: 0.0, y: 0.0 });
        let (mut from, mut to) = (first, first);
        for point in &points {
            from = WorldPoint { x: from.x.min(point.x), y: from.y.min(point.y) };
            to = WorldPoint { x: to.x.max(point.x), y: to.y.max(point.y) };
        }
        Self { points, from, to }
    }
}

/// Reads the file.
fn parse(text: &str) -> Result<Base, String> {
    let mut base = Base::default();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.starts_with('#')) {
        let bad = || format!("line {number} is none of the base map: {line:?}");
        let mut words = line.split(' ');
        match words.next() {
            Some("sea") => base.sea.push(parse_line(words).ok_or_else(bad)?),
            Some("border") => base.borders.push(parse_line(words).ok_or_else(bad)?),
            Some("lake") => {
                let (points, name) = line.rsplit_once(' ').ok_or_else(bad)?;
                let lake = parse_line(points.split(' ').skip(1)).ok_or_else(bad)?;
                if !name.is_empty() {
                    let middle = |from: f64, to: f64| f64::midpoint(from, to);
                    base.lakes.push(Lake {
                        name: name.replace('_', " "),
                        middle: WorldPoint {
                            x: middle(lake.from.x, lake.to.x),
                            y: middle(lake.from.y, lake.to.y),
                        },
                        width: lake.to.x - lake.from.x,
                    });
                }
                base.shores.push(lake);
            }
            Some("town") => base.towns.push(parse_town(words).ok_or_else(bad)?),
            _ => return Err(bad()),
        }
    }
    Ok(base)
}

fn parse_line<'a>(words: impl Iterator<Item = &'a str>) -> Option<Line> {
    let steps: Vec<i32> = words.map(|word| word.parse().ok()).collect::<Option<_>>()?;
    if steps.len() < 4 || steps.len() % 2 == 1 {
        return None;
    }
    let mut at = (0, 0);
    let points = steps.chunks_exact(2).map(|step| {
        at = (at.0 + step[0], at.1 + step[1]);
        of_thousandths(at.0, at.1)
    });
    Some(Line::new(points.collect()))
}

fn parse_town<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Town> {
    let rank = words.next()?.parse().ok()?;
    let (x, y) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(Town { name: words.next()?.replace('_', " "), at: of_thousandths(x, y), rank })
}

/// A point of the earth from thousandths of a degree.
fn of_thousandths(longitude: i32, latitude: i32) -> WorldPoint {
    let degrees = |thousandths: i32| f64::from(thousandths) / 1_000.0;
    world(Place { latitude: degrees(latitude), longitude: degrees(longitude) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_the_base_map_of_the_alps_and_the_pyrenees() {
        let base = parse(include_str!("base.txt")).unwrap();
        let count = (base.sea.len(), base.borders.len(), base.shores.len());
        assert!(count.0 > 20 && count.1 > 40 && count.2 > 5, "{count:?}");
        for name in ["Lac Léman", "Bodensee", "Lago Maggiore", "Lago di Garda"] {
            assert!(base.lakes.iter().any(|lake| lake.name == name), "{name}");
        }
        for name in ["Innsbruck", "Zürich", "Ljubljana", "Toulouse", "Andorra", "Aosta"] {
            assert!(base.towns.iter().any(|town| town.name == name), "{name}");
        }
        assert!(base.towns.is_sorted_by_key(|town| town.rank), "large towns get their names first");
    }

    #[test]
    fn a_line_that_is_none_of_the_base_map_is_named() {
        for line in ["road 1 2 3 4", "sea 1 2 3", "border 1", "town 1 2 Bern", "lake 1 2 x 3 "] {
            let error = parse(&format!("# a comment\n{line}")).unwrap_err();
            assert_eq!(error, format!("line 2 is none of the base map: {line:?}"));
        }
    }
}
