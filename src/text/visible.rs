//! Escapes text from other sources, so that it cannot control a terminal.

/// The text on one line. Characters that a terminal would execute or hide (escape sequences, line ends, marks
/// that change the direction of text) are shown as their code: `\u{1b}`.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().map(visible_char).collect()
}

/// The same for several lines, such as a CSV file: the line ends stay.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    text.lines().map(|line| visible(line) + "\n").collect()
}

/// Whether a terminal only displays the character, and neither executes nor hides it.
#[must_use]
pub fn is_visible(c: char) -> bool {
    // `escape_debug` escapes exactly the other characters, and also quotes and accents that stand alone.
    matches!(c, '\'' | '"' | '\\') || format!("a{c}").escape_debug().nth(1) != Some('\\')
}

fn visible_char(c: char) -> String {
    match c {
        c if is_visible(c) => c.into(),
        // Spaces of every width become a plain space.
        c if c.is_whitespace() && !c.is_control() => " ".into(),
        c => c.escape_debug().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_control_a_terminal_are_shown_as_their_code() {
        assert_eq!(visible("\x1b[31mred\x1b[0m"), r"\u{1b}[31mred\u{1b}[0m");
        assert_eq!(visible("\u{9b}31m"), r"\u{9b}31m", "the one-character form of ESC [");
        assert_eq!(visible("one\ntwo\tthree\r\x07\x08"), r"one\ntwo\tthree\r\u{7}\u{8}");
        assert_eq!(visible("\u{202e}etteuh\u{2066}"), r"\u{202e}etteuh\u{2066}");
        assert_eq!(visible("a\u{200b}b\u{feff}"), r"a\u{200b}b\u{feff}", "zero-width characters");
        assert_eq!(visible("a\u{2028}b\u{a0}c"), "a b c");
    }

    #[test]
    fn names_do_not_change() {
        for name in [
            "Blüemlisalphütte SAC",
            "Blu\u{308}emli",
            "Cabane d’Essertze",
            "L'\"A\\B\"",
            "山小屋 🏔",
        ] {
            assert_eq!(visible(name), name);
        }
    }

    #[test]
    fn line_ends_do_not_change() {
        assert_eq!(visible_lines("a,\x1b[2J\nb\n"), "a,\\u{1b}[2J\nb\n");
    }
}
