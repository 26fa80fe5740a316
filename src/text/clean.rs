//! Text from elsewhere, made fit for one line.

use icu_normalizer::ComposingNormalizerBorrowed;

/// A text of others' making without line breaks and control characters, which neither a terminal nor
/// PostgreSQL takes well, cut off after so many characters.
#[must_use]
pub fn one_line(text: &str, longest: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A text on one line, its accents as keyboards write them (NFC), so that it is equal to itself
/// whichever system typed it.
#[must_use]
pub fn tidy(text: &str) -> String {
    let line = one_line(text, usize::MAX);
    ComposingNormalizerBorrowed::new_nfc().normalize(&line).into_owned()
}
