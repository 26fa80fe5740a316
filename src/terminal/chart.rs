//! A small chart of free places over time, in block characters.

use chrono::{DateTime, TimeDelta, Utc};

use crate::query::views::Entry;

/// Eighths of a character, from the bottom.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The size of the plot in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub columns: u16,
    pub rows: u16,
}

/// The lines of the plot, from the top, over the time from the first of `entries` (the newest
/// first) to the last check of them. A column shows what held at its end: `·` no place, blank
/// nothing known. The top is `most` places.
#[must_use]
pub fn chart(entries: &[Entry], most: i16, size: Size) -> Vec<String> {
    let (Some(oldest), Some(newest)) = (entries.last(), entries.first()) else { return Vec::new() };
    let (from, until) = (oldest.first_checked, newest.last_checked);
    let free: Vec<Option<i16>> = (1..=size.columns)
        .map(|column| free_at(entries, part(from, until, column, size)))
        .collect();
    let line = |row: u16| free.iter().map(|free| block(*free, most, row, size)).collect::<String>();
    (0..size.rows).rev().map(|row| line(row).trim_end().to_owned()).collect()
}

/// The instant at the end of a column.
fn part(from: DateTime<Utc>, until: DateTime<Utc>, column: u16, size: Size) -> DateTime<Utc> {
    // In milliseconds a history of centuries does not overflow.
    let all = (until - from).num_milliseconds();
    from + TimeDelta::milliseconds(all * i64::from(column) / i64::from(size.columns))
}

/// Free places at an instant, as far as any places were known.
fn free_at(entries: &[Entry], at: DateTime<Utc>) -> Option<i16> {
    let entry = entries.iter().find(|entry| entry.first_checked <= at)?;
    (entry.state.total > 0).then_some(entry.state.free)
}

/// What of a column is in a row, pluralize from the bottom.
fn block(free: Option<i16>, most: i16, row: u16, size: Size) -> char {
    let Some(free) = free else { return ' ' };
    if free <= 0 || most <= 0 {
        return if row == 0 { '·' } else { ' ' };
    }
    // Any place is seen.
    let eighths = i32::from(size.rows) * 8 * i32::from(free) / i32::from(most);
    let here = eighths.max(1) - i32::from(row) * 8;
    BLOCKS[usize::try_from(here.clamp(0, 8)).unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::sample::entry;

    const SIZE: Size = Size { columns: 12, rows: 2 };

    #[test]
    fn a_night_fills_up_from_left_to_right() {
        let entries =
            [entry(0, 40, 9, 12), entry(5, 40, 6, 9), entry(20, 40, 3, 6), entry(40, 40, 0, 3)];
        insta::assert_snapshot!(chart(&entries, 40, SIZE).join("\n"), @r"
        ██
        █████▂▂▂····
        ");
    }

    #[test]
    fn what_is_not_known_is_blank() {
        let entries = [entry(40, 40, 6, 12), entry(0, 0, 0, 6)];
        assert_eq!(chart(&entries, 40, SIZE), ["     ███████", "     ███████"]);
        assert!(chart(&[], 40, SIZE).is_empty());
    }

    #[test]
    fn one_check_is_a_chart_too() {
        assert_eq!(chart(&[entry(1, 100, 0, 0)], 100, SIZE), ["", "▁▁▁▁▁▁▁▁▁▁▁▁"]);
        assert_eq!(chart(&[entry(0, 0, 0, 0)], 0, SIZE), ["", ""]);
    }
}
