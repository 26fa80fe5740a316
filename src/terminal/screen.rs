//! What stdout can show.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};

use comfy_table::{ContentArrangement, Table, presets};

use crate::runtime::console::print_text;
use crate::text::visible::visible_lines;

/// Whether a view is coloured. All that colours say is said by words or signs as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    Yes,
    No,
}

/// Where a view is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    pub colours: Colours,
    /// Characters in a line of the terminal; none where there is no terminal, and no limit.
    pub width: Option<u16>,
}

impl Screen {
    /// A file, or another program.
    pub const PLAIN: Self = Self { colours: Colours::No, width: None };

    /// The screen behind stdout.
    #[must_use]
    pub fn of_stdout() -> Self {
        if !io::stdout().is_terminal() {
            return Self::PLAIN;
        }
        let variable = |name| std::env::var_os(name);
        Self {
            colours: colours(variable("NO_COLOR").as_deref(), variable("TERM").as_deref()),
            width: Table::new().width(),
        }
    }

    /// A table without lines, which is shown here.
    #[must_use]
    pub fn table(self) -> Table {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled)
            .force_no_tty();
        if self.colours == Colours::Yes {
            table.enforce_styling();
        }
        table
    }
}

/// On a terminal: unless `NO_COLOR` has a value (<https://no-color.org>), or the terminal has none.
fn colours(no_color: Option<&OsStr>, term: Option<&OsStr>) -> Colours {
    let is_unwanted = no_color.is_some_and(|value| !value.is_empty());
    let is_dumb = term.is_some_and(|term| term == "dumb");
    if is_unwanted || is_dumb { Colours::No } else { Colours::Yes }
}

/// Prints CSV on stdout: to a program as it is, to a person with what a terminal would obey made
/// visible.
pub fn print_csv(text: &str) -> io::Result<()> {
    if io::stdout().is_terminal() { print_text(&visible_lines(text)) } else { print_text(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_can_be_declined() {
        let with = |no_color: Option<&str>, term: Option<&str>| {
            colours(no_color.map(OsStr::new), term.map(OsStr::new))
        };
        assert_eq!(with(None, None), Colours::Yes);
        assert_eq!(with(None, Some("xterm-256color")), Colours::Yes);
        assert_eq!(with(Some(""), Some("xterm")), Colours::Yes, "an empty value says nothing");
        assert_eq!(with(Some("1"), Some("xterm")), Colours::No);
        assert_eq!(with(Some("0"), None), Colours::No, "any value does");
        assert_eq!(with(None, Some("dumb")), Colours::No);
    }
}
