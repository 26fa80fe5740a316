//! Pure: coordinates as wardens type them.

mod half;

use std::ops::RangeInclusive;

use super::number::Number;
use half::{Axis, Half, halves};

use super::place::{LATITUDES, LONGITUDES, MAX_SPELLING_LEN, Place, Unplaced, is_placeholder};
use super::swiss;

/// Metres. A place given in two systems counts as one place up to this distance, since wardens round.
const SAME_PLACE: f64 = 100.0;

/// Metres from the equator (43 to 53 N), and metres east of a line 500 km west of a zone's middle.
const UTM_NORTHINGS: RangeInclusive<f64> = 4_700_000.0..=5_900_000.0;
const UTM_EASTINGS: RangeInclusive<f64> = 100_000.0..=900_000.0;

/// Reads the place that a warden typed: degrees (`46,603180 / 13,671923`), degrees with minutes and
/// seconds (`N 46° 45' 47'' / E 12° 48' 04''`) or Swiss grid (`592'125 / 169'400`, `668.000 /
/// 176.940`, `2.765110 / 1.131580`), in either order, with or without names for the axes. Two
/// numbers that are degrees in the Alps are read as degrees, even if they could be something else.
///
/// # Errors
/// See [`Unplaced`]. Ambiguous coordinates are rejected, never guessed.
pub fn read_coordinates(text: &str) -> Result<Place, Unplaced> {
    read(text, true)
}

/// The same for a hut outside Switzerland. Numbers in the range of a Swiss grid are other coordinates that
/// lost a digit there: `598476 / 229996` was UTM, and lies 200 km from that point of the Swiss grid.
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
    // Some wardens give the place in two systems: `615056 / 104542 ; N 46.09224 / E 7.63336`.
    match text.split_once(';') {
        Some((first, second)) if text.contains('/') => {
            let (first, second) = (pair(first, in_switzerland)?, pair(second, in_switzerland)?);
            let is_same = first.distance(&second) <= SAME_PLACE;
            if is_same { Ok(first) } else { Err(Unplaced::TwoPlaces) }
        }
        _ => pair(text, in_switzerland),
    }
}

/// Replaces all signs for degrees, minutes and seconds by one each, in capitals and with plain spaces.
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
