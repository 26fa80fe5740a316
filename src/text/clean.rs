//! Cleans text from other sources, such as booking sites, so that it fits on one line.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Removes line breaks and control characters, which terminals and PostgreSQL do not handle well, and cuts
/// the text after `max_len` characters.
#[must_use]
pub fn one_line(text: &str, max_len: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(max_len) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Puts a text on one line, in Unicode normalization form NFC, so that the same name compares equal whichever
/// system it was typed on.
#[must_use]
pub fn tidy(text: &str) -> String {
    let line = one_line(text, usize::MAX);
    ComposingNormalizerBorrowed::new_nfc().normalize(&line).into_owned()
}
