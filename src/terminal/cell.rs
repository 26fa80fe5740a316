//! Renders the state of a date as a few characters and a colour.

use comfy_table::{Attribute, Cell, CellAlignment, Color};

use super::screen::{Colours, Screen};
use crate::domain::availability::{OccupancyStatus, ReservationStatus, State};

/// How much of a state a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `12/40`, `full`, `closed`
    Full,
    /// `12`, `0`, `x`: at most three characters, and `*` if the hut takes no online bookings
    Short,
}

/// Explains the signs; they carry the same information as the colours.
#[must_use]
pub fn legend(form: Form) -> &'static str {
    match form {
        Form::Full => "free/all places; * not bookable online; ? not known; · nothing stored",
        Form::Short => {
            "free places; * not bookable online; x closed; ? not known; · nothing stored"
        }
    }
}

/// The sign of a state; `·` if no state is stored.
#[must_use]
pub fn sign(state: Option<State>, form: Form) -> String {
    let Some(state) = state else { return "·".into() };
    let State { free, total, reservation_status, .. } = state;
    let is_closed = reservation_status == ReservationStatus::NotPossible;
    let mark = if reservation_status == ReservationStatus::NotOnline { "*" } else { "" };
    match (total, free, form) {
        (0, _, Form::Full) if is_closed => "closed".into(),
        (0, _, Form::Short) if is_closed => "x".into(),
        (0, ..) => format!("?{mark}"),
        (_, 0, Form::Full) => "full".into(),
        (_, _, Form::Full) => format!("{free}/{total}{mark}"),
        (_, _, Form::Short) => format!("{free}{mark}"),
    }
}

/// A table cell with the sign of a state, coloured by occupancy.
#[must_use]
pub fn cell(state: Option<State>, form: Form) -> Cell {
    let cell = Cell::new(sign(state, form)).set_alignment(CellAlignment::Right);
    match state {
        Some(state) => coloured(cell, state.occupancy_status()),
        None => cell,
    }
}

/// Colours a cell by status, from green to red. The text is dark on a light background, so that every
/// status has the same contrast.
#[must_use]
pub fn coloured(cell: Cell, status: OccupancyStatus) -> Cell {
    const BLACK: Color = Color::AnsiValue(16);
    let colour = match status {
        OccupancyStatus::Empty => 41,
        OccupancyStatus::Low => 150,
        OccupancyStatus::Medium => 221,
        OccupancyStatus::High => 209,
        OccupancyStatus::Full => 203,
        OccupancyStatus::Unknown => return cell.add_attribute(Attribute::Dim),
    };
    cell.fg(BLACK).bg(Color::AnsiValue(colour))
}

/// A line that explains the colours; empty if the screen has none.
#[must_use]
pub fn legend_of_colours(screen: Screen) -> String {
    if screen.colours == Colours::No {
        return String::new();
    }
    let status = |status: OccupancyStatus, taken: &str| {
        coloured(Cell::new(format!("{status} {taken}")), status)
    };
    let mut table = screen.table();
    table.add_row([
        status(OccupancyStatus::Empty, "0 %"),
        status(OccupancyStatus::Low, "up to 37 %"),
        status(OccupancyStatus::Medium, "up to 62 %"),
        status(OccupancyStatus::High, "above 62 %"),
        status(OccupancyStatus::Full, "100 % taken"),
    ]);
    format!("{}\n", table.trim_fmt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;

    fn signs(free: i16, total: i16, reservation_status: ReservationStatus) -> [String; 2] {
        let state = State { free, total, hut_type: HutType::Hut, reservation_status };
        [Form::Full, Form::Short].map(|form| sign(Some(state), form))
    }

    #[test]
    fn every_status_has_a_sign_of_its_own() {
        use ReservationStatus::{NotOnline, NotPossible, Possible, Unknown};
        assert_eq!(signs(12, 40, Possible), ["12/40", "12"]);
        assert_eq!(signs(0, 40, NotPossible), ["full", "0"]);
        assert_eq!(signs(12, 40, NotOnline), ["12/40*", "12*"]);
        assert_eq!(signs(0, 0, NotPossible), ["closed", "x"]);
        assert_eq!(signs(0, 0, Unknown), ["?", "?"]);
        assert_eq!(signs(0, 0, NotOnline), ["?*", "?*"]);
        assert_eq!(sign(None, Form::Full), "·");
    }
}
