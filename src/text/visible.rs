//! Text from elsewhere that must not drive a terminal.

/// The text on one line, with whatever a terminal would obey or hide (escape sequences, line ends,
/// marks that turn the direction of writing) as its code: `\u{1b}`.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().map(visible_char).collect()
}

/// Several lines, such as a CSV file, likewise.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    text.lines().map(|line| visible(line) + "\n").collect()
}

/// Whether a character is seen, and nothing else: neither obeyed nor hidden.
#[must_use]
pub fn is_seen(c: char) -> bool {
    // Rust knows which characters those are. It escapes quotes too, and accents that stand alone.
    matches!(c, '\'' | '"' | '\\') || format!("a{c}").escape_debug().nth(1) != Some('\\')
}

fn visible_char(c: char) -> String {
    match c {
        c if is_seen(c) => c.into(),
        // Spaces of every width are spaces.
        c if c.is_whitespace() && !c.is_control() => " ".into(),
        c => c.escape_debug().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_its_code() {
        assert_eq!(visible("\x1b[31mred\x1b[0m"), r"\u{1b}[31mred\u{1b}[0m");
        assert_eq!(visible("\u{9b}31m"), r"\u{9b}31m", "the escape in one character");
        assert_eq!(visible("one\ntwo\tthree\r\x07\x08"), r"one\ntwo\tthree\r\u{7}\u{8}");
        assert_eq!(visible("\u{202e}etteuh\u{2066}"), r"\u{202e}etteuh\u{2066}");
        assert_eq!(visible("a\u{200b}b\u{feff}"), r"a\u{200b}b\u{feff}", "what is not seen");
        assert_eq!(visible("a\u{2028}b\u{a0}c"), "a b c");
    }

    #[test]
    fn names_stay_as_they_are() {
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
    fn lines_stay_lines() {
        assert_eq!(visible_lines("a,\x1b[2J\nb\n"), "a,\\u{1b}[2J\nb\n");
    }
}
