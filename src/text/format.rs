//! The output formats of the programs.

use clap::ValueEnum;

/// A format of a command's output on stdout. Each command offers some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines for people
    Text,
    /// Rows for people
    Table,
    Csv,
    Json,
}

/// A command's output, in the formats that the command offers. A new format is a variant of [`Format`] and a
/// method here.
pub trait Printout {
    /// Lines or a table for people.
    fn text(&self) -> String;

    /// One JSON value, with a line break at its end.
    fn json(&self) -> String;

    /// CSV with a header.
    fn csv(&self) -> String {
        unreachable!("the command line offers csv only for commands that have it")
    }

    /// The output in one format.
    fn in_format(&self, format: Format) -> String {
        match format {
            Format::Text | Format::Table => self.text(),
            Format::Csv => self.csv(),
            Format::Json => self.json(),
        }
    }
}

/// The format of the messages on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}
