//! Pure: the two halves of a pair of coordinates, one for each axis.

use crate::domain::geo::number::{self, Number};
use crate::domain::geo::place::Unplaced;

/// Splits a text into its two axes at the least ambiguous separator: first `/`, then the names of the
/// axes, the degree signs, and last commas and spaces, which may also stand within a number.
pub fn halves(text: &str) -> Option<(&str, &str)> {
    let around = |at: usize| (&text[..at], &text[at + 1..]);
    let is_beside_space = |at: &usize| {
        let (before, after) = around(*at);
        before.ends_with(' ') || after.starts_with(' ')
    };
    let all = |sign: char| text.match_indices(sign).map(|(at, _)| at);
    let commas = || all(',');
    let words = || text.split(' ').filter(|word| !word.is_empty());
    only(all('/'))
        .or_else(|| only(all('|')))
        .or_else(|| only(all(';')))
        .map(around)
        .or_else(|| before_second_mark(text).map(|at| text.split_at(at)))
        .or_else(|| before_second_degrees(text).map(|at| text.split_at(at)))
        .or_else(|| only(commas().filter(is_beside_space)).map(around))
        .or_else(|| (words().count() == 2).then(|| text.split_once(' ')).flatten())
        // `46,3036,7,4617`
        .or_else(|| (commas().count() == 3).then(|| commas().nth(1).map(around)).flatten())
        .or_else(|| only(commas()).map(around))
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}

/// Where the second axis begins in `N 46.5, E 7.8` or in `46°35'14.8"N 11°45'29.9"E`.
fn before_second_mark(text: &str) -> Option<usize> {
    let number = text.find(|c: char| c.is_ascii_digit())?;
    let mark = number + text[number..].find(char::is_alphabetic)?;
    if text.starts_with(char::is_alphabetic) {
        return Some(mark);
    }
    Some(mark + text[mark..].find(|c: char| !c.is_alphabetic())?)
}

/// Where the second axis begins in `46° 35' 11° 45'`.
fn before_second_degrees(text: &str) -> Option<usize> {
    let (second, _) = text.match_indices('°').nth(1)?;
    let is_in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    Some(text[..second].trim_end().trim_end_matches(is_in_number).len())
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    North,
    East,
}

/// The text of one axis, read.
pub struct Half {
    pub axis: Option<Axis>,
    pub number: Number,
    pub is_utm: bool,
}

impl Half {
    /// Reads optional words, one number, and optional words.
    pub fn read(text: &str) -> Result<Self, Unplaced> {
        let number = text.find(|c: char| c.is_ascii_digit()).ok_or(Unplaced::Unreadable)?;
        let (head, rest) = text.split_at(number);
        let (number, tail) = rest.split_at(rest.find(char::is_alphabetic).unwrap_or(rest.len()));
        let (mut axis, mut is_utm) = (None, false);
        let is_space = [' ', ',', '.'];
        for word in head.split(is_space).chain(tail.split(is_space)) {
            let named = match word {
                // X and Y have no fixed meaning. The numbers show which one is north.
                "" | "X" | "Y" => continue,
                "UTM" => {
                    is_utm = true;
                    continue;
                }
                "N" | "NORD" | "NORTH" | "LAT" | "LATITUDE" => Axis::North,
                "E" | "O" | "EST" | "OST" | "EAST" | "LON" | "LONG" | "LNG" | "LONGITUDE" => {
                    Axis::East
                }
                "S" | "W" => return Err(Unplaced::Outside),
                _ => return Err(Unplaced::Unreadable),
            };
            if axis.is_some_and(|axis| axis != named) {
                return Err(Unplaced::Unreadable);
            }
            axis = Some(named);
        }
        let number = number.trim_end_matches(is_space);
        let number = match number.split_once('°') {
            Some((degrees, rest)) => number::sexagesimal(degrees, rest.trim_start()),
            None => number::grouped(number),
        };
        Ok(Self { axis, number: number.ok_or(Unplaced::Unreadable)?, is_utm })
    }
}
