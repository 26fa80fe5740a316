//! Draws a small chart of free places over time in block characters.

use chrono::{DateTime, TimeDelta, Utc};

use crate::query::views::Entry;

/// Characters filled from the bottom in eighths, from none to all.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The size of the chart in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub columns: u16,
    pub rows: u16,
}

/// The lines of the chart, from top to bottom.
///
/// `entries` are the newest first. The time axis goes from the oldest entry to the last check of the newest
/// one. A column shows the state at its end: `·` means that no place is free, blank that the night is
/// closed or the number is not known. The full height is `max_places` places.
#[must_use]
pub fn chart(entries: &[Entry], max_places: i16, size: Size) -> Vec<String> {
    let (Some(oldest), Some(newest)) = (entries.last(), entries.first()) else { return Vec::new() };
    let (from, until) = (oldest.first_checked, newest.last_checked);
    let free: Vec<Option<i16>> = (1..=size.columns)
        .map(|column| free_at(entries, end_of_column(from, until, column, size)))
        .collect();
    let line =
        |row: u16| free.iter().map(|free| block(*free, max_places, row, size)).collect::<String>();
    (0..size.rows).rev().map(|row| line(row).trim_end().to_owned()).collect()
}

/// The instant at the end of a column.
fn end_of_column(
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    column: u16,
    size: Size,
) -> DateTime<Utc> {
    // Milliseconds, because in nanoseconds a history of centuries would overflow.
    let total = (until - from).num_milliseconds();
    from + TimeDelta::milliseconds(total * i64::from(column) / i64::from(size.columns))
}

/// Free places at an instant; none if the night is closed, or the number of places is not known.
fn free_at(entries: &[Entry], at: DateTime<Utc>) -> Option<i16> {
    let entry = entries.iter().find(|entry| entry.first_checked <= at)?;
    entry.state.free.filter(|_| !entry.state.is_closed() && entry.state.total != Some(0))
}

/// The character of a column in a row; rows are counted from the bottom.
fn block(free: Option<i16>, max_places: i16, row: u16, size: Size) -> char {
    let Some(free) = free else { return ' ' };
    if free <= 0 || max_places <= 0 {
        return if row == 0 { '·' } else { ' ' };
    }
    // At least one eighth, so that a single free place is visible.
    let eighths = i32::from(size.rows) * 8 * i32::from(free) / i32::from(max_places);
    let here = eighths.max(1) - i32::from(row) * 8;
    BLOCKS[usize::try_from(here.clamp(0, 8)).unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::sample::entry;

    const SIZE: Size = Size { columns: 12, rows: 2 };

    #[test]
    fn free_places_fall_from_left_to_right_as_a_night_fills_up() {
        let entries =
            [entry(0, 40, 9, 12), entry(5, 40, 6, 9), entry(20, 40, 3, 6), entry(40, 40, 0, 3)];
        insta::assert_snapshot!(chart(&entries, 40, SIZE).join("\n"), @r"
        ██
        █████▂▂▂····
        ");
    }

    #[test]
    fn an_unknown_number_of_places_is_blank() {
        let entries = [entry(40, 40, 6, 12), entry(0, 0, 0, 6)];
        assert_eq!(chart(&entries, 40, SIZE), ["     ███████", "     ███████"]);
        assert!(chart(&[], 40, SIZE).is_empty());
    }

    #[test]
    fn a_single_check_has_a_chart() {
        assert_eq!(chart(&[entry(1, 100, 0, 0)], 100, SIZE), ["", "▁▁▁▁▁▁▁▁▁▁▁▁"]);
        assert_eq!(chart(&[entry(0, 0, 0, 0)], 0, SIZE), ["", ""]);
    }
}
