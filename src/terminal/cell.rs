//! Renders the state of a date as a few characters and a colour.

use chrono::NaiveDate;
use comfy_table::{Attribute, Cell, CellAlignment, Color};

use super::screen::{Colours, Screen};
use crate::domain::state::{ReservationStatus, State};
use crate::query::freshness::{AgeLimits, Freshness};
use crate::query::night::{Night, NightStatus};
use crate::text::humanize::{age, short_age};

/// What marks the name of a hut that readers over HTTP do not see.
#[must_use]
pub fn not_public(is_public: bool) -> &'static str {
    if is_public { "" } else { " (not public)" }
}

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
        Form::Full => {
            "free/all places; * not bookable online; ask: bookable, number not published; ? not known; \
             † no longer listed; · nothing stored"
        }
        Form::Short => {
            "free places; x closed; * not bookable online; ask: bookable, number not published; ? not known; \
             † no longer listed; · nothing stored"
        }
    }
}

/// The sign of a night; `·` if no state is stored.
#[must_use]
pub fn sign(night: Option<&Night>, form: Form) -> String {
    let Some(night) = night else { return "·".into() };
    let State { free, total, reservation_status, .. } = night.state;
    let mark = match reservation_status {
        _ if night.is_withdrawn => "†",
        ReservationStatus::NotOnline => "*",
        _ => "",
    };
    let sign = match (free, total, form) {
        (.., Form::Full) if night.state.is_closed() => "closed".into(),
        (.., Form::Short) if night.state.is_closed() => "x".into(),
        _ if night.must_ask() => "ask".into(),
        (_, Some(0), _) | (None, None, _) | (None, _, Form::Short) => "?".into(),
        (None, Some(total), Form::Full) => format!("?/{total}"),
        (Some(0), _, Form::Full) => "full".into(),
        (Some(free), Some(total), Form::Full) => format!("{free}/{total}"),
        (Some(free), None, Form::Full) => format!("{free}/?"),
        (Some(free), _, Form::Short) => free.to_string(),
    };
    sign + mark
}

/// The age of the oldest figure of a row, with its mark; empty if the row has no figure.
#[must_use]
pub fn checked(days: &[(NaiveDate, Night)], limits: &AgeLimits, form: Form) -> String {
    // A wrong instant hides how old the others are, so it is shown first.
    let freshness = |(date, night): &(NaiveDate, Night)| limits.of_night(*date, night);
    if days.iter().any(|day| freshness(day) == Freshness::Future) {
        return match form {
            Form::Full => "in the future, wrong clock".into(),
            Form::Short => "future".into(),
        };
    }
    let Some(oldest) = days.iter().map(|(_, night)| night.last_checked).min() else {
        return String::new();
    };
    let age = match form {
        Form::Full => age(oldest, limits.now),
        Form::Short => short_age(oldest, limits.now),
    };
    match days.iter().find_map(|day| freshness(day).mark()) {
        Some(mark) => format!("{age}, {mark}"),
        None => age,
    }
}

/// A table cell with the sign of a night, coloured by its status.
#[must_use]
pub fn cell(night: Option<&Night>, form: Form) -> Cell {
    let cell = Cell::new(sign(night, form)).set_alignment(CellAlignment::Right);
    match night {
        Some(night) => coloured(cell, night.status()),
        None => cell,
    }
}

/// Colours a cell by status, from green to red. The text is dark on a light background, so that every
/// status has the same contrast.
#[must_use]
pub fn coloured(cell: Cell, status: NightStatus) -> Cell {
    const BLACK: Color = Color::AnsiValue(16);
    let colour = match status {
        NightStatus::Empty => 41,
        NightStatus::Low => 150,
        NightStatus::Medium => 221,
        NightStatus::High => 209,
        NightStatus::Full => 203,
        // Places may be free, so the cell must not be inconspicuous.
        NightStatus::FreeUnknown => return cell,
        NightStatus::Closed | NightStatus::Withdrawn | NightStatus::Unknown => {
            return cell.add_attribute(Attribute::Dim);
        }
    };
    cell.fg(BLACK).bg(Color::AnsiValue(colour))
}

/// A line that explains the colours; empty if the screen has none.
#[must_use]
pub fn legend_of_colours(screen: Screen) -> String {
    if screen.colours == Colours::No {
        return String::new();
    }
    let status =
        |status: NightStatus, taken: &str| coloured(Cell::new(format!("{status} {taken}")), status);
    let mut table = screen.table();
    table.add_row([
        status(NightStatus::Empty, "0 %"),
        status(NightStatus::Low, "up to 37 %"),
        status(NightStatus::Medium, "up to 62 %"),
        status(NightStatus::High, "above 62 %"),
        status(NightStatus::Full, "100 % taken"),
    ]);
    format!("{}\n", table.trim_fmt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::sample::{date, limits, night, now, state};
    use chrono::TimeDelta;

    fn signs(
        free: impl Into<Option<i16>>,
        total: impl Into<Option<i16>>,
        reservation_status: ReservationStatus,
    ) -> [String; 2] {
        let state = State { reservation_status, ..state(free, total) };
        [Form::Full, Form::Short].map(|form| sign(Some(&night(state)), form))
    }

    #[test]
    fn every_status_has_a_sign_of_its_own() {
        use ReservationStatus::{NotOnline, NotPossible, Possible, Unknown};
        assert_eq!(signs(12, 40, Possible), ["12/40", "12"]);
        assert_eq!(signs(0, 40, NotPossible), ["full", "0"]);
        assert_eq!(signs(12, 40, NotOnline), ["12/40*", "12*"]);
        assert_eq!(signs(0, 0, NotPossible), ["closed", "x"]);
        assert_eq!(signs(5, 9, NotPossible), ["closed", "x"]);
        assert_eq!(signs(0, 0, Unknown), ["?", "?"]);
        assert_eq!(signs(0, 0, NotOnline), ["?*", "?*"]);
        assert_eq!(signs(None, 40, Possible), ["ask", "ask"]);
        assert_eq!(signs(None, None, Possible), ["ask", "ask"]);
        assert_eq!(signs(None, 40, Unknown), ["?/40", "?"]);
        assert_eq!(signs(None, None, NotOnline), ["?*", "?*"]);
        assert_eq!(signs(3, None, Possible), ["3/?", "3"]);
        assert_eq!(signs(0, None, NotPossible), ["full", "0"]);
        assert_eq!(sign(None, Form::Full), "·");
    }

    #[test]
    fn a_withdrawn_night_is_marked() {
        let withdrawn = |state| Night { is_withdrawn: true, ..night(state) };
        let signs =
            |state| [Form::Full, Form::Short].map(|form| sign(Some(&withdrawn(state)), form));
        assert_eq!(signs(state(12, 40)), ["12/40†", "12†"]);
        assert_eq!(signs(state(0, 0)), ["closed†", "x†"]);
        let possible = State { reservation_status: ReservationStatus::Possible, ..state(1, 40) };
        assert_eq!(signs(State { free: None, ..possible }), ["?/40†", "?†"], "nobody can ask");
    }

    #[test]
    fn the_oldest_figure_of_a_row_gives_its_age() {
        let row = |hours: &[i64]| {
            let night = |hours| Night {
                last_checked: now() - TimeDelta::hours(hours),
                ..night(state(1, 2))
            };
            let days: Vec<_> =
                hours.iter().map(|&hours| (date("2026-07-01"), night(hours))).collect();
            [Form::Full, Form::Short].map(|form| checked(&days, &limits(), form))
        };
        assert_eq!(row(&[1, 2]), ["2 hours ago", "2 h"]);
        assert_eq!(row(&[1, 72]), ["3 days ago, old", "3 d, old"]);
        assert_eq!(row(&[72, -72]), ["in the future, wrong clock", "future"]);
        assert_eq!(row(&[]), ["", ""]);
    }
}
