//! Pure: coordinates as wardens type them.

mod half;

use std::ops::RangeInclusive;

use super::number::Number;
use half::{Axis, Half, halves};

use super::{LATITUDES, LONGITUDES, MAX_SPELLING_LEN, Place, Unplaced, is_placeholder, swiss};

/// Metres between the same place in two systems, each typed as exactly as wardens do.
const SAME_PLACE: f64 = 100.0;

/// Metres from the equator, 43 to 53 N, and from 500 km west of the middle of a zone.
const UTM_NORTHINGS: RangeInclusive<f64> = 4_700_000.0..=5_900_000.0;
const UTM_EASTINGS: RangeInclusive<f64> = 100_000.0..=900_000.0;

/// The place that a warden typed: degrees (`46,603180 / 13,671923`), degrees with minutes and
/// seconds (`N 46° 45' 47'' / E 12° 48' 04''`) or Swiss grid (`592'125 / 169'400`, `668.000 /
/// 176.940`, `2.765110 / 1.131580`), in either order, with and without marks for the axes. Two
/// numbers that are degrees in the Alps are taken as such, whatever else they might be.
///
/// # Errors
/// See [`Unplaced`]: what is not certain is not guessed at.
pub fn read_coordinates(text: &str) -> Result<Place, Unplaced> {
    read(text, true)
}

/// The same outside Switzerland, where numbers that would be of a Swiss grid are others that lost a
/// digit: `598476 / 229996` was UTM, and lies 200 km from where the Swiss grid would have it.
///
/// # Errors
/// See [`Unplaced`].
pub fn read_coordinates_abroad(text: &str) -> Result<Place, Unplaced> {
    read(text, false)
}

fn read(text: &str, in_switzerland: bool) -> Result<Place, Unplaced> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Unplaced::Empty);
    }
    if text.len() > MAX_SPELLING_LEN {
        return Err(Unplaced::Unreadable);
    }
    if is_placeholder(text) {
        return Err(Unplaced::Placeholder);
    }
    let text = normalized(text);
    let text = text.trim_matches([' ', ',', ';']);
    // Some give the place in two systems: `615056 / 104542 ; N 46.09224 / E 7.63336`.
    match text.split_once(';') {
        Some((first, second)) if text.contains('/') => {
            let (first, second) = (pair(first, in_switzerland)?, pair(second, in_switzerland)?);
            let is_same = first.distance(&second) <= SAME_PLACE;
            if is_same { Ok(first) } else { Err(Unplaced::TwoPlaces) }
        }
        _ => pair(text, in_switzerland),
    }
}

/// One sign for the degrees, one for the minutes, one for the seconds; capitals; spaces only.
fn normalized(text: &str) -> String {
    let sign = |c: char| match c {
        'º' | '˚' => '°',
        '’' | '‘' | '‛' | '‚' | '´' | '`' | '′' | 'ʹ' | 'ʼ' => '\'',
        '”' | '“' | '„' | '″' | '˝' => '"',
        ':' | '=' | '(' | ')' => ' ',
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_uppercase(),
    };
    text.chars().map(sign).collect::<String>().replace("''", "\"")
}

fn pair(text: &str, in_switzerland: bool) -> Result<Place, Unplaced> {
    let (first, second) = halves(text.trim()).ok_or(Unplaced::Unreadable)?;
    let (first, second) = (Half::read(first)?, Half::read(second)?);
    if first.is_utm || second.is_utm {
        return Err(Unplaced::UtmWithoutZone);
    }
    let (first, second, orders) = match (first.axis, second.axis) {
        (None, None) => (first.number, second.number, 2),
        (Some(Axis::North), None | Some(Axis::East)) | (None, Some(Axis::East)) => {
            (first.number, second.number, 1)
        }
        (Some(Axis::East), None | Some(Axis::North)) | (None, Some(Axis::North)) => {
            (second.number, first.number, 1)
        }
        _ => return Err(Unplaced::Unreadable),
    };
    let orders = &[(first, second), (second, first)][..orders];
    let is_degrees = |(north, east): &(Number, Number)| {
        LATITUDES.contains(&north.value) && LONGITUDES.contains(&east.value)
    };
    if let Some((north, east)) = orders.iter().copied().find(is_degrees) {
        return Place::new(north.value, east.value);
    }
    if let Some(place) = orders.iter().find_map(|(north, east)| swiss::place(*north, *east)) {
        return if in_switzerland { Ok(place) } else { Err(Unplaced::SwissGridAbroad) };
    }
    let is_utm = orders.iter().any(|(north, east)| {
        UTM_NORTHINGS.contains(&north.value) && UTM_EASTINGS.contains(&east.value)
    });
    Err(if is_utm { Unplaced::UtmWithoutZone } else { Unplaced::Outside })
}

#[cfg(test)]
mod tests;
