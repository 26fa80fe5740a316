//! The capabilities of stdout: colours and width.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets,
};

use crate::runtime::console::width_of;

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
        Self { colours: colours_of_environment(), width: width_of(&io::stdout()) }
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

    /// The screen of stdout, for a view that has no colours.
    #[must_use]
    pub fn of_stdout_without_colours() -> Self {
        Self { colours: Colours::No, ..Self::of_stdout() }
    }

    /// The table as text. On a screen that is too narrow for it, columns are left out and texts are shortened.
    #[must_use]
    pub fn fit(self, mut table: Table, narrowing: &Narrowing) -> String {
        let Some(screen_width) = self.width.map(usize::from) else { return table.trim_fmt() };
        let widths: Vec<usize> =
            table.column_max_content_widths().into_iter().map(usize::from).collect();
        let plan = narrowing.plan(&widths, screen_width);
        for (number, (before, after)) in widths.iter().zip(&plan).enumerate() {
            let constraint = match after {
                None => ColumnConstraint::Hidden,
                Some(after) if after < before => {
                    let padded = u16::try_from(after + PADDING).unwrap_or(u16::MAX);
                    ColumnConstraint::UpperBoundary(Width::Fixed(padded))
                }
                Some(_) => continue,
            };
            if let Some(column) = table.column_mut(number) {
                column.set_constraint(constraint);
            }
        }
        table.set_truncation_indicator("…");
        for row in table.row_iter_mut() {
            row.max_height(1);
        }
        table.trim_fmt()
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

/// Characters of the padding of a cell, on both sides.
const PADDING: usize = 2;

/// A text is not shortened to fewer characters than this, as long as columns can be left out.
const MIN_TEXT_LEN: usize = 12;

/// How a table is made to fit a narrow screen, by the indices of its columns.
#[derive(Clone, Copy, Debug)]
pub struct Narrowing {
    /// The columns that are left out, the first one first.
    pub drop: &'static [usize],
    /// The columns whose texts are shortened, the longest first.
    pub shorten: &'static [usize],
}

impl Narrowing {
    /// The width of each column, and none for one that is left out.
    fn plan(&self, widths: &[usize], screen: usize) -> Vec<Option<usize>> {
        let mut plan: Vec<Option<usize>> = widths.iter().copied().map(Some).collect();
        let total = |plan: &[Option<usize>], at_least: Option<usize>| -> usize {
            let shown = plan.iter().enumerate().filter_map(|(number, width)| {
                let width = (*width)?;
                let is_short = self.shorten.contains(&number);
                Some(PADDING + at_least.filter(|_| is_short).map_or(width, |min| width.min(min)))
            });
            shown.sum::<usize>().saturating_sub(1)
        };
        if total(&plan, None) <= screen {
            return plan;
        }
        for column in self.drop {
            if total(&plan, Some(MIN_TEXT_LEN)) <= screen {
                break;
            }
            plan[*column] = None;
        }
        while total(&plan, None) > screen {
            let widest = self.shorten.iter().max_by_key(|column| plan[**column]);
            match widest.and_then(|column| plan[*column].as_mut()) {
                Some(width) if *width > 1 => *width -= 1,
                _ => break,
            }
        }
        plan
    }
}

/// Whether a terminal gets colours, by the environment.
#[must_use]
pub fn colours_of_environment() -> Colours {
    let variable = |name| std::env::var_os(name);
    colours(variable("NO_COLOR").as_deref(), variable("TERM").as_deref())
}

/// Whether a terminal gets colours: yes, unless `NO_COLOR` has a value (<https://no-color.org>) or `TERM` is
/// `dumb`.
fn colours(no_color: Option<&OsStr>, term: Option<&OsStr>) -> Colours {
    let is_disabled = no_color.is_some_and(|value| !value.is_empty());
    let is_dumb = term.is_some_and(|term| term == "dumb");
    if is_disabled || is_dumb { Colours::No } else { Colours::Yes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_screen_has_fewer_columns_and_shorter_texts() {
        let narrowing = Narrowing { drop: &[3, 2], shorten: &[0, 1] };
        let plan = |widths: [usize; 4], screen| narrowing.plan(&widths, screen);
        assert_eq!(plan([20, 30, 5, 5], 67), [Some(20), Some(30), Some(5), Some(5)]);
        assert_eq!(plan([20, 30, 5, 5], 66), [Some(20), Some(29), Some(5), Some(5)]);
        assert_eq!(plan([20, 30, 5, 5], 40), [Some(15), Some(15), Some(5), None]);
        assert_eq!(plan([20, 8, 5, 5], 26), [Some(15), Some(8), None, None]);
        assert_eq!(plan([20, 30, 5, 5], 10), [Some(4), Some(3), None, None]);
    }

    #[test]
    fn a_shortened_text_says_so() {
        let screen = Screen { colours: Colours::No, width: Some(30) };
        let mut table = screen.table_of(&["HUT", "FREE"], &[1]);
        table.add_row(["Blüemlisalphütte-auf-dem-Hohtürli", "12"]);
        table.add_row(["Schutzhaus Schöne Aussicht Bella Vista", "3"]);
        let text = screen.fit(table, &Narrowing { drop: &[], shorten: &[0] });
        insta::assert_snapshot!(text, @r"
         HUT                      FREE
         Blüemlisalphütte-auf-d…    12
         Schutzhaus Schöne…          3
        ");
    }

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
