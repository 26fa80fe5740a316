//! Folds lines that are longer than the screen at spaces, so that a terminal breaks none in the middle of a word. Pure.

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm, wrap};

/// Characters by which a continued line is indented more than the first one.
const INDENT: usize = 2;

/// A label before a value, such as `last check   …`, is at most this long.
const MAX_LABEL_LEN: usize = 24;

/// No line is folded to fewer characters.
const MIN_WIDTH: usize = 20;

/// The text with all lines at most `width` characters wide. A continued line is indented, under the value if the first
/// one begins with a label. A word that is longer than a line is broken.
#[must_use]
pub fn fold(text: &str, width: u16) -> String {
    let width = usize::from(width).max(MIN_WIDTH);
    if text.lines().all(|line| display_width(line) <= width) {
        return text.to_owned();
    }
    let lines = text.split('\n').map(|line| fold_line(line, width));
    lines.collect::<Vec<_>>().join("\n")
}

fn fold_line(line: &str, width: usize) -> String {
    if display_width(line) <= width {
        return line.to_owned();
    }
    let indent = " ".repeat(hanging_indent(line).min(width / 2));
    let options = Options::new(width)
        .subsequent_indent(&indent)
        .word_separator(WordSeparator::AsciiSpace)
        // `--database-url` stays whole.
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    wrap(line, options).join("\n")
}

/// How far a line is indented that continues this one.
fn hanging_indent(line: &str) -> usize {
    let own = line.len() - line.trim_start_matches(' ').len();
    let rest = &line[own..];
    // `label      value`: at least two spaces.
    let value = rest.find("  ").filter(|end| *end <= MAX_LABEL_LEN).map(|end| {
        let spaces = rest[end..].len() - rest[end..].trim_start_matches(' ').len();
        own + display_width(&rest[..end]) + spaces
    });
    value.unwrap_or(own + INDENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_at_spaces() {
        insta::assert_snapshot!(fold("short\n  an indented line that is too long for it\n\nbookings   hrs, hut 151, and then some more\nend", 24), @r"
        short
          an indented line that
            is too long for it

        bookings   hrs, hut 151,
                   and then some
                   more
        end
        ");
    }

    #[test]
    fn flags_and_words_stay_whole_unless_they_are_longer_than_a_line() {
        insta::assert_snapshot!(fold("give another one with --database-url", 26), @r"
        give another one with
          --database-url
        ");
        let url = format!("https://example.org/{}", "x".repeat(100));
        let folded = fold(&url, 40);
        assert!(folded.lines().all(|line| display_width(line) <= 40), "{folded}");
        assert_eq!(folded.replace("\n  ", ""), url);
    }

    #[test]
    fn colours_and_wide_characters_count_as_they_are_seen() {
        let coloured = format!("\x1b[31m{}\x1b[0m", "x".repeat(40));
        assert_eq!(fold(&coloured, 40), coloured);
        assert!(fold(&"山 ".repeat(30), 40).lines().all(|line| display_width(line) <= 40));
    }
}
