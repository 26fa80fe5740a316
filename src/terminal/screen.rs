//! The capabilities of stdout: colours and width.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use crate::runtime::console::print_text;
use crate::text::format::{Format, Printout};
use crate::text::visible::visible_lines;

/// Whether a view is coloured. Words or signs carry the same information as the colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    Yes,
    No,
}

/// The output of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    pub colours: Colours,
    /// Characters in a line of the terminal; none if the output is not a terminal, and lines have no limit.
    pub width: Option<u16>,
}

impl Screen {
    /// The output is a file or another program.
    pub const PLAIN: Self = Self { colours: Colours::No, width: None };

    /// The screen of stdout.
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

    /// An empty table without borders for this screen.
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

    /// A table with these headings; the columns at the indices `number_columns` are right-aligned.
    #[must_use]
    pub fn table_of(self, columns: &[&str], number_columns: &[usize]) -> Table {
        let mut table = self.table();
        table.set_header(columns.iter().map(Cell::new));
        for column in number_columns {
            let column = table.column_mut(*column).expect("a column of the header");
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }
}

/// Whether a terminal gets colours: yes, unless `NO_COLOR` has a value (<https://no-color.org>) or `TERM` is
/// `dumb`.
fn colours(no_color: Option<&OsStr>, term: Option<&OsStr>) -> Colours {
    let is_disabled = no_color.is_some_and(|value| !value.is_empty());
    let is_dumb = term.is_some_and(|term| term == "dumb");
    if is_disabled || is_dumb { Colours::No } else { Colours::Yes }
}

/// Prints a command's output to stdout. A program gets CSV unchanged; on a terminal, its control characters
/// are made visible.
pub fn print(output: &impl Printout, format: Format) -> io::Result<()> {
    let text = output.in_format(format);
    let is_raw = format == Format::Csv && io::stdout().is_terminal();
    print_text(&if is_raw { visible_lines(&text) } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_disabled_by_no_color_and_by_a_dumb_terminal() {
        let with_env = |no_color: Option<&str>, term: Option<&str>| {
            colours(no_color.map(OsStr::new), term.map(OsStr::new))
        };
        assert_eq!(with_env(None, None), Colours::Yes);
        assert_eq!(with_env(None, Some("xterm-256color")), Colours::Yes);
        assert_eq!(
            with_env(Some(""), Some("xterm")),
            Colours::Yes,
            "an empty value counts as unset"
        );
        assert_eq!(with_env(Some("1"), Some("xterm")), Colours::No);
        assert_eq!(with_env(Some("0"), None), Colours::No, "any other value disables colours");
        assert_eq!(with_env(None, Some("dumb")), Colours::No);
    }
}
